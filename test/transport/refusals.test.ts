/**
 * What is refused before, or in spite of, the method: HTTP itself, answers that cannot be sent, hooks that break.
 */
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type CallInfo, createTransport, type TransportOptions } from "../../src/transport/index.ts";
import { callOf, clientFor, everyWay, rawCall, type Spoken, told } from "./calls.ts";
import type { WireAnswer, WireClient } from "./clients.ts";
import { echoOptions } from "./echo.ts";
import { EchoRequestSchema, EchoService } from "./schema.ts";
import { type Door, doors, type Listening, serve } from "./server.ts";

let server: Listening | undefined;
let client: WireClient | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  client?.close();
  await server?.close();
});

async function start(door: Door, options: Partial<TransportOptions>): Promise<WireClient> {
  server = await serve(door, { ...echoOptions, ...options } as TransportOptions);
  client = clientFor(door, server.port);
  return client;
}

function only(look: () => unknown): Partial<TransportOptions> {
  return { routes: (router: ConnectRouter) => void router.service(EchoService, { look } as object) };
}

async function tell(way: Spoken, door: Door, options: Partial<TransportOptions>) {
  return told(way, (await (await start(door, options)).send(callOf(way, {}))) as WireAnswer);
}

const internal = { message: "internal error", output: undefined };

describe.each(doors)("over %s", (door) => {
  describe.each(everyWay)("$protocol $codec", (way) => {
    const code = (name: string, number: Code) => (way.protocol.startsWith("grpc") ? number : name);

    test("a response header that HTTP cannot carry", async () => {
      const answer = await tell(way, door, {
        requestGate: ({ responseHeader }) => responseHeader.set("x-echo", "a\u0001b"),
      });
      expect(answer).toMatchObject({ ...internal, code: code("internal", Code.Internal) });
      expect(answer.headers).not.toHaveProperty("x-echo");
    });

    test("a response trailer that HTTP cannot carry", async () => {
      const answer = await tell(way, door, {
        requestGate: ({ responseTrailer }) => responseTrailer.set("x-echo", "a\u007fb"),
      });
      expect(answer).toMatchObject({ ...internal, code: code("internal", Code.Internal) });
    });

    test("a detail that cannot be encoded", async () => {
      const look = () => {
        const value = { number: 1.5 };
        throw new ConnectError("with a detail", Code.NotFound, undefined, [{ desc: EchoRequestSchema, value }]);
      };
      const answer = await tell(way, door, only(look));
      expect(answer).toMatchObject({ ...internal, code: code("internal", Code.Internal) });
    });

    test("an answer that cannot be encoded", async () => {
      const answer = await tell(
        way,
        door,
        only(() => ({ url: 5, echo: { number: 1.5 } })),
      );
      expect(answer.code).toBe(code("internal", Code.Internal));
      expect(answer.output).toBeUndefined();
    });

    test("a message with half a character", async () => {
      const look = () => {
        throw new ConnectError("half a character: \ud800", Code.NotFound);
      };
      const answer = await tell(way, door, only(look));
      expect(answer.output).toBeUndefined();
      expect(["not_found", Code.Internal]).toContain(answer.code);
    });

    test("onError that throws", async () => {
      const answer = await tell(way, door, {
        requestGate: () => {
          throw new ConnectError("no", Code.NotFound);
        },
        onError: () => {
          throw new Error("the hook broke");
        },
      });
      expect(answer).toMatchObject({ ...internal, code: code("internal", Code.Internal) });
    });

    test("contextValues that throws", async () => {
      const finished: CallInfo[] = [];
      const answer = await tell(way, door, {
        contextValues: () => {
          throw new Error("the host broke");
        },
        onFinish: (call) => finished.push(call),
      });
      expect(answer).toMatchObject({ ...internal, code: code("internal", Code.Internal) });
      expect(finished).toHaveLength(1);
    });

    test("onFinish that throws is a warning, not an answer", async () => {
      const warned = new Promise((resolve) => vi.spyOn(process, "emitWarning").mockImplementation(resolve));
      const answer = await tell(way, door, {
        onFinish: () => {
          throw new Error("the log is full");
        },
      });
      expect(answer).toMatchObject({ status: 200, code: undefined });
      expect(await warned).toMatchObject({ message: "the log is full" });
    });
  });

  test("a verb that no method takes", async () => {
    const http = await start(door, {});
    const refused = { status: 405, body: "" };
    for (const httpMethod of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const request = { ...callOf({ protocol: "connect", codec: "json" }, {}), httpMethod };
      expect(await http.send(request)).toMatchObject({ ...refused, headers: [["allow", "GET, POST"]] });
    }
    const get = callOf({ protocol: "get", codec: "json" }, {}, { path: "/test.v1.EchoService/Echo" });
    expect(await http.send(get)).toMatchObject({ ...refused, headers: [["allow", "POST"]] });
  });

  test("a media type that is not spoken", async () => {
    const http = await start(door, { grpc: false, grpcWeb: false });
    const refused = { status: 415, body: "", headers: [["accept-post", "application/json, application/proto"]] };
    const path = "/test.v1.EchoService/Echo";
    for (const protocol of ["grpc", "grpc-web", "grpc-web-text", "connect-stream"] as const) {
      expect(await http.send(rawCall({ protocol, codec: "json" }, Buffer.from("{}"), path, []))).toMatchObject(refused);
    }
  });

  test("a method that is registered again is served by the later registration", async () => {
    const http = await start(door, {
      routes: (router) => {
        router.service(EchoService, { look: () => ({ url: "first" }) } as object);
        const own = { grpc: false } as object;
        router.rpc(EchoService.method.look as never, (() => ({ url: "second" })) as never, own);
      },
    });
    const look = callOf({ protocol: "connect", codec: "json" }, {});
    expect(await http.send(look)).toMatchObject({ body: '{"url":"second"}' });
    expect(await http.send(callOf({ protocol: "grpc", codec: "json" }, {}))).toMatchObject({ status: 415 });
  });

  test("options of one service replace those of the router", async () => {
    const http = await start(door, {
      readMaxBytes: 10,
      routes: (router) => {
        router.service(EchoService, { look: () => ({ url: "read" }) } as object, {
          readMaxBytes: 1000,
          interceptors: [],
        });
      },
    });
    const look = callOf({ protocol: "connect", codec: "json" }, { text: "x".repeat(500) });
    expect(await http.send(look)).toMatchObject({ body: '{"url":"read"}' });
  });
});

test("options out of range stop the start", () => {
  expect(() => createTransport({ ...echoOptions, readMaxBytes: 0 } as TransportOptions)).toThrow(/readMaxBytes 0/);
  const nothing = { connect: false, grpc: false, grpcWeb: false };
  expect(() => createTransport({ ...echoOptions, ...nothing } as TransportOptions)).toThrow(/all protocols/);
});
