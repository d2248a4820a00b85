import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { allowInsecureRequests, discovery } from "openid-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer } from "../../src/http/server.ts";
import { createLog } from "../../src/lib/log.ts";
import { StorageUnavailableError } from "../../src/storage/storage.ts";
import { createWellKnownDoor } from "../../src/well-known/door.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const METADATA = "/.well-known/openid-configuration";
const JWKS = "/.well-known/jwks.json";
const ORIGIN = "https://app.elsewhere.example";

describe.each(ENGINES)("what others need to verify ID tokens, on %s", (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const get = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init);

  it("is a discovery document that names the issuer and its keys", async () => {
    const response = await get(METADATA);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("public, max-age=3600");
    expect(await response.json()).toEqual({
      issuer: server.url,
      jwks_uri: `${server.url}${JWKS}`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
      scopes_supported: ["openid"],
      claims_supported: [
        ...["iss", "sub", "aud", "iat", "exp", "jti"],
        ...["organization_id", "user_id", "account_id", "email", "email_verified", "name"],
      ],
    });
  });

  it("has every claim in the documentation", async () => {
    const page = readFileSync(new URL("../../docs/id-tokens.md", import.meta.url), "utf8");
    const documented = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = ""]) =>
      cell.replaceAll("`", "").split(", "),
    );
    const { claims_supported: claims } = (await (await get(METADATA)).json()) as { claims_supported: string[] };
    expect(documented.sort()).toEqual(claims.sort());
  });

  it("is accepted by a certified client's discovery", async () => {
    const options = { execute: [allowInsecureRequests] };
    const found = await discovery(new URL(server.url), "client", undefined, undefined, options);
    expect(found.serverMetadata()).toMatchObject({ issuer: server.url, jwks_uri: `${server.url}${JWKS}` });
  });

  it("is a set of public keys, and of nothing that is private", async () => {
    const response = await get(JWKS);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("public, max-age=900");
    const { keys, ...others } = (await response.json()) as { keys: object[] };
    expect(others).toEqual({});
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "crv", "kid", "kty", "use", "x", "y"]]);
  });

  it.each([METADATA, JWKS])("%s is open to pages of every origin, without credentials", async (path) => {
    const response = await get(path, { headers: { origin: ORIGIN } });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();

    const preflight = await get(path, {
      method: "OPTIONS",
      headers: { origin: ORIGIN, "access-control-request-method": "GET", "access-control-request-headers": "x-mine" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, HEAD");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("*");
    expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
  });

  it.each([METADATA, JWKS])("%s answers to GET and HEAD alone", async (path) => {
    const head = await get(path, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(100);
    expect(await head.text()).toBe("");
    const post = await get(path, { method: "POST", body: "{}" });
    expect(post.status).toBe(405);
    expect(post.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    expect(post.headers.get("cache-control")).toBeNull();
  });

  it("answers all of many who ask at once", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(JWKS).then((response) => response.text())));
    expect(new Set(answers).size).toBe(1);
  });

  it("serves nothing else there", async () => {
    for (const path of [
      "/.well-known/",
      "/.well-known/jwks",
      `${METADATA}/`,
      "/.well-known/oauth-authorization-server",
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

describe("behind a path of a proxy", () => {
  it("names the URLs of outside", async () => {
    const server = await startTestServer("sqlite", { env: { PUBLIC_URL: "https://intranet.example.com/sso/" } });
    const metadata = await (await fetch(`${server.url}${METADATA}`)).json();
    expect(metadata).toMatchObject({
      issuer: "https://intranet.example.com/sso",
      jwks_uri: `https://intranet.example.com/sso${JWKS}`,
    });
    await server.close();
  });
});

describe("without the database", () => {
  it("the keys are unavailable, and nobody keeps that; the discovery document stays", async () => {
    const listPublic = () => Promise.reject(new StorageUnavailableError("the database does not answer"));
    const door = createWellKnownDoor({ signingKeys: { listPublic } as never }, "https://sso.example.com");
    const log = createLog("silent");
    const { handler } = createServer({ doors: [door], log, requestIds: () => "id", trustProxy: 0 });
    const listener = createHttpServer(handler);
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const response = await fetch(`${url}${JWKS}`);
    expect(response.status).toBe(503);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect((await fetch(`${url}${METADATA}`)).status).toBe(200);
    listener.closeAllConnections();
    listener.close();
  });
});
