import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";

/**
 * A service of somebody else, who has never seen this project: it knows `jose`, the URL of the discovery document, and its
 * own name. `GET /` with a bearer token answers 200 with the token's claims, or 401 with what is wrong with it.
 */
export interface VerifyingService {
  readonly url: string;
  close(): Promise<void>;
}

/** How the service gets the keys: with jose's own cache, or with one that keeps an answer for as long as it may. */
export type KeySource = "jose" | "http cache";

/** What it reads of the discovery document (OpenID Connect Discovery 1.0, section 3). */
interface Metadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly id_token_signing_alg_values_supported: string[];
}

/** Starts it on a free port. */
export async function startVerifyingService(
  discoveryUrl: string,
  audience: string,
  source: KeySource = "jose",
): Promise<VerifyingService> {
  const metadata = (await (await fetch(discoveryUrl)).json()) as Metadata;
  const { issuer, jwks_uri: jwksUri, id_token_signing_alg_values_supported: algorithms } = metadata;
  const keys = source === "jose" ? createRemoteJWKSet(new URL(jwksUri)) : cachedKeys(jwksUri);

  const server = createServer(async (request, response) => {
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms });
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(payload));
    } catch (error) {
      const { code, claim } = error as errors.JWTClaimValidationFailed;
      response.writeHead(401, { "content-type": "application/json" }).end(JSON.stringify({ code, claim }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Asks again when the answer is too old, and for no other reason: not for a key that it does not know. */
function cachedKeys(url: string): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey;
  let until = 0;
  return async (header, token) => {
    if (Date.now() >= until) {
      const response = await fetch(url);
      const maxAge = /\bmax-age=(\d+)/.exec(response.headers.get("cache-control") ?? "")?.[1];
      until = Date.now() + Number(maxAge) * 1000;
      keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
    }
    return keys(header, token);
  };
}
