import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/http/limits.ts";
import type { NodeHandler, NodeRequest, NodeResponse } from "../../src/http/node-http.ts";
import { selfSigned } from "./certificate.ts";
import {
  type Answer,
  answerOf,
  dial,
  dialHttp2,
  fetchHttp1,
  fetchHttp2,
  frame,
  hold,
  listen,
  open,
  preface,
  readAll,
  waitForBytes,
} from "./sockets.ts";

/** Limits that a test reaches at once, by the time of the machine. */
const soon = { checkMs: 10, headersMs: 50, requestMs: 50 };

/** Limits that are looked at often. */
const often = { checkMs: 10 };

/** A clock that only the test moves: on a machine that is slow, no limit is reached that the test does not mean. */
function stoppedClock(): { now: () => number; pass: (ms: number) => void } {
  let time = 0;
  return {
    now: () => time,
    pass: (ms) => {
      time += ms;
    },
  };
}

const answer: NodeHandler = (_req, res) => res.end("answer");

/** Answers with the length of the body once it is complete. */
const readBody: NodeHandler = watchReading().handler;

/** The same; it tells when so many readers had a part of their bodies, and why one failed. */
function watchReading() {
  const failed = Promise.withResolvers<Error>();
  let reading = 0;
  const read = async (req: NodeRequest, res: NodeResponse): Promise<void> => {
    let length = 0;
    for await (const chunk of req) {
      if (length === 0) reading += 1;
      length += chunk.length;
    }
    res.end(String(length));
  };
  const handler: NodeHandler = (req, res) => void read(req, res).catch(failed.resolve);
  const begun = (count = 1) => expect.poll(() => reading).toBeGreaterThanOrEqual(count);
  return { handler, failure: failed.promise, begun };
}

async function dialMany(port: number, count: number, bytes: string): Promise<Socket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => dial(port)));
  for (const socket of sockets) socket.write(bytes);
  return sockets;
}

const slowHead = "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ";
const slowBody = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";

describe("time for the header section", () => {
  it.each([
    ["nothing at all", ""],
    ["less than a protocol", "PRI * HT"],
    ["half a header section", slowHead],
  ])("answers 408 and hangs up on a caller that sends %s", async (_name, bytes) => {
    const { port } = await listen({ handler: answer, limits: soon });
    const socket = await dial(port);
    socket.write(bytes);
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nconnection: close\r\n/);
  });

  it("hangs up on a caller that does not finish its TLS handshake", async () => {
    const certificate = selfSigned();
    const { port } = await listen({ handler: answer, certificate: () => certificate, limits: soon });
    const socket = await dial(port);
    expect(await readAll(socket)).toBe("");
  });

  it("hangs up on an HTTP/2 caller that sends no settings", async () => {
    const { port } = await listen({ handler: answer, limits: soon });
    const socket = await dial(port);
    socket.write(preface);
    await once(socket.resume(), "close");
  });

  it("is counted anew for each request of a connection", async () => {
    const { port } = await listen({ handler: answer, limits: soon, now: stoppedClock().now });
    const socket = await dial(port);
    const text = readAll(socket);
    const first = waitForBytes(socket, "200 OK");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await first;
    await setTimeout(2 * soon.headersMs);
    socket.write(slowHead);
    expect((await text).match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 408"]);
  });
});

describe("size of the header section", () => {
  it("answers 431 to one that is too large", async () => {
    const { port } = await listen({ handler: answer, limits: { headerBytes: 2_000 } });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${"x".repeat(200_000)}\r\n\r\n`);
    expect(await text).toMatch(/^HTTP\/1\.1 431 [\s\S]*must not be larger than 2000 bytes/);
  });

  it("resets an HTTP/2 stream whose header section is too large", async () => {
    const { port } = await listen({ handler: answer, limits: { headerBytes: 2_000 } });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(session.remoteSettings.maxHeaderListSize).toBe(2_000);
    const stream = session.request({ "x-large": "x".repeat(4_000) });
    await expect(once(stream, "response")).rejects.toThrow("NGHTTP2_ENHANCE_YOUR_CALM");
    expect(await fetchHttp2(session, "/")).toMatchObject({ status: 200 });
  });

  it("is met by one that fits", async () => {
    const { port } = await listen({ handler: answer });
    expect(await fetchHttp1(port, "/", { headers: { "x-large": "x".repeat(15_000) } })).toMatchObject({ status: 200 });
  });
});

describe("time for the whole request", () => {
  const tooLongMs = defaultLimits.requestMs + 1;

  it("answers 408 to a body that does not come, and fails its reader", async () => {
    const { handler, begun, failure } = watchReading();
    const clock = stoppedClock();
    const { port } = await listen({ handler, limits: often, now: clock.now });
    const socket = await dial(port);
    socket.write(slowBody);
    await begun();
    clock.pass(tooLongMs);
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 /);
    expect((await failure).message).toBe("aborted");
  });

  it("answers 408 before the body has begun to come, or the handler to read", async () => {
    const { port } = await listen({ handler: readBody, limits: soon, now: stoppedClock().now });
    const socket = await dial(port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("cuts off a body that drips", async () => {
    const { handler, begun, failure } = watchReading();
    const clock = stoppedClock();
    const { port } = await listen({ handler, limits: often, now: clock.now });
    const socket = await dial(port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const drip = setInterval(() => socket.write("1\r\na\r\n"), 5);
    await begun();
    clock.pass(tooLongMs);
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(drip);
    expect((await failure).message).toBe("aborted");
  });

  it("answers 408 to a body that does not come over HTTP/2, and fails its reader", async () => {
    const { handler, begun, failure } = watchReading();
    const clock = stoppedClock();
    const { port } = await listen({ handler, limits: often, now: clock.now });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const stream = open(session, { ":method": "POST" });
    stream.write("abc");
    await begun();
    clock.pass(tooLongMs);
    expect(await answerOf(stream)).toMatchObject({ status: 408 });
    expect((await failure).message).toBe("the request was not complete in time");
    expect(session.destroyed).toBe(false);
  });

  it("goes on after an answer that did not wait for the body", async () => {
    const clock = stoppedClock();
    const { port } = await listen({ handler: answer, limits: soon, now: clock.now });
    const socket = await dial(port);
    socket.write(slowBody);
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
    const stream = open(await dialHttp2(`http://127.0.0.1:${port}`), { ":method": "POST" });
    expect(await answerOf(stream)).toMatchObject({ status: 200 });
    clock.pass(tooLongMs);
    if (!stream.closed) await once(stream, "close");
  });

  it("does not hold for a request that may be long", async () => {
    const isLong = (req: NodeRequest): boolean => req.url === "/stream";
    const { handler, begun } = watchReading();
    const clock = stoppedClock();
    const { port } = await listen({ handler, isLong, limits: often, now: clock.now });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const long = open(session, { ":method": "POST", ":path": "/stream" });
    const short = open(session, { ":method": "POST", ":path": "/" });
    long.write("still ");
    short.write("half");
    await begun(2);
    clock.pass(tooLongMs);
    expect(await answerOf(short)).toMatchObject({ status: 408 });
    long.end("here");
    expect(await answerOf(long)).toMatchObject({ status: 200, body: "10" });
  });

  it("does not hold for an answer that takes long", async () => {
    const held = hold();
    const reading = watchReading();
    const clock = stoppedClock();
    const { port } = await listen({
      handler: (req, res) => (req.url === "/held" ? held : reading).handler(req, res),
      limits: often,
      now: clock.now,
    });
    const slow = fetchHttp1(port, "/held", { method: "POST" }, "body");
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const slow2 = fetchHttp2(session, "/held");
    await held.arrived(2);
    // A later request that runs into the limit shows that it has passed for the earlier ones.
    const socket = await dial(port);
    socket.write(slowBody);
    await reading.begun();
    clock.pass(tooLongMs);
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 /);
    held.release();
    expect(await slow).toMatchObject({ status: 200, body: "released" });
    expect(await slow2).toMatchObject({ status: 200, body: "released" });
  });
});

describe("a caller that takes nothing of its answer", () => {
  const body = Buffer.alloc(8_000_000);

  it("is cut off", async () => {
    const closed = Promise.withResolvers<boolean>();
    const { port } = await listen({
      handler: (_req, res) => {
        res.on("close", () => closed.resolve((res as unknown as { writableFinished: boolean }).writableFinished));
        res.end(body);
      },
      limits: { checkMs: 10, stallMs: 50 },
    });
    const socket = await dial(port);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await closed.promise).toBe(false);
  });

  it("is cut off over HTTP/2 without harm to the other requests of its connection", async () => {
    const { port } = await listen({
      handler: (req, res) => void (req.url === "/large" ? res.end(body) : res.end("answer")),
      limits: { checkMs: 10, stallMs: 50 },
    });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":path": "/large" });
    stream.pause();
    stream.on("error", () => {});
    await once(stream, "close");
    expect(await fetchHttp2(session, "/")).toMatchObject({ body: "answer" });
  });
});

describe("a connection without a request", () => {
  it("is closed after the keep-alive time", async () => {
    const { port } = await listen({ handler: answer, limits: { checkMs: 10, keepAliveMs: 1 } });
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await text).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it("stays open while the next request arrives, however slowly", async () => {
    const clock = stoppedClock();
    const { port } = await listen({ handler: answer, limits: { checkMs: 10, keepAliveMs: 200 }, now: clock.now });
    const socket = await dial(port);
    const text = readAll(socket);
    const slowRequest = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    for (const byte of slowRequest) {
      socket.write(byte);
      await setTimeout(5);
      clock.pass(5);
    }
    expect((await text).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it("is closed with a GOAWAY over HTTP/2", async () => {
    const clock = stoppedClock();
    const { port } = await listen({ handler: answer, limits: often, now: clock.now });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    clock.pass(defaultLimits.idleSessionMs + 1);
    const [code] = await once(session, "goaway");
    expect(code).toBe(0);
    await once(session, "close");
  });
});

describe("requests at once", () => {
  it("answers 503 to one over the limit, at once, and serves it when there is room", async () => {
    const held = hold();
    const { port } = await listen({ handler: held.handler, limits: { requests: 2 } });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const first = fetchHttp1(port, "/");
    const second = fetchHttp2(session, "/");
    await held.arrived(2);
    const refused = {
      status: 503,
      headers: { "retry-after": "1" },
      body: expect.stringContaining("the server is busy"),
    };
    expect(await fetchHttp1(port, "/", { method: "POST" }, "body")).toMatchObject(refused);
    expect(await fetchHttp2(session, "/")).toMatchObject(refused);
    held.release();
    expect(await first).toMatchObject({ status: 200 });
    expect(await second).toMatchObject({ status: 200 });
    const third = fetchHttp2(session, "/");
    await held.arrived(1);
    held.release();
    expect(await third).toMatchObject({ status: 200 });
  });

  it("lets the owner of the paths answer in its own protocol", async () => {
    const held = hold();
    const overloaded: NodeHandler = (_req, res) => {
      res.setHeader("grpc-status", "14");
      res.end();
    };
    const { port } = await listen({ handler: held.handler, overloaded, limits: { requests: 0 } });
    expect(await fetchHttp1(port, "/")).toMatchObject({
      status: 200,
      headers: { "grpc-status": "14", "retry-after": "1" },
    });
  });

  it("counts long ones apart", async () => {
    const held = hold();
    const { port } = await listen({
      handler: held.handler,
      isLong: (req) => req.url === "/stream",
      limits: { requests: 1, longRequests: 1 },
    });
    const answers = [fetchHttp1(port, "/stream"), fetchHttp1(port, "/")];
    await held.arrived(2);
    expect(await fetchHttp1(port, "/stream")).toMatchObject({ status: 503 });
    expect(await fetchHttp1(port, "/")).toMatchObject({ status: 503 });
    held.release();
    expect(await Promise.all(answers)).toMatchObject([{ status: 200 }, { status: 200 }]);
  });

  it("gives the place of those that are slow to send their bodies to others", async () => {
    const { port } = await listen({ handler: readBody, limits: { requests: 4, crowdedRequestMs: 0 } });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const slow = await dialMany(port, 3, slowBody);
    const stream = open(session, { ":method": "POST" });
    stream.write("abc");
    let last: Answer;
    do last = await fetchHttp1(port, "/", { method: "POST" }, "body");
    while (last.status === 503);
    expect(last).toMatchObject({ status: 200, body: "4" });
    for (const socket of slow) expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("advertises how many streams an HTTP/2 connection may open", async () => {
    const { port } = await listen({ handler: answer, limits: { streamsPerConnection: 7 } });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(session.remoteSettings.maxConcurrentStreams).toBe(7);
  });

  it("ends an HTTP/2 connection that opens and resets streams in a burst", async () => {
    const { port } = await listen({ handler: () => {}, limits: { resetBurst: 10, resetsPerSecond: 1 } });
    const socket = await dial(port);
    const head = Buffer.from("828684410161", "hex");
    const reset = Buffer.from("00000008", "hex");
    const bytes = [preface, frame(4, 0, 0)];
    for (let id = 1; id < 41; id += 2) bytes.push(frame(1, 5, id, head), frame(3, 0, id, reset));
    socket.write(Buffer.concat(bytes));
    await waitForBytes(socket, Buffer.from([7, 0, 0, 0, 0, 0]));
    await once(socket, "close");
  });
});

describe("open connections", () => {
  it("serves a caller while a thousand others are slow to say what they want", async () => {
    const { port } = await listen({ handler: readBody, limits: { connections: 1_000 } });
    await dialMany(port, 500, slowHead);
    await dialMany(port, 500, "PRI");
    for (let i = 0; i < 20; i++)
      expect(await fetchHttp1(port, "/", { method: "POST" }, "body")).toMatchObject({ body: "4" });
    expect(await fetchHttp2(await dialHttp2(`http://127.0.0.1:${port}`), "/")).toMatchObject({ status: 200 });
  });

  it("lets the longest idle one go when there are too many", async () => {
    const { port } = await listen({ handler: answer, limits: { connections: 2 } });
    const first = await dial(port);
    const gone = readAll(first);
    first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(first, "data");
    const second = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(await fetchHttp1(port, "/")).toMatchObject({ status: 200 });
    expect(await gone).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(await fetchHttp2(second, "/")).toMatchObject({ status: 200 });
  });

  it("refuses in their protocol those over the limit while all are busy", async () => {
    const held = hold();
    const { port } = await listen({ handler: held.handler, limits: { connections: 1 } });
    const first = fetchHttp1(port, "/");
    await held.arrived(1);
    expect(await fetchHttp1(port, "/")).toMatchObject({ status: 503, headers: { connection: "close" } });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const closed = once(session, "close");
    expect(await fetchHttp2(session, "/")).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    await closed;
    held.release();
    expect(await first).toMatchObject({ status: 200 });
  });

  it("drops those far over the limit", async () => {
    const held = hold();
    const { port } = await listen({ handler: held.handler, limits: { connections: 4 } });
    const busy = Array.from({ length: 4 }, () => fetchHttp1(port, "/"));
    await held.arrived(4);
    const surplus = await dial(port);
    const dropped = await dial(port);
    await once(dropped, "close");
    expect(surplus.closed).toBe(false);
    held.release();
    expect(await Promise.all(busy)).toMatchObject(busy.map(() => ({ status: 200 })));
  });
});
