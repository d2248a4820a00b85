import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type LookupFunction, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import {
  createGuardedFetch,
  type FetchRefusal,
  FetchRefusedError,
  type GuardedFetch,
  type GuardedFetchOptions,
} from "../../src/lib/guarded-fetch.ts";
import { selfSigned } from "../http/certificate.ts";

const INSECURE = { allowInsecureIssuers: true, allowList: [] };
const STRICT = { allowInsecureIssuers: false, allowList: [] };

interface Target {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly requests: IncomingMessage[];
  connections(): number;
}

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

async function listen(server: Server, host = "127.0.0.1"): Promise<Target> {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  server.prependListener("request", (request) => requests.push(request));
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, origin: `http://127.0.0.1:${port}`, requests, connections: () => connections };
}

function serve(listener: RequestListener): Promise<Target> {
  return listen(createServer(listener));
}

/** A server below HTTP, for answers that no HTTP library gives. */
async function serveRaw(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function create(options: GuardedFetchOptions): GuardedFetch {
  const guarded = createGuardedFetch(options);
  cleanups.push(() => guarded.close());
  return guarded;
}

/** The reason of a refusal; a fetch that succeeds is an error here. */
async function refusal(fetching: Promise<Response>): Promise<FetchRefusal> {
  const error = await fetching.then(
    (response) => Promise.reject(new Error(`answered ${response.status}`)),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FetchRefusedError);
  return (error as FetchRefusedError).reason;
}

/** A resolver that answers with the given lists of addresses, one after the other, the last again and again. */
function resolver(...answers: (readonly string[])[]): LookupFunction {
  let calls = 0;
  return (_hostname, options, callback) => {
    const addresses = answers[Math.min(calls++, answers.length - 1)]!;
    expect(options.all).toBe(true);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
}

const failing =
  (code: string): LookupFunction =>
  (hostname, _options, callback) =>
    callback(Object.assign(new Error(`${code} ${hostname}`), { code }), []);

describe("a fetch that is allowed", () => {
  test("brings status, headers and body", async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(201, "Made", { "content-type": "application/json", "x-test": "a" }).end('{"a":1}');
    });
    const response = await create(INSECURE)(`${origin}/path`);
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.statusText, response.headers.get("x-test")]).toEqual([201, "Made", "a"]);
    expect(await response.json()).toEqual({ a: 1 });
  });

  test("sends method, headers and body, from a URL or from a Request", async () => {
    const bodies: string[] = [];
    const { origin, requests } = await serve(async (request, response) => {
      bodies.push(Buffer.concat(await request.toArray()).toString());
      response.end();
    });
    const guarded = create(INSECURE);
    const body = new URLSearchParams({ grant_type: "authorization_code", code: "a b" });
    await guarded(new URL(`${origin}/token`), { method: "POST", body, headers: { authorization: "Basic eDp5" } });
    await guarded(new Request(`${origin}/other`, { method: "PUT", body: "text" }));
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /token", "PUT /other"]);
    expect(requests[0]!.headers).toMatchObject({
      authorization: "Basic eDp5",
      "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
    });
    expect(bodies).toEqual(["grant_type=authorization_code&code=a+b", "text"]);
  });

  test.each([204, 304, 400, 404, 500, 503])("brings status %i as it is", async (status) => {
    const { origin } = await serve((_request, response) => response.writeHead(status).end());
    expect((await create(INSECURE)(origin)).status).toBe(status);
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ] as const)("decompresses %s, and says no more that it was compressed", async (encoding, compress) => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(compress("hello"));
    });
    const response = await create(INSECURE)(origin);
    expect(await response.text()).toBe("hello");
    expect([response.headers.get("content-encoding"), response.headers.get("content-length")]).toEqual([null, null]);
  });

  test("reuses its connections", async () => {
    const target = await serve((_request, response) => response.end("x"));
    const guarded = create(INSECURE);
    for (let count = 0; count < 10; count++) {
      await guarded(target.origin);
    }
    // A connection may be free again only after its answer is read, so there may be a second one.
    expect(target.connections()).toBeLessThanOrEqual(2);
    expect(target.requests).toHaveLength(10);
  });

  test("a body of exactly the limit", async () => {
    const { origin } = await serve((_request, response) => response.end(Buffer.alloc(1000)));
    const response = await create({ ...INSECURE, maxBytes: 1000 })(origin);
    expect((await response.arrayBuffer()).byteLength).toBe(1000);
  });
});

describe("URLs and schemes", () => {
  test.each([
    ["", "url"],
    ["idp.example.com", "url"],
    ["https://user@idp.example.com/", "url"],
    ["https://user:secret@idp.example.com/", "url"],
    ["https://idp.example.com:99999/", "url"],
    ["http://idp.example.com/", "scheme"],
    ["http://127.0.0.1/", "scheme"],
    ["http://localhost/", "scheme"],
    ["ftp://idp.example.com/", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["data:text/plain,hello", "scheme"],
    ["blob:https://idp.example.com/x", "scheme"],
    ["ws://idp.example.com/", "scheme"],
  ] as const)("%s is refused: %s", async (url, reason) => {
    expect(await refusal(create(STRICT)(url))).toBe(reason);
  });

  test("http is for this machine alone, also when insecure issuers are allowed and whatever the allow list says", async () => {
    const guarded = create({ allowInsecureIssuers: true, allowList: ["10.0.0.0/8", "idp.internal"] });
    for (const url of [
      "http://10.0.0.1/",
      "http://idp.internal/",
      "http://idp.example.com/",
      "http://localhost.example.com/",
    ]) {
      expect(await refusal(guarded(url))).toBe("scheme");
    }
  });

  test("the message holds neither path nor query", async () => {
    const error = await create(STRICT)("http://idp.example.com/secret-path?code=secret").catch(
      (reason: Error) => reason,
    );
    expect(String(error)).toContain("idp.example.com");
    expect(String(error)).not.toContain("secret");
  });
});

describe("literal addresses", () => {
  test.each([
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "%31%32%37.0.0.1",
    "①②⑦.0.0.1",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001::1]",
    "[2001:db8::1]",
    "[fe80::1]",
    "[fc00::1]",
    "[ff02::1]",
    "localhost",
    "idp.localhost",
  ])("https://%s/ is refused", async (host) => {
    expect(await refusal(create(STRICT)(`https://${host}/`))).toBe("address");
  });

  test("an IPv6 zone is no URL", async () => {
    expect(await refusal(create(STRICT)("https://[fe80::1%25eth0]/"))).toBe("url");
  });

  test("nothing reaches a server at a refused address, in whatever form", async () => {
    const target = await serve((_request, response) => response.end());
    const guarded = create({ ...STRICT, lookup: resolver(["127.0.0.1"]) });
    for (const host of ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost", "idp.example.com"]) {
      expect(await refusal(guarded(`https://${host}:${target.port}/`))).toBe("address");
    }
    expect(target.connections()).toBe(0);
  });

  test("loopback is reached by http when insecure issuers are allowed", async () => {
    const target = await serve((_request, response) => response.end("x"));
    const guarded = create({ ...INSECURE, lookup: resolver(["127.0.0.1"]) });
    for (const host of ["127.0.0.1", "2130706433", "localhost", "idp.localhost", "[::ffff:127.0.0.1]"]) {
      expect((await guarded(`http://${host}:${target.port}/`)).status).toBe(200);
    }
  });
});

describe("names", () => {
  test.each([
    ["127.0.0.1"],
    ["10.0.0.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["0.0.0.0"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["fe80::1%2"],
    ["fd00::1"],
    ["64:ff9b::a00:1"],
    ["2002:7f00:1::"],
  ])("one that resolves to %s is refused", async (address) => {
    const guarded = create({ ...STRICT, lookup: resolver([address]) });
    expect(await refusal(guarded("https://idp.example.com/"))).toBe("address");
  });

  test("of several addresses only the allowed ones are used", async () => {
    const target = await serve((_request, response) => response.end("x"));
    const guarded = create({ ...INSECURE, lookup: resolver(["10.0.0.1", "fd00::1", "127.0.0.1"]) });
    expect((await guarded(`http://idp.localhost:${target.port}/`)).status).toBe(200);
  });

  test("a name that changes its address between two connections is refused at the second", async () => {
    const target = await serve((_request, response) => {
      response.setHeader("connection", "close").end("x");
    });
    const lookup = resolver(["127.0.0.1"], ["10.0.0.1"]);
    const guarded = create({ ...INSECURE, lookup });
    const url = `http://idp.localhost:${target.port}/`;
    expect((await guarded(url)).status).toBe(200);
    expect(await refusal(guarded(url))).toBe("address");
    expect(target.requests).toHaveLength(1);
  });

  test("insecure issuers let no other name reach loopback", async () => {
    const guarded = create({ ...INSECURE, lookup: resolver(["127.0.0.1"]) });
    expect(await refusal(guarded("https://idp.example.com/"))).toBe("address");
  });

  test("this machine's names reach nothing but loopback", async () => {
    const guarded = create({ ...INSECURE, lookup: resolver(["10.0.0.1"]) });
    expect(await refusal(guarded("http://localhost/"))).toBe("address");
  });

  test.each(["ENOTFOUND", "EAI_AGAIN", "ESERVFAIL"])("one that does not resolve (%s)", async (code) => {
    expect(await refusal(create({ ...STRICT, lookup: failing(code) })("https://idp.example.com/"))).toBe("dns");
  });

  test("one without an address", async () => {
    expect(await refusal(create({ ...STRICT, lookup: resolver([]) })("https://idp.example.com/"))).toBe("dns");
  });
});

describe("the allow list", () => {
  async function serveTls(): Promise<{ target: Target; trust: () => void }> {
    const certificate = selfSigned("localhost");
    const target = await listen(createTlsServer(certificate, (_request, response) => response.end("secure")));
    const before = getCACertificates();
    cleanups.push(() => setDefaultCACertificates(before));
    return { target, trust: () => setDefaultCACertificates([...before, certificate.cert as string]) };
  }

  test.each([
    ["127.0.0.0/8", "127.0.0.1"],
    ["127.0.0.1", "127.0.0.1"],
    ["localhost", "localhost"],
    ["127.0.0.0/8", "localhost"],
  ])("%s opens https://%s/ and skips no other check", async (entry, host) => {
    const { target, trust } = await serveTls();
    const lookup = resolver(["127.0.0.1"]);
    const url = `https://${host}:${target.port}/`;
    const untrusting = create({ allowInsecureIssuers: false, allowList: [entry], lookup });
    expect(await refusal(untrusting(url))).toBe("tls");
    expect(await refusal(untrusting(`http://${host}:${target.port}/`))).toBe("scheme");
    trust();
    const guarded = create({ allowInsecureIssuers: false, allowList: [entry], lookup });
    expect(await (await guarded(url)).text()).toBe("secure");
  });

  test("a certificate for another name is refused", async () => {
    const { target, trust } = await serveTls();
    trust();
    const guarded = create({
      allowInsecureIssuers: false,
      allowList: ["idp.internal"],
      lookup: resolver(["127.0.0.1"]),
    });
    expect(await refusal(guarded(`https://idp.internal:${target.port}/`))).toBe("tls");
    expect(target.requests).toHaveLength(0);
  });

  test("an entry for one network opens no other", async () => {
    const guarded = create({ allowInsecureIssuers: false, allowList: ["10.1.0.0/16"], lookup: resolver(["10.2.0.1"]) });
    expect(await refusal(guarded("https://idp.internal/"))).toBe("address");
    expect(await refusal(guarded("https://10.2.0.1/"))).toBe("address");
  });

  test("one that cannot be read is refused when the fetch is made", () => {
    expect(() => createGuardedFetch({ allowInsecureIssuers: false, allowList: ["10.0.0.0/99"] })).toThrow(
      '"10.0.0.0/99"',
    );
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("%i is refused, and nobody goes where it leads", async (status) => {
    const elsewhere = await serve((_request, response) => response.end("x"));
    const { origin } = await serve((_request, response) =>
      response.writeHead(status, { location: elsewhere.origin }).end(),
    );
    const guarded = create(INSECURE);
    expect(await refusal(guarded(origin))).toBe("redirect");
    expect(await refusal(guarded(origin, { redirect: "follow" }))).toBe("redirect");
    expect(elsewhere.connections()).toBe(0);
  });
});

describe("time", () => {
  const quick = { ...INSECURE, timeoutMs: 150 };

  test("a server that accepts and says nothing", async () => {
    expect(await refusal(create(quick)(await serveRaw(() => {})))).toBe("timeout");
  });

  test("headers that come in drops", async () => {
    const url = await serveRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("x-drop: 1\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    expect(await refusal(create(quick)(url))).toBe("timeout");
  });

  test("a body that comes in drops", async () => {
    const { origin } = await serve((_request, response) => {
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    });
    expect(await refusal(create(quick)(origin))).toBe("timeout");
  });

  test("a body that never ends", async () => {
    const { origin } = await serve((_request, response) =>
      response.writeHead(200, { "content-length": "100" }).write("x"),
    );
    expect(await refusal(create(quick)(origin))).toBe("timeout");
  });

  test("a resolver that never answers", async () => {
    expect(await refusal(create({ ...quick, lookup: () => {} })("https://idp.example.com/"))).toBe("timeout");
  });

  test("the caller's own signal keeps its reason", async () => {
    const guarded = create(INSECURE);
    const url = await serveRaw(() => {});
    const reason = new Error("enough");
    const controller = new AbortController();
    const fetching = guarded(url, { signal: controller.signal });
    controller.abort(reason);
    await expect(fetching).rejects.toBe(reason);
    await expect(guarded(url, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe("size", () => {
  const small = { ...INSECURE, maxBytes: 10_000 };

  test("a body over the limit, announced", async () => {
    const { origin } = await serve((_request, response) => response.end(Buffer.alloc(10_001)));
    expect(await refusal(create(small)(origin))).toBe("too_large");
  });

  test("a body over the limit, in chunks without an end", async () => {
    const { origin } = await serve((_request, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(1000)), 1);
      response.on("close", () => clearInterval(timer));
    });
    expect(await refusal(create(small)(origin))).toBe("too_large");
  });

  test.each([
    ["gzip", gzipSync(Buffer.alloc(50_000_000))],
    ["deflate", deflateSync(Buffer.alloc(50_000_000))],
    ["br", brotliCompressSync(Buffer.alloc(50_000_000))],
    ["gzip, gzip", gzipSync(gzipSync(Buffer.alloc(50_000_000)))],
  ])("a %s body that is small and becomes large", async (encoding, body) => {
    const { origin } = await serve((_request, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(body),
    );
    expect(await refusal(create({ ...INSECURE, maxBytes: 100_000 })(origin))).toBe("too_large");
  });

  test("headers over the limit", async () => {
    const { origin } = await serve((_request, response) => {
      for (let index = 0; index < 40; index++) response.setHeader(`x-${index}`, "a".repeat(1000));
      response.end();
    });
    expect(await refusal(create(INSECURE)(origin))).toBe("too_large");
  });
});

describe("a broken exchange", () => {
  test("nobody listens", async () => {
    const target = await serve((_request, response) => response.end());
    await cleanups.pop()!();
    expect(await refusal(create(INSECURE)(target.origin))).toBe("network");
  });

  test.each([
    ["closes at once", (socket: Socket) => socket.destroy()],
    ["answers no HTTP", (socket: Socket) => socket.end("SSH-2.0-OpenSSH\r\n")],
    ["breaks off in the headers", (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\nx: ")],
    ["breaks off in the body", (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx")],
    [
      "lies about its compression",
      (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello"),
    ],
    [
      "sends two lengths",
      (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"),
    ],
  ])("a server that %s", async (_, answer) => {
    const url = await serveRaw((socket) => socket.once("data", () => answer(socket)));
    expect(await refusal(create(INSECURE)(url))).toBe("network");
  });

  test("plain HTTP where TLS is expected", async () => {
    const { port } = await serve((_request, response) => response.end());
    expect(await refusal(create(INSECURE)(`https://127.0.0.1:${port}/`))).toBe("tls");
  });

  test("a port that browsers block", async () => {
    expect(await refusal(create(INSECURE)("http://127.0.0.1:25/"))).toBe("network");
  });

  test("after any failure the next fetch works", async () => {
    const guarded = create({ ...INSECURE, maxBytes: 100, timeoutMs: 1_000 });
    const { origin } = await serve((request, response) => {
      if (request.url === "/large") response.end(Buffer.alloc(1000));
      else if (request.url === "/redirect") response.writeHead(302, { location: "/" }).end();
      else if (request.url !== "/silent") response.end("fine");
    });
    for (const path of ["/large", "/redirect", "/silent", "/large"]) {
      await expect(guarded(`${origin}${path}`)).rejects.toBeInstanceOf(FetchRefusedError);
      expect(await (await guarded(origin)).text()).toBe("fine");
    }
  });
});
