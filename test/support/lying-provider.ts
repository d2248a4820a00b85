import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

/** What a provider answers. Without a status, 200; an object is sent as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Never answer, or break the connection off. */
  readonly instead?: "silence" | "break";
}

/** A key pair with the name that the key set gives it. */
export interface NamedKey {
  readonly kid: string;
  readonly algorithm: "RS256" | "ES256";
  readonly privateKey: KeyObject;
  readonly publicJwk: JsonWebKey;
}

/** Where a provider departs from the truth. Each part gets what an honest provider would say. */
export interface Lie {
  readonly metadata?: (document: Json) => Answer | Json;
  readonly keys?: (keys: readonly Json[]) => Answer;
  /** Changes the URL that the browser is sent back to. */
  readonly response?: (url: URL) => void;
  readonly header?: (header: Json) => Json;
  readonly claims?: (claims: Json) => Json;
  /** The ID token instead of the honest one, which it gets. */
  readonly idToken?: (honest: string) => string;
  readonly signWith?: NamedKey;
  readonly token?: (honest: Json) => Answer;
  readonly userinfo?: (honest: Json) => Answer;
}

/** A provider that tells the truth until it is given a lie. */
export interface LyingProvider {
  readonly issuer: string;
  lie: Lie;
  /** Claims of the person, beside those that the protocol asks for. */
  person: Json;
  /** Seconds since the epoch. */
  now: () => number;
  /** Keys that it has; it signs with the first. */
  keys: readonly NamedKey[];
  /** Paths that were asked, in order. */
  readonly asked: string[];
  /** The Authorization headers and bodies of token requests. */
  readonly tokenRequests: { readonly authorization: string | undefined; readonly body: URLSearchParams }[];
  close(): Promise<void>;
}

/** A new key pair. */
export function createKey(kid: string, algorithm: NamedKey["algorithm"] = "RS256", bits = 2048): NamedKey {
  const { privateKey, publicKey } =
    algorithm === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: bits });
  return { kid, algorithm, privateKey, publicJwk: publicKey.export({ format: "jwk" }) };
}

/** Signs a token. `alg` of the header says nothing about how it is done: the key does. */
export function signToken(header: Json, claims: unknown, key: NamedKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signer =
    key.algorithm === "ES256" ? { key: key.privateKey, dsaEncoding: "ieee-p1363" as const } : key.privateKey;
  return `${input}.${sign("sha256", Buffer.from(input), signer).toString("base64url")}`;
}

/** One part of a token. */
export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** `at_hash` for RS256 and ES256 (OpenID Connect Core 1.0, section 3.1.3.6). */
export function hashAccessToken(token: string): string {
  return createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");
}

const SHARED_KEY = createKey("first");

/** Starts a provider on a loopback port. */
export async function startLyingProvider(): Promise<LyingProvider> {
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** Code → nonce and client of the sign-in. */
  const codes = new Map<string, { readonly nonce: string; readonly clientId: string }>();
  const provider: LyingProvider = {
    issuer,
    lie: {},
    person: { sub: "ada", email: "ada@example.com", email_verified: true, name: "Ada" },
    now: () => Math.floor(Date.now() / 1000),
    keys: [SHARED_KEY],
    asked: [],
    tokenRequests: [],
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", issuer);
    provider.asked.push(url.pathname);
    const body = new URLSearchParams(await readBody(request));
    write(response, answer(url, request, body));
  }

  function answer(url: URL, request: IncomingMessage, body: URLSearchParams): Answer {
    const { lie } = provider;
    switch (url.pathname) {
      case "/.well-known/openid-configuration": {
        const told = lie.metadata?.(metadata()) ?? metadata();
        return isAnswer(told) ? told : { body: told };
      }
      case "/keys": {
        const keys = provider.keys.map(({ kid, algorithm, publicJwk }) => ({
          ...publicJwk,
          kid,
          alg: algorithm,
          use: "sig",
        }));
        return lie.keys?.(keys) ?? { body: { keys } };
      }
      case "/authorize":
        return { status: 302, headers: { location: authorize(url) } };
      case "/token":
        provider.tokenRequests.push({ authorization: request.headers.authorization, body });
        return token(body);
      case "/userinfo":
        return lie.userinfo?.(provider.person) ?? { body: provider.person };
      default:
        return { status: 404 };
    }
  }

  function metadata(): Json {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic"],
      authorization_response_iss_parameter_supported: true,
    };
  }

  function authorize(url: URL): string {
    const { searchParams } = url;
    const code = `code-${codes.size}`;
    codes.set(code, { nonce: searchParams.get("nonce") ?? "", clientId: searchParams.get("client_id") ?? "" });
    const back = new URL(searchParams.get("redirect_uri") ?? "");
    back.searchParams.set("code", code);
    back.searchParams.set("state", searchParams.get("state") ?? "");
    back.searchParams.set("iss", issuer);
    provider.lie.response?.(back);
    return back.href;
  }

  function token(body: URLSearchParams): Answer {
    const { lie } = provider;
    const { nonce, clientId } = codes.get(body.get("code") ?? "") ?? { nonce: "", clientId: "" };
    const now = provider.now();
    const honestClaims = { iss: issuer, aud: clientId, exp: now + 300, iat: now, nonce, ...provider.person };
    const claims = lie.claims?.(honestClaims) ?? honestClaims;
    const key = lie.signWith ?? (provider.keys[0] as NamedKey);
    const honestHeader = { alg: key.algorithm, kid: key.kid, typ: "JWT" };
    const honestToken = signToken(lie.header?.(honestHeader) ?? honestHeader, claims, key);
    const idToken = lie.idToken?.(honestToken) ?? honestToken;
    const honest = { access_token: "opaque-value", token_type: "Bearer", expires_in: 300, id_token: idToken };
    return lie.token?.(honest) ?? { body: honest };
  }

  return provider;
}

function isAnswer(told: Answer | Json): told is Answer {
  return "status" in told || "body" in told || "instead" in told;
}

function write(response: ServerResponse, { status = 200, headers, body, instead }: Answer): void {
  if (instead === "break") response.destroy();
  if (instead !== undefined) return;
  const isText = typeof body === "string";
  response.writeHead(status, { ...(!isText && { "content-type": "application/json" }), ...headers });
  response.end(body === undefined || isText ? body : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
