import { once } from "node:events";
import { request as requestHttps } from "node:https";
import { connect as connectTls } from "node:tls";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeRequest, NodeResponse } from "../../src/http/node-http.ts";
import { selfSigned } from "./certificate.ts";
import {
  afterTest,
  answerOf,
  answerTo,
  dial,
  dialHttp2,
  fetchHttp1,
  fetchHttp2,
  frame,
  listen,
  postHeaders,
  preface,
  readAll,
  waitForBytes,
} from "./sockets.ts";

/** Says which protocol a request came over and how long its body was. */
async function echo(req: NodeRequest, res: NodeResponse): Promise<void> {
  let body = "";
  for await (const chunk of req) body += chunk;
  res.setHeader("x-version", req.httpVersion);
  res.end(`${req.method} ${req.url} ${body.length}`);
}

describe("a cleartext port", () => {
  it("serves HTTP/1.1", async () => {
    const { port } = await listen({ handler: echo });
    const answer = await fetchHttp1(port, "/a?b", { method: "POST" }, "hello");
    expect(answer).toMatchObject({ status: 200, headers: { "x-version": "1.1" }, body: "POST /a?b 5" });
  });

  it("serves HTTP/2 by prior knowledge", async () => {
    const { port } = await listen({ handler: echo });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(await fetchHttp2(session, "/a?b")).toMatchObject({
      status: 200,
      headers: { "x-version": "2.0" },
      body: "GET /a?b 0",
    });
  });

  it("ignores a request to upgrade to HTTP/2", async () => {
    const { port } = await listen({ handler: echo });
    const headers = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAAP__" };
    const answer = await fetchHttp1(port, "/", { headers });
    expect(answer).toMatchObject({ status: 200, headers: { "x-version": "1.1" } });
  });

  it.each([1, 3, 7, 1_000])("knows HTTP/1.1 that arrives %i bytes at a time", async (size) => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const text = readAll(socket);
    const sent = "POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
    for (let at = 0; at < sent.length; at += size) {
      socket.write(sent.slice(at, at + size));
      await new Promise(setImmediate);
    }
    expect(await text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*POST \/p 3/);
  });

  it.each([1, 5, 23])("knows an HTTP/2 preface that is cut after %i bytes", async (size) => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const received = once(socket, "data");
    const sent = Buffer.concat([preface, frame(4, 0, 0)]);
    socket.write(sent.subarray(0, size));
    await new Promise(setImmediate);
    socket.write(sent.subarray(size));
    const [chunk] = (await received) as [Buffer];
    expect(chunk[3], "the type of the first frame: SETTINGS").toBe(4);
  });

  it("loses nothing of a request that fills the first read", async () => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const text = readAll(socket);
    const length = 3_000_000;
    socket.write(
      `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${"x".repeat(length)}`,
    );
    expect(await text).toContain(`POST / ${length}`);
  });

  it("loses nothing of an HTTP/2 connection that fills the first read", async () => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const answered = waitForBytes(socket, "POST / 65535");
    const body = [16_384, 16_384, 16_384, 16_383].map((size, i) => frame(0, i === 3 ? 1 : 0, 1, Buffer.alloc(size)));
    socket.write(Buffer.concat([preface, frame(4, 0, 0), frame(1, 4, 1, postHeaders), ...body]));
    await answered;
  });

  it("answers pipelined requests in order", async () => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect((await text).match(/GET \/\d/g)).toEqual(["GET /1", "GET /2"]);
  });

  it("does not answer CONNECT", async () => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n");
    expect(await text).toBe("");
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const connect = session.request({ ":method": "CONNECT", ":authority": "example.com:443" });
    connect.end();
    expect(await answerOf(connect)).toMatchObject({ status: 405 });
  });
});

describe("an HTTP/2 request whose stream is reset", () => {
  const beginning = Buffer.concat([
    preface,
    frame(4, 0, 0),
    frame(1, 4, 1, postHeaders),
    frame(0, 0, 1, Buffer.from("half")),
  ]);
  const reset = frame(3, 0, 1, Buffer.from("00000008", "hex"));

  it("fails for the one who reads it, now or later, and is never taken for complete", async () => {
    const { promise, resolve } = Promise.withResolvers<NodeRequest>();
    const { port } = await listen({ handler: resolve });
    const socket = await dial(port);
    socket.write(beginning);
    const req = await promise;
    const closed = once(req, "close");
    socket.write(reset);
    await closed;
    const read = (async () => {
      for await (const _chunk of req);
    })();
    await expect(read).rejects.toThrow();
  });

  it("fails for the one who listens to its events", async () => {
    const { promise, resolve } = Promise.withResolvers<Error>();
    const { port } = await listen({
      handler: (req) => req.on("data", () => socket.write(reset)).on("error", resolve),
    });
    const socket = await dial(port);
    socket.write(beginning);
    expect((await promise).message).toBe("the request was cancelled");
  });

  it("does no harm when nobody reads it", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port } = await listen({
      handler: (req, res) => {
        if (req.method === "GET") return res.end("alive");
        socket.write(reset);
        return res.on("close", resolve);
      },
    });
    const socket = await dial(port);
    socket.write(beginning);
    await promise;
    expect(await fetchHttp1(port, "/")).toMatchObject({ body: "alive" });
  });
});

describe("a port with a certificate", () => {
  const certificate = selfSigned();
  const trust = { ca: certificate.cert, servername: "localhost" };

  it("serves HTTP/2 where ALPN agrees on it", async () => {
    const { port } = await listen({ handler: echo, certificate: () => certificate });
    const session = await dialHttp2(`https://127.0.0.1:${port}`, trust);
    expect(session.alpnProtocol).toBe("h2");
    expect(await fetchHttp2(session, "/s")).toMatchObject({ headers: { "x-version": "2.0" }, body: "GET /s 0" });
  });

  it.each([["http/1.1"], []])("serves HTTP/1.1 where ALPN offers %s", async (...ALPNProtocols) => {
    const { port } = await listen({ handler: echo, certificate: () => certificate });
    const req = requestHttps({
      port,
      host: "127.0.0.1",
      path: "/s",
      method: "POST",
      agent: false,
      ...trust,
      ...(ALPNProtocols.length > 0 && { ALPNProtocols }),
    });
    req.end("hello");
    expect(await answerTo(req)).toMatchObject({ headers: { "x-version": "1.1" }, body: "POST /s 5" });
  });

  it("uses a new certificate after a reload, and keeps the old one when the new one is unusable", async () => {
    const names = async (port: number): Promise<unknown> => {
      const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
      afterTest(() => socket.destroy());
      await once(socket, "secureConnect");
      return socket.getPeerCertificate().subject.CN;
    };
    let current = selfSigned("before");
    const { port, listener } = await listen({ handler: echo, certificate: () => current });
    expect(await names(port)).toBe("before");
    current = selfSigned("after");
    expect(await names(port)).toBe("before");
    await listener.reloadCertificate();
    expect(await names(port)).toBe("after");
    current = { cert: "nonsense", key: "nonsense" };
    await expect(listener.reloadCertificate()).rejects.toThrow();
    expect(await names(port)).toBe("after");
  });

  it("does not begin to listen with an unusable certificate", async () => {
    await expect(listen({ handler: echo, certificate: () => ({ cert: "", key: "nonsense" }) })).rejects.toThrow();
  });

  it("survives a peer that speaks no TLS", async () => {
    const { port } = await listen({ handler: echo, certificate: () => certificate });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await text).not.toContain("200");
    expect(await fetchHttp2(await dialHttp2(`https://127.0.0.1:${port}`, trust), "/")).toMatchObject({ status: 200 });
  });
});

describe("malformed HTTP", () => {
  it.each([
    ["garbage", "\u0000\u0001\u0002 garbage\r\n\r\n"],
    ["a bad method", "G<T / HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"],
    ["no Host", "GET / HTTP/1.1\r\n\r\n"],
    ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "a length and a coding",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a preface gone wrong", "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n"],
  ])("is answered with 400: %s", async (_name, bytes) => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write(bytes, "latin1");
    expect(await text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(await fetchHttp1(port, "/")).toMatchObject({ status: 200 });
  });

  it("is answered with a GOAWAY once the connection is HTTP/2", async () => {
    const { port } = await listen({ handler: echo });
    const socket = await dial(port);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nthis is not a frame, whatever else it may be");
    await once(socket, "close");
    expect(Buffer.concat(chunks).includes(Buffer.from("000000000000000001", "hex"))).toBe(true);
    expect(await fetchHttp1(port, "/")).toMatchObject({ status: 200 });
  });

  it("cuts off a body that goes wrong, and does not hand it on as complete", async () => {
    const { promise, resolve } = Promise.withResolvers<Error>();
    const { port } = await listen({ handler: (req, res) => void echo(req, res).catch(resolve) });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n");
    expect(await text).toMatch(/^HTTP\/1\.1 400 /);
    expect((await promise).message).toBe("aborted");
  });
});

describe("a handler that throws", () => {
  it("loses its connection, and nobody else theirs", async () => {
    const errors: unknown[] = [];
    const { port } = await listen({
      handler: (req, res) => {
        if (req.url === "/bad") throw new Error("unexpected");
        res.end("answer");
      },
      onError: (error) => errors.push(error),
    });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    await expect(fetchHttp1(port, "/bad")).rejects.toThrow();
    expect(await fetchHttp2(session, "/")).toMatchObject({ body: "answer" });
    await expect(fetchHttp2(session, "/bad")).rejects.toThrow();
    expect(await fetchHttp1(port, "/")).toMatchObject({ body: "answer" });
    expect(errors).toMatchObject([{ message: "unexpected" }, { message: "unexpected" }]);
  });
});

describe("bytes of any kind", () => {
  const http1 = Buffer.from("POST /p?q HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  const http2 = Buffer.concat([
    preface,
    frame(4, 0, 0, Buffer.from("000300000064", "hex")),
    frame(1, 4, 1, postHeaders),
    frame(0, 1, 1, Buffer.from("abc")),
    frame(6, 0, 0, Buffer.alloc(8)),
    frame(8, 0, 0, Buffer.from("00000fff", "hex")),
    frame(3, 0, 1, Buffer.from("00000008", "hex")),
  ]);
  /** Well-formed bytes with some of them overwritten, cut into two writes and then hung up on. */
  const damaged = fc.record({
    good: fc.constantFrom(http1, http2),
    damage: fc.array(fc.tuple(fc.nat(http2.length), fc.nat(255)), { maxLength: 4 }),
    cut: fc.nat(http2.length),
    rest: fc.uint8Array({ maxLength: 40 }),
  });

  it("harm neither the process nor other callers", async () => {
    const { port } = await listen({ handler: (req, res) => void echo(req, res).catch(() => {}) });
    const property = fc.asyncProperty(damaged, async ({ good, damage, cut, rest }) => {
      const bytes = Buffer.concat([good, rest]);
      for (const [at, value] of damage) bytes[at % bytes.length] = value;
      const socket = await dial(port);
      socket.resume();
      socket.write(bytes.subarray(0, cut));
      await new Promise(setImmediate);
      socket.end(bytes.subarray(cut));
      await new Promise(setImmediate);
      socket.destroy();
    });
    await fc.assert(property, { numRuns: 300 });
    expect(await fetchHttp1(port, "/")).toMatchObject({ status: 200 });
    expect(await fetchHttp2(await dialHttp2(`http://127.0.0.1:${port}`), "/")).toMatchObject({ status: 200 });
  });
});
