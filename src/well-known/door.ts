import type { Domain } from "../domain/domain.ts";
import { PUBLISHED_MAX_AGE, type PublicKey } from "../domain/signing-keys.ts";
import { answerEmpty, answerJson, refuseMethod } from "../http/answers.ts";
import type { NodeRequest, NodeResponse } from "../http/node-http.ts";
import { requestRecord } from "../http/record.ts";
import type { Door } from "../http/server.ts";
import { StorageUnavailableError } from "../storage/storage.ts";
import { discoveryDocument, JWKS_PATH, METADATA_PATH } from "./discovery.ts";

/** How long the discovery document may be kept, in seconds. It changes with a new version or another public URL. */
const METADATA_MAX_AGE = 60 * 60;

/**
 * What others need to verify ID tokens: `/.well-known/openid-configuration` and the keys that it points to. Public, for
 * programs and for the pages of any origin.
 */
export function createWellKnownDoor({ signingKeys }: Pick<Domain, "signingKeys">, publicUrl: string): Door {
  const metadata = discoveryDocument(publicUrl);
  let reading: Promise<readonly PublicKey[]> | undefined;

  /** However many ask, the database is asked once at a time. */
  function readKeys(): Promise<readonly PublicKey[]> {
    reading ??= signingKeys.listPublic().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function answerKeys(res: NodeResponse): Promise<void> {
    try {
      const keys = await readKeys();
      answerPublic(res, PUBLISHED_MAX_AGE, { keys });
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
      res.setHeader("cache-control", "no-store");
      answerJson(res, 503, { code: "unavailable", message: "the keys cannot be read just now: try again" });
    }
  }

  return {
    name: "well-known",
    match: (path) => path === METADATA_PATH || path === JWKS_PATH,
    handle(req, res) {
      allowAnyOrigin(res);
      if (isPreflight(req)) return answerPreflight(res);
      if (refuseMethod(req, res)) return;
      if (requestRecord(req).path === JWKS_PATH) return answerKeys(res);
      answerPublic(res, METADATA_MAX_AGE, metadata);
    },
  };
}

function answerPublic(res: NodeResponse, maxAge: number, body: object): void {
  res.setHeader("cache-control", `public, max-age=${maxAge}`);
  answerJson(res, 200, body);
}

/** Nothing here depends on who asks, so that every page may read it, without credentials (Fetch standard, "CORS protocol"). */
function allowAnyOrigin(res: NodeResponse): void {
  res.setHeader("access-control-allow-origin", "*");
  res.setHeader("cross-origin-resource-policy", "cross-origin");
}

function isPreflight(req: NodeRequest): boolean {
  return req.method === "OPTIONS" && req.headers["access-control-request-method"] !== undefined;
}

function answerPreflight(res: NodeResponse): void {
  res.setHeader("access-control-allow-methods", "GET, HEAD");
  res.setHeader("access-control-allow-headers", "*");
  res.setHeader("access-control-max-age", "7200");
  answerEmpty(res, 204);
}
