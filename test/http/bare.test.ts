import { constants } from "node:http2";
import { describe, expect, it } from "vitest";
import { BareRequest } from "../../src/http/bare.ts";
import { defaultLimits } from "../../src/http/limits.ts";
import type { ListenerOptions } from "../../src/http/listener.ts";
import { requestRecord } from "../../src/http/record.ts";
import { createServer, type Door } from "../../src/http/server.ts";
import { createLog } from "../../src/lib/log.ts";
import { answerOf, dialHttp2, listen, open } from "./sockets.ts";

const post = { ":method": "POST", ":path": "/bare" };

/** A server whose door takes the requests to `/bare` as they are, and all others as node makes them. */
async function start(handle: (req: BareRequest) => void, options: Partial<ListenerOptions> = {}) {
  const lines: string[] = [];
  const door: Door = {
    name: "bare",
    addsHead: true,
    match: () => true,
    isBare: (path) => path === "/bare",
    handle(req, res) {
      if (req instanceof BareRequest) handle(req);
      else res.end("made by node");
    },
  };
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const server = createServer({ doors: [door], log, requestIds: () => "id", trustProxy: 0 });
  const { port } = await listen({ ...server, ...options });
  const session = await dialHttp2(`http://127.0.0.1:${port}`);
  const line = async () => {
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    return JSON.parse(lines[0] ?? "");
  };
  return { session, line };
}

function answer(req: BareRequest): void {
  requestRecord(req as never).bytes = 5;
  req.stream.respond({ ":status": 201, "x-method": req.method, "x-url": req.url });
  req.stream.end("hello");
}

describe("a bare request", () => {
  it("is answered on its stream, and logged as any other", async () => {
    const { session, line } = await start(answer);
    const { status, headers, body } = await answerOf(session.request(post));
    expect({ status, body }).toEqual({ status: 201, body: "hello" });
    expect(headers).toMatchObject({ "x-method": "POST", "x-url": "/bare" });
    expect(await line()).toMatchObject({
      status: 201,
      bytes: 5,
      door: "bare",
      path: "/bare",
      clientAddress: "127.0.0.1",
    });
  });

  it("is what the door asks for, and has no expectations", async () => {
    const { session } = await start(answer);
    expect((await answerOf(session.request({ ...post, ":path": "/other" }))).body).toBe("made by node");
    expect((await answerOf(session.request({ ...post, ":method": "OPTIONS" }, { endStream: true }))).body).toBe(
      "made by node",
    );
    const expecting = session.request({ ...post, expect: "100-continue" });
    expect((await answerOf(expecting)).body).toBe("made by node");
  });

  it("is answered 500 when its door fails, without a word of why", async () => {
    const { session, line } = await start(() => {
      throw new Error("a secret");
    });
    const { status, headers, body } = await answerOf(session.request(post));
    expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(headers["x-request-id"]).toBe("id");
    expect(body).not.toContain("secret");
    expect(await line()).toMatchObject({ level: 50, status: 500, err: { message: "a secret" } });
  });

  it("is refused when the server is full", async () => {
    const { session } = await start(answer, { limits: { requests: 0 } });
    const { status, headers } = await answerOf(session.request(post));
    expect(status).toBe(503);
    expect(headers).toMatchObject({ "retry-after": "1", "x-request-id": "id" });
  });

  it("is reset when it does not arrive in time, and never taken for whole", async () => {
    let ended = false;
    let time = 0;
    const reading = Promise.withResolvers<void>();
    const { session, line } = await start(
      (req) => {
        req.stream.on("data", reading.resolve).on("end", () => {
          ended = !req.stream.aborted;
        });
      },
      { limits: { checkMs: 10 }, now: () => time },
    );
    const stream = open(session, post);
    stream.write("half");
    await reading.promise;
    time += defaultLimits.requestMs + 1;
    await new Promise((resolve) => stream.on("close", resolve));
    expect(stream.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(await line()).toMatchObject({ status: 499, aborted: true });
    expect(ended).toBe(false);
  });

  it("is logged as aborted when its client leaves", async () => {
    const { session, line } = await start(() => {});
    const stream = open(session, post);
    setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 50);
    expect(await line()).toMatchObject({ status: 499, aborted: true });
  });
});
