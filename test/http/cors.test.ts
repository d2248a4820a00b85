import { cors as connectCors } from "@connectrpc/connect";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createCors } from "../../src/http/cors.ts";
import { createServer, type Door } from "../../src/http/server.ts";
import { dialHttp2, fetchHttp1, fetchHttp2, listen } from "./sockets.ts";

/** A server with a door for pages of `origins` and one for none; counts what reaches the former. */
async function serve(...origins: string[]) {
  let handled = 0;
  const api: Door = {
    name: "api",
    cors: true,
    match: (path) => path === "/api",
    handle: (_req, res) => {
      handled += 1;
      res.end("answer");
    },
  };
  const pages: Door = { name: "pages", match: (path) => path === "/page", handle: (_req, res) => void res.end("page") };
  const log = pino({ level: "silent" });
  const server = createServer({
    doors: [api, pages],
    log,
    cors: createCors(origins),
    requestIds: () => "id",
    trustProxy: 0,
  });
  const { port } = await listen(server);
  return { port, handled: () => handled };
}

const origin = "https://console.example.com";
const preflight = {
  origin,
  "access-control-request-method": "POST",
  "access-control-request-headers": "content-type,authorization,x-stainless-lang,x-stainless-retry-count,x-unheard-of",
};

/** The names in a header that lists them, in lower case. */
function names(list: unknown): string[] {
  return String(list)
    .split(",")
    .map((name) => name.trim().toLowerCase());
}

describe("which origins may call", () => {
  it.each([
    [["*"], "https://anything.example", "*"],
    [["*"], "null", "*"],
    [[origin], origin, origin],
    [[origin], "https://console.example.com.evil.example", undefined],
    [[origin], "http://console.example.com", undefined],
    [[origin], "https://console.example.com:8443", undefined],
    [[origin], "null", undefined],
    [["HTTPS://Console.Example.com"], origin, origin],
    [["http://localhost:5173"], "http://localhost:5173", "http://localhost:5173"],
    [["http://[::1]:5173"], "http://[::1]:5173", "http://[::1]:5173"],
    [["https://*.example.com"], origin, origin],
    [["https://*.example.com"], "https://a.b.example.com", "https://a.b.example.com"],
    [["https://*.example.com"], "https://example.com", undefined],
    [["https://*.example.com"], "https://.example.com", undefined],
    [["https://*.example.com"], "https://evil.test/.example.com", undefined],
    [["https://*.example.com"], "https://evil.test#.example.com", undefined],
    [["https://*.example.com"], "https://evilexample.com", undefined],
    [["https://*.example.com"], "http://console.example.com", undefined],
    [["https://*.example.com"], "https://console.example.com:8443", undefined],
    [["https://*.example.com:8443"], "https://console.example.com:8443", "https://console.example.com:8443"],
    [["https://other.example", "https://*.example.com"], origin, origin],
    [[], origin, undefined],
  ])("%j lets %s see %s", async (origins, from, expected) => {
    const { port } = await serve(...origins);
    const { headers, status } = await fetchHttp1(port, "/api", { headers: { origin: from } });
    expect(status).toBe(200);
    expect(headers["access-control-allow-origin"]).toBe(expected);
    expect("access-control-expose-headers" in headers).toBe(expected !== undefined);
    expect(headers.vary).toBe("Origin");
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
    const asked = await fetchHttp1(port, "/api", { method: "OPTIONS", headers: { ...preflight, origin: from } });
    expect(asked.headers["access-control-allow-origin"]).toBe(expected);
    expect(asked.status).toBe(expected === undefined ? 403 : 204);
  });

  it.each([
    "example.com",
    "https://example.com/",
    "https://",
    "*.example.com",
    "https://a.*.com",
    "ftp://a.example",
    "",
  ])("cannot be configured as %j", (entry) => {
    expect(() => createCors([entry])).toThrow(`"${entry}" is not an origin`);
  });
});

describe("a preflight request", () => {
  it("is answered without the door, for all headers of the protocols and of the clients", async () => {
    const { port, handled } = await serve(origin);
    const { status, headers, body } = await fetchHttp1(port, "/api", { method: "OPTIONS", headers: preflight });
    expect({ status, body }).toEqual({ status: 204, body: "" });
    expect(headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-max-age": "7200",
      vary: "Origin, Access-Control-Request-Headers",
    });
    expect(names(headers["access-control-allow-methods"])).toEqual(["post", "get"]);
    const allowed = names(headers["access-control-allow-headers"]);
    expect(allowed).toEqual(
      expect.arrayContaining([
        ...connectCors.allowedHeaders.map((name) => name.toLowerCase()),
        "authorization",
        "idempotency-key",
        "user-agent",
        "x-user-agent",
        "x-ona-user-agent",
        "x-organization-id",
        "x-request-id",
        "x-stainless-lang",
        "x-stainless-retry-count",
      ]),
    );
    expect(allowed).not.toContain("x-unheard-of");
    expect(new Set(allowed).size).toBe(allowed.length);
    expect(handled()).toBe(0);
  });

  it("is answered over HTTP/2 as well", async () => {
    const { port } = await serve("*");
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const answer = await fetchHttp2(session, "/api", { ":method": "OPTIONS", ...preflight });
    expect(answer).toMatchObject({ status: 204, headers: { "access-control-allow-origin": "*" } });
  });

  it("of an origin that is not allowed gets a plain refusal", async () => {
    const { port, handled } = await serve("https://other.example");
    const { status, headers } = await fetchHttp1(port, "/api", { method: "OPTIONS", headers: preflight });
    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(headers.vary).toBe("Origin, Access-Control-Request-Headers");
    expect(handled()).toBe(0);
  });

  it("is not what another OPTIONS request is", async () => {
    const { port, handled } = await serve(origin);
    await fetchHttp1(port, "/api", { method: "OPTIONS", headers: { origin } });
    await fetchHttp1(port, "/api", { method: "OPTIONS" });
    expect(handled()).toBe(2);
  });

  it("cannot smuggle a header into the answer", async () => {
    const { port } = await serve(origin);
    const headers = { ...preflight, "access-control-request-headers": "x-stainless-a b,x-stainless-ok,x-stainless-<" };
    const answer = await fetchHttp1(port, "/api", { method: "OPTIONS", headers });
    expect(
      names(answer.headers["access-control-allow-headers"]).filter((name) => name.startsWith("x-stainless")),
    ).toEqual(["x-stainless-ok"]);
  });
});

describe("an answer", () => {
  it("shows pages every header of the protocols and of this server", async () => {
    const { port } = await serve(origin);
    const { headers } = await fetchHttp1(port, "/api", { headers: { origin } });
    expect(names(headers["access-control-expose-headers"])).toEqual(
      expect.arrayContaining([
        ...connectCors.exposedHeaders.map((name) => name.toLowerCase()),
        "x-request-id",
        "x-should-retry",
        "retry-after",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
      ]),
    );
  });

  it("without an origin varies by it all the same", async () => {
    const { port } = await serve(origin);
    const { headers } = await fetchHttp1(port, "/api");
    expect(headers.vary).toBe("Origin");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("of a door that is not for other origins says nothing about them", async () => {
    const { port } = await serve("*");
    const { status, headers } = await fetchHttp1(port, "/page", { headers: { origin } });
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control-") || name === "vary")).toEqual([]);
  });
});

describe("a refusal for want of room", () => {
  it("can be read by pages that may call", async () => {
    const door: Door = { name: "api", cors: true, match: () => true, handle: () => {} };
    const log = pino({ level: "silent" });
    const server = createServer({
      doors: [door],
      log,
      cors: createCors([origin]),
      requestIds: () => "id",
      trustProxy: 0,
    });
    const { port } = await listen({ ...server, limits: { requests: 0 } });
    const answer = await fetchHttp1(port, "/api", { headers: { origin } });
    expect(answer).toMatchObject({ status: 503, headers: { "access-control-allow-origin": origin } });
    expect(await fetchHttp1(port, "/api", { method: "OPTIONS", headers: preflight })).toMatchObject({ status: 204 });
  });
});
