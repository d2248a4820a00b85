import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { createListener } from "../../src/http/listener.ts";
import { selfSigned } from "./certificate.ts";
import {
  answerOf,
  dial,
  dialHttp2,
  fetchHttp1,
  fetchHttp2,
  hold,
  listen,
  open,
  preface,
  readAll,
  waitForBytes,
} from "./sockets.ts";

const patient = { graceMs: 60_000 };

describe("a graceful shutdown", () => {
  it("finishes what is in progress over HTTP/1.1 and says that the connection ends", async () => {
    const held = hold();
    const { port, listener } = await listen({ handler: held.handler });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await held.arrived(1);
    const closed = listener.close(patient);
    held.release();
    expect(await text).toMatch(/^HTTP\/1\.1 200 OK\r\nconnection: close\r\n[\s\S]*released$/i);
    await closed;
  });

  it("finishes an answer whose header section was sent before", async () => {
    const held = hold();
    const { port, listener } = await listen({
      handler: (req, res) => {
        if ("flushHeaders" in res) res.flushHeaders();
        held.handler(req, res);
      },
    });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await held.arrived(1);
    const closed = listener.close(patient);
    held.release();
    expect(await text).toMatch(/released[\s\S]*0\r\n\r\n$/);
    await closed;
  });

  it("finishes what is in progress over HTTP/2, after a GOAWAY", async () => {
    const held = hold();
    const { port, listener } = await listen({ handler: held.handler });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const goaway = once(session, "goaway");
    const get = fetchHttp2(session, "/");
    const post = open(session, { ":method": "POST" });
    const posted = answerOf(post);
    await held.arrived(2);
    const closed = listener.close(patient);
    expect((await goaway)[0], "no error").toBe(0);
    post.end("the rest of the body");
    held.release();
    expect(await get).toMatchObject({ status: 200, body: "released" });
    expect(await posted).toMatchObject({ status: 200, body: "released" });
    await closed;
  });

  it("finishes what is in progress over TLS", async () => {
    const held = hold();
    const certificate = selfSigned();
    const { port, listener } = await listen({ handler: held.handler, certificate: () => certificate });
    const session = await dialHttp2(`https://127.0.0.1:${port}`, { ca: certificate.cert, servername: "localhost" });
    const get = fetchHttp2(session, "/");
    await held.arrived(1);
    const closed = listener.close(patient);
    held.release();
    expect(await get).toMatchObject({ status: 200 });
    await closed;
  });

  it("answers the pipelined requests that had arrived", async () => {
    const held = hold();
    const { port, listener } = await listen({ handler: held.handler });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    await held.arrived(2);
    const closed = listener.close(patient);
    held.release();
    await closed;
    expect(await text).toContain("released");
  });

  it("lets connections go that have no request", async () => {
    const { port, listener } = await listen({ handler: (_req, res) => res.end("answer") });
    const silent = await dial(port);
    const kept = await dial(port);
    const answered = waitForBytes(kept, "answer");
    kept.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await answered;
    const half = await dial(port);
    half.write(preface.subarray(0, 8));
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const gone = [silent, kept, half, session].map((each) => once(each, "close"));
    await listener.close(patient);
    await Promise.all(gone);
  });

  it("accepts no connection any more", async () => {
    const held = hold();
    const { port, listener } = await listen({ handler: held.handler });
    const first = fetchHttp1(port, "/");
    await held.arrived(1);
    const closed = listener.close(patient);
    await expect(fetchHttp1(port, "/")).rejects.toThrow("ECONNREFUSED");
    held.release();
    expect(await first).toMatchObject({ status: 200 });
    await closed;
  });

  it("cuts what is not finished in time", async () => {
    const held = hold();
    const { port, listener } = await listen({ handler: held.handler });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const lost = [expect(fetchHttp1(port, "/")).rejects.toThrow(), expect(fetchHttp2(session, "/")).rejects.toThrow()];
    await held.arrived(2);
    await listener.close({ graceMs: 20 });
    await Promise.all(lost);
  });

  it("can be asked for twice, and before the port was opened", async () => {
    const listener = createListener({ handler: () => {} });
    await listener.close(patient);
    await listener.close(patient);
  });
});

describe("a port that is taken", () => {
  it("is reported", async () => {
    const { port } = await listen({ handler: () => {} });
    const second = createListener({ handler: () => {} });
    await expect(second.listen(port, "127.0.0.1")).rejects.toThrow("EADDRINUSE");
    await second.close(patient);
  });
});
