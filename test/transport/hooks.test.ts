/**
 * What a host hangs into a transport: errors, ends, JSON, prefixes, fallback.
 */
import type { Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, test } from "vitest";
import { type CallInfo, createTransport, type TransportOptions } from "../../src/transport/index.ts";
import { callOf, clientFor, everyWay, rawCall, type Spoken, type Told, told } from "./calls.ts";
import type { WireAnswer, WireClient } from "./clients.ts";
import { type EchoRequest, echoOptions } from "./echo.ts";
import type { WireRequest } from "./requests.ts";
import { type Door, doors, type Listening, listen, serve } from "./server.ts";

let server: Listening;
let client: WireClient;

afterEach(async () => {
  client.close();
  await server.close();
});

async function start(door: Door, options: Partial<TransportOptions> = {}): Promise<void> {
  server = await serve(door, { ...echoOptions, ...options } as TransportOptions);
  client = clientFor(door, server.port);
}

async function send(spoken: Spoken, request: WireRequest): Promise<Told> {
  return told(spoken, (await client.send(request)) as WireAnswer);
}

/** A check of messages. */
function refuse13(message: Message): void {
  if ((message as EchoRequest).number === 13) {
    throw new ConnectError("no luck", Code.OutOfRange);
  }
}

interface Failure {
  readonly name: string;
  readonly request: (spoken: Spoken) => WireRequest;
  /** What arrives at `onError`. */
  readonly code: Code | undefined;
  /** Ways in which it cannot happen. */
  readonly except?: readonly Spoken["protocol"][];
}

const look = "/test.v1.EchoService/Look";
const malformed = Buffer.from([0xff, 0xff, 0xff]);

const failures: readonly Failure[] = [
  {
    name: "the gate refuses",
    code: Code.Unauthenticated,
    request: (spoken) => callOf(spoken, {}, { headers: [["authorization", "bad"]] }),
  },
  {
    name: "the gate breaks",
    code: undefined,
    request: (spoken) => callOf(spoken, {}, { headers: [["authorization", "crash"]] }),
  },
  {
    name: "the message is malformed",
    code: Code.InvalidArgument,
    request: (spoken) => rawCall({ ...spoken, codec: "json" }, malformed, look, []),
  },
  {
    name: "the message is too large",
    code: Code.ResourceExhausted,
    request: (spoken) => callOf(spoken, { text: "x".repeat(3001) }),
  },
  {
    name: "the answer is too large",
    code: Code.ResourceExhausted,
    request: (spoken) => callOf(spoken, { padding: 4001 }),
  },
  {
    name: "the compression is unknown",
    code: Code.Unimplemented,
    request: (spoken) =>
      callOf(spoken, {}, { headers: [[spoken.protocol === "connect" ? "content-encoding" : "grpc-encoding", "zstd"]] }),
    except: ["get"],
  },
  {
    name: "an interceptor refuses",
    code: Code.PermissionDenied,
    request: (spoken) => callOf(spoken, {}, { headers: [["x-outer", "deny"]] }),
  },
  {
    name: "an interceptor breaks",
    code: undefined,
    request: (spoken) => callOf(spoken, {}, { headers: [["x-outer", "crash"]] }),
  },
  {
    name: "the message does not pass the check",
    code: Code.OutOfRange,
    request: (spoken) => callOf(spoken, { number: 13 }),
  },
  {
    name: "the method refuses",
    code: Code.NotFound,
    request: (spoken) => callOf(spoken, { failCode: Code.NotFound, number: 1 }),
  },
  { name: "the method breaks", code: undefined, request: (spoken) => callOf(spoken, { text: "throw" }) },
  {
    name: "the method is not implemented",
    code: Code.Unimplemented,
    request: (spoken) => callOf(spoken, {}, { path: "/test.v1.EchoService/Missing" }),
    except: ["get"],
  },
  {
    name: "the deadline is malformed",
    code: Code.InvalidArgument,
    request: (spoken) =>
      callOf(
        spoken,
        {},
        {
          headers: [
            ["connect-timeout-ms", "soon"],
            ["grpc-timeout", "soon"],
          ],
        },
      ),
  },
  {
    name: "the deadline is over before it began",
    code: Code.DeadlineExceeded,
    request: (spoken) =>
      callOf(
        spoken,
        {},
        {
          headers: [
            ["connect-timeout-ms", "0"],
            ["grpc-timeout", "0S"],
          ],
        },
      ),
  },
  {
    name: "the deadline passes",
    code: Code.DeadlineExceeded,
    request: (spoken) =>
      callOf(
        spoken,
        { text: "until aborted" },
        {
          headers: [
            ["connect-timeout-ms", "20"],
            ["grpc-timeout", "20m"],
          ],
        },
      ),
  },
];

describe.each(doors)("over %s", (door) => {
  describe.each(failures)("when $name", ({ request, code, except = [] }) => {
    test.each(everyWay.filter(({ protocol }) => !except.includes(protocol)))(
      "onError decides: $protocol $codec",
      async (spoken) => {
        const seen: unknown[] = [];
        const finished: CallInfo[] = [];
        await start(door, {
          readMaxBytes: 3000,
          writeMaxBytes: 4000,
          checkMessage: refuse13,
          onError: (error, call) => {
            seen.push(error instanceof ConnectError ? error.code : undefined);
            call.responseHeader.set("x-by-hook", call.procedure);
            return new ConnectError("the last word", Code.DataLoss, { "x-meta": "1" });
          },
          onFinish: (call) => finished.push(call),
        });
        const sent = request(spoken);
        const answer = await send(spoken, sent);
        expect(answer).toMatchObject({ message: "the last word", output: undefined });
        expect(answer.code).toBe(spoken.protocol.startsWith("grpc") ? Code.DataLoss : "data_loss");
        expect(answer.headers["x-by-hook"]).toMatch(/^test\.v1\.EchoService\/(Look|Missing)$/);
        expect(seen).toEqual([code]);
        expect(finished).toHaveLength(1);
        expect(finished[0]).toMatchObject({ code: Code.DataLoss, status: answer.status });
      },
    );
  });

  test.each(everyWay)("onFinish tells of a success: $protocol $codec", async (spoken) => {
    const finished: CallInfo[] = [];
    await start(door, { onFinish: (call) => finished.push(call) });
    const request = callOf(spoken, { text: "hello", headers: { "x-echo": "1" }, trailers: { "x-end": "2" } });
    const answer = await send(spoken, request);
    expect(answer).toMatchObject({
      status: 200,
      code: undefined,
      headers: { "x-echo": "1" },
      trailers: { "x-end": "2" },
    });
    expect(finished).toHaveLength(1);
    const [call] = finished;
    expect(call).toMatchObject({
      procedure: "test.v1.EchoService/Look",
      protocol: spoken.protocol === "get" ? "connect" : spoken.protocol.replace("-text", ""),
      codec: spoken.codec,
      requestMethod: request.httpMethod,
      code: undefined,
      error: undefined,
      status: 200,
      bytesIn: request.body.length,
    });
    expect(call?.url).toBe(`http://test.local${request.path}`);
    expect(call?.method.name).toBe("Look");
    expect(call?.bytesOut).toBeGreaterThan(10);
    expect(call?.request.headers["content-type"]).toBe(Object.fromEntries(request.headers)["content-type"]);
    expect(call?.requestHeader.get("Content-Type")).toBe(Object.fromEntries(request.headers)["content-type"] ?? null);
    expect(call?.responseHeader.get("x-echo")).toBe("1");
    expect(call?.responseTrailer.get("x-end")).toBe("2");
  });

  test("onFinish tells of a client that left", async () => {
    const { promise, resolve } = Promise.withResolvers<CallInfo>();
    await start(door, { onFinish: resolve });
    const request = callOf({ protocol: "connect", codec: "proto" }, { text: "until aborted" });
    expect(await client.send({ ...request, leaves: "end" })).toBe("left");
    expect(await promise).toMatchObject({ status: 0, code: Code.Canceled, bytesOut: 0 });
  });

  test("transformJson sees every message in JSON once, and none in binary", async () => {
    const seen: unknown[] = [];
    await start(door, {
      transformJson: (method, json) => {
        seen.push([method.name, json]);
        return { ...(json as object), number: 7 };
      },
      onFinish: () => {},
    });
    for (const spoken of everyWay) {
      const answer = await client.send(callOf(spoken, { text: "a" }));
      const body = (answer as WireAnswer).body;
      const text = spoken.protocol === "grpc-web-text" ? Buffer.from(body, "base64").toString("latin1") : body;
      expect(text.includes('"number":7')).toBe(spoken.codec === "json");
    }
    expect(seen).toEqual(Array.from({ length: 5 }, () => ["Look", { text: "a" }]));
  });

  test("transformJson sees the messages of streams", async () => {
    const spoken = { protocol: "connect-stream", codec: "json" } as const;
    await start(door, { transformJson: (_, json) => ({ ...(json as object), text: "transformed" }) });
    const answer = (await client.send(
      callOf(spoken, { number: 1 }, { path: "/test.v1.EchoService/Count" }),
    )) as WireAnswer;
    expect(answer.body).toContain('"text":"transformed"');
    const duplicate = rawCall(spoken, Buffer.from('{"text":"a","text":"b"}'), "/test.v1.EchoService/Count", []);
    expect(((await client.send(duplicate)) as WireAnswer).body).toContain("duplicate object key");
  });

  test("what transformJson throws is the client's fault", async () => {
    await start(door, {
      transformJson: () => {
        throw new Error("no such spelling");
      },
    });
    const spoken = { protocol: "connect", codec: "json" } as const;
    expect(await send(spoken, callOf(spoken, {}))).toMatchObject({
      status: 400,
      code: "invalid_argument",
      message: "no such spelling",
    });
  });

  test.each(["grpc", "grpc-web", "connect-stream"] as const)(
    "onError and onFinish on streams: %s",
    async (protocol) => {
      const finished: CallInfo[] = [];
      const seen: unknown[] = [];
      await start(door, {
        writeMaxBytes: 4000,
        checkMessage: refuse13,
        onError: (error) => {
          seen.push(error instanceof ConnectError ? error.code : undefined);
          return new ConnectError("the last word", Code.DataLoss);
        },
        onFinish: (call) => finished.push(call),
      });
      const path = "/test.v1.EchoService/Count";
      const spoken = { protocol, codec: "proto" } as const;
      const answers = [
        callOf(spoken, { number: 2, failCode: Code.NotFound }, { path }),
        callOf(spoken, { number: 1, padding: 4001 }, { path }),
        callOf(spoken, {}, { path, headers: [["authorization", "bad"]] }),
        callOf(spoken, {}, { path, headers: [["x-outer", "crash"]] }),
        callOf(spoken, { number: 13 }, { path }),
        rawCall({ protocol, codec: "json" }, malformed, path, []),
      ];
      for (const request of answers) {
        const answer = (await client.send(request)) as WireAnswer;
        expect(JSON.stringify([answer.body, answer.trailers])).toMatch(/the( |%20)last( |%20)word/);
      }
      expect(seen).toEqual([
        Code.NotFound,
        Code.ResourceExhausted,
        Code.Unauthenticated,
        undefined,
        Code.OutOfRange,
        Code.InvalidArgument,
      ]);
      expect(await client.send(callOf(spoken, { number: 2 }, { path }))).toMatchObject({ status: 200 });
      await expect.poll(() => finished.length).toBe(7);
      expect(finished.map(({ code }) => code)).toEqual([...Array.from({ length: 6 }, () => Code.DataLoss), undefined]);
      expect(finished[6]).toMatchObject({
        procedure: "test.v1.EchoService/Count",
        codec: "proto",
        status: 200,
        bytesIn: 7,
      });
      expect(finished[6]?.bytesOut).toBeGreaterThan(20);
      expect(finished[6]?.protocol).toBe(protocol === "connect-stream" ? "connect" : protocol);
      expect(finished[6]?.url).toBe(`http://test.local${path}`);
    },
  );

  test("every method is served under every prefix, and nothing else is", async () => {
    await start(door, {
      prefixes: ["", "/api"],
      fallback: (request, response) => {
        response.writeHead(418, { "x-path": request.url ?? "" });
        response.end();
      },
    });
    const spoken = { protocol: "connect", codec: "proto" } as const;
    for (const path of [look, `/api${look}`, `/api${look}?token=1`]) {
      const answer = await send(spoken, callOf(spoken, { text: path }, { path }));
      expect(answer.output).toMatchObject({ url: `http://test.local${path}`, echo: { text: path } });
    }
    for (const path of [`/other${look}`, `${look}/`, "/api", "/test.v1.EchoService/Nosuch", "/__proto__"]) {
      expect(await client.send(callOf(spoken, {}, { path }))).toMatchObject({
        status: 418,
        headers: [["x-path", path]],
      });
    }
  });

  test("an unknown path is not found by default", async () => {
    await start(door);
    const spoken = { protocol: "connect", codec: "proto" } as const;
    expect(await client.send(callOf(spoken, {}, { path: "/nosuch" }))).toMatchObject({ status: 404 });
  });
});

test.each(["http1", "http2"] as const)(
  "over %s, headers that the host set before give way to those of the call",
  async (version) => {
    const transport = createTransport(echoOptions as TransportOptions);
    server = await listen(version, (request, response) => {
      response.setHeader("x-host", "1");
      response.setHeader("x-echo", "of the host");
      transport(request, response);
    });
    client = clientFor(version, server.port);
    const spoken = { protocol: "grpc", codec: "proto" } as const;
    const answer = await send(spoken, callOf(spoken, { headers: { "x-echo": "of the call" } }));
    expect(answer).toMatchObject({ code: undefined, headers: { "x-host": "1", "x-echo": "of the call" } });
  },
);
