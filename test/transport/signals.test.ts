/**
 * Deadlines, clients that leave, shutdown: what a method may know, and what becomes of its call.
 */
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { afterEach, describe, expect, test } from "vitest";
import type { CallInfo, TransportOptions } from "../../src/transport/index.ts";
import { callOf, clientFor, everyWay, told } from "./calls.ts";
import type { WireAnswer, WireClient } from "./clients.ts";
import { EchoService } from "./schema.ts";
import { type Door, doors, type Listening, serve } from "./server.ts";

type Method = (request: unknown, context: HandlerContext) => unknown;

let server: Listening;
let client: WireClient;

afterEach(async () => {
  client.close();
  await server.close();
});

async function start(door: Door, look: Method, options: Partial<TransportOptions> = {}): Promise<void> {
  const routes = (router: ConnectRouter) => void router.service(EchoService, { look } as object);
  server = await serve(door, { routes, ...options });
  client = clientFor(door, server.port);
}

const spoken = { protocol: "connect", codec: "proto" } as const;
const never = () => new Promise<object>(() => {});

describe.each(doors)("over %s", (door) => {
  test.each(everyWay)("a method that does not end is cut off at the deadline: $protocol $codec", async (way) => {
    const finished: CallInfo[] = [];
    await start(door, never, { onFinish: (call) => finished.push(call) });
    const headers: [string, string][] = [
      ["connect-timeout-ms", "20"],
      ["grpc-timeout", "20m"],
    ];
    const answer = told(way, (await client.send(callOf(way, {}, { headers }))) as WireAnswer);
    expect(answer).toMatchObject({ message: "the operation timed out", output: undefined });
    expect(answer.code).toBe(way.protocol.startsWith("grpc") ? Code.DeadlineExceeded : "deadline_exceeded");
    expect(finished.map(({ code }) => code)).toEqual([Code.DeadlineExceeded]);
  });

  test("a method that watches its signal may say itself why it stopped", async () => {
    await start(door, async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw new ConnectError(`half done: ${(signal.reason as Error).message}`, Code.Aborted);
    });
    const answer = await client.send(callOf(spoken, {}, { headers: [["connect-timeout-ms", "20"]] }));
    expect(answer).toMatchObject({ status: 409, body: expect.stringContaining("half done: [deadline_exceeded]") });
  });

  test("the deadline covers the time in which the body arrives", async () => {
    await start(door, () => ({}));
    const sent = callOf(spoken, { text: "never whole" }, { headers: [["connect-timeout-ms", "50"]] });
    expect(await sendHalf(door, server.port, sent.headers, sent.path)).toMatch(/504|deadline_exceeded/);
  });

  test("timeoutMs counts down, and is undefined without a deadline", async () => {
    const seen: (number | undefined)[] = [];
    await start(door, (_, { timeoutMs }) => {
      seen.push(timeoutMs());
      return {};
    });
    await client.send(callOf(spoken, {}));
    await client.send(callOf(spoken, {}, { headers: [["connect-timeout-ms", "5000"]] }));
    expect(seen[0]).toBeUndefined();
    expect(seen[1]).toBeGreaterThan(0);
    expect(seen[1]).toBeLessThanOrEqual(5000);
  });

  test("a deadline beyond what a timer can count is none", async () => {
    await start(door, (_, { signal }) => ({ hasDeadline: signal.aborted }), { maxTimeoutMs: Number.MAX_SAFE_INTEGER });
    const sent = callOf(spoken, {}, { headers: [["connect-timeout-ms", "9999999999"]] });
    const answer = told(spoken, (await client.send(sent)) as WireAnswer);
    expect(answer).toMatchObject({ status: 200, output: { hasDeadline: false } });
  });

  test("the signal is aborted when the client leaves", async () => {
    const begun = Promise.withResolvers<void>();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const ended = Promise.withResolvers<CallInfo>();
    await start(
      door,
      async (_, { signal }) => {
        begun.resolve();
        await new Promise((go) => signal.addEventListener("abort", go));
        resolve(signal.reason);
        return {};
      },
      { onFinish: ended.resolve },
    );
    await client.send({ ...callOf(spoken, {}), leaves: begun.promise });
    expect(await promise).toBeInstanceOf(Error);
    expect(await ended.promise).toMatchObject({ code: Code.Canceled, status: 0 });
  });

  test("the signal is aborted when the call is over, looked at early or late", async () => {
    const contexts: HandlerContext[] = [];
    const aborted: boolean[] = [];
    await start(door, (_, context) => {
      contexts.push(context);
      if (contexts.length === 1) {
        aborted.push(context.signal.aborted);
        context.signal.addEventListener("abort", () => aborted.push(true));
      }
      return {};
    });
    await client.send(callOf(spoken, {}));
    await client.send(callOf(spoken, {}));
    expect(aborted).toEqual([false, true]);
    expect(contexts.map(({ signal }) => [signal.aborted, (signal.reason as Error).name])).toEqual([
      [true, "AbortError"],
      [true, "AbortError"],
    ]);
  });

  test("the signal is aborted at shutdown, with the reason of the host", async () => {
    const shutdown = new AbortController();
    await start(
      door,
      async (_, { signal }) => {
        queueMicrotask(() => shutdown.abort(new ConnectError("going home", Code.Unavailable)));
        if (!signal.aborted) {
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        }
        throw signal.reason;
      },
      { shutdownSignal: shutdown.signal },
    );
    expect(await client.send(callOf(spoken, {}))).toMatchObject({
      status: 503,
      body: expect.stringContaining("going home"),
    });
    expect(await client.send(callOf(spoken, {}))).toMatchObject({
      status: 503,
      body: expect.stringContaining("going home"),
    });
  });

  test("a context and a request are plain objects to who spreads them", async () => {
    const seen: object[] = [];
    await start(
      door,
      (_, context) => {
        seen.push({ ...context });
        return {};
      },
      {
        interceptors: [
          (next) => (request) => {
            seen.push({ ...request });
            return next(request);
          },
        ],
      },
    );
    await client.send(callOf(spoken, {}));
    expect(Object.keys(seen[0] ?? {}).sort()).toEqual(
      ["contextValues", "header", "message", "method", "requestMethod", "service", "signal", "stream", "url"].sort(),
    );
    expect(Object.keys(seen[1] ?? {}).sort()).toEqual(
      [
        "method",
        "protocolName",
        "requestHeader",
        "requestMethod",
        "responseHeader",
        "responseTrailer",
        "service",
        "signal",
        "timeoutMs",
        "url",
        "values",
      ].sort(),
    );
    expect(Object.values(seen[1] ?? {}).find((value) => value instanceof AbortSignal)).toBeDefined();
  });

  test("a client that is too slow is cut off, and the others are not", async () => {
    const finished: CallInfo[] = [];
    await start(door, () => ({}), { readTimeoutMs: 60, onFinish: (call) => finished.push(call) });
    const sent = callOf(spoken, { text: "never whole" });
    const slow = sendHalf(door, server.port, sent.headers, sent.path);
    expect(await client.send(callOf(spoken, {}))).toMatchObject({ status: 200 });
    expect(await slow).toMatch(/deadline_exceeded.*did not arrive within 60 ms/s);
    expect(finished.map(({ code }) => code)).toEqual([undefined, Code.DeadlineExceeded]);
  });
});

/** Sends a head and half a body and waits until the server has closed; answers all that came back. */
function sendHalf(door: Door, port: number, headers: WireRequestHeaders, path: string): Promise<string> {
  return door === "http1" ? sendHalfHttp1(port, headers, path) : sendHalfHttp2(port, headers, path);
}

type WireRequestHeaders = readonly (readonly [string, string])[];

function sendHalfHttp1(port: number, headers: WireRequestHeaders, path: string): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connectTcp(port, "127.0.0.1");
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n${lines}\r\nabc`);
    socket.on("data", (chunk) => {
      received += chunk;
      if (received.includes("}")) {
        socket.end();
      }
    });
    socket.on("close", () => resolve(received));
  });
}

function sendHalfHttp2(port: number, headers: WireRequestHeaders, path: string): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":method": "POST", ":path": path, ...Object.fromEntries(headers) });
    stream.write("abc");
    stream.on("response", (head) => {
      received += head[":status"];
    });
    stream.on("data", (chunk) => {
      received += chunk;
    });
    stream.on("close", () => {
      session.destroy();
      resolve(received);
    });
  });
}
