import { FetchRefusedError, type GuardedFetch } from "../../lib/guarded-fetch.ts";
import { type Endpoint, SignInRefusal } from "./reasons.ts";

/** A JSON object, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A plain fetch through the guard, which sends nothing that tells of us and takes no answer from a cache. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * Fetches from an identity provider.
 * @throws SignInRefusal `<endpoint>_<problem>` when nothing comes back.
 */
export async function fetchFrom(fetch: GuardedFetch | Fetch, endpoint: Endpoint, url: string, init?: RequestInit) {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (!(error instanceof FetchRefusedError)) throw error;
    throw new SignInRefusal(`${endpoint}_${error.reason}`, `the ${NOUNS[endpoint]}: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * Fetches a JSON object with status 200.
 * @throws SignInRefusal `<endpoint>_<problem>`.
 */
export async function fetchJson(fetch: GuardedFetch, endpoint: Endpoint, url: string): Promise<JsonObject> {
  const response = await fetchFrom(fetch, endpoint, url, { headers: { accept: "application/json" } });
  if (response.status !== 200) {
    throw new SignInRefusal(`${endpoint}_status`, `the ${NOUNS[endpoint]} came with status ${response.status}`);
  }
  return readObject(endpoint, await response.text());
}

/** @throws SignInRefusal `<endpoint>_content`. */
export function readObject(endpoint: Endpoint, text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below, like a value that is no object.
  }
  throw new SignInRefusal(`${endpoint}_content`, `the ${NOUNS[endpoint]} is no JSON object`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NOUNS: Readonly<Record<Endpoint, string>> = {
  metadata: "metadata of the identity provider",
  keys: "key set of the identity provider",
  token: "answer of the token endpoint",
  userinfo: "answer of the userinfo endpoint",
};
