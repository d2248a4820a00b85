/**
 * The clients that people use, against every door.
 */
import { create, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import grpc from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import type { TransportOptions } from "../../src/transport/index.ts";
import { type EchoRequest, echoOptions } from "./echo.ts";
import { EchoRequestSchema, EchoResponseSchema, EchoService } from "./schema.ts";
import { doors, type Listening, serve } from "./server.ts";

type Output = Message & {
  readonly echo?: EchoRequest;
  readonly seen: Record<string, string>;
  readonly padding: string;
};
type EchoClient = Record<
  "echo" | "look" | "missing" | "collect",
  (input: unknown, options?: object) => Promise<Output>
> &
  Record<"count" | "chat", (input: unknown, options?: object) => AsyncIterable<Output>>;

let server: Listening;

afterEach(() => server.close());

const transports: Record<string, (options: { baseUrl: string; httpVersion: "1.1" | "2" }) => Transport> = {
  Connect: createConnectTransport,
  "Connect in binary": (options) => createConnectTransport({ ...options, useBinaryFormat: true }),
  "Connect over GET": (options) => createConnectTransport({ ...options, useHttpGet: true }),
  gRPC: ({ baseUrl }) => createGrpcTransport({ baseUrl }),
  "gRPC-Web": createGrpcWebTransport,
};

describe.each(doors)("over %s", (door) => {
  // Connect's client speaks gRPC over HTTP/2 alone.
  const names = Object.keys(transports).filter((name) => name !== "gRPC" || door !== "http1");

  describe.each(names)("with Connect's client: %s", (name) => {
    const connect = async (): Promise<EchoClient> => {
      server = await serve(door, echoOptions as TransportOptions);
      const httpVersion = door === "http1" ? "1.1" : "2";
      const transport = transports[name]?.({ baseUrl: server.url, httpVersion });
      return createClient(EchoService, transport as Transport) as unknown as EchoClient;
    };

    test("a unary call with metadata both ways", async () => {
      const client = await connect();
      const back: Record<string, string | null> = {};
      const output = await client.look(
        { text: "hello", padding: 5000, headers: { "x-echo": "1" }, trailers: { "x-end": "2" } },
        {
          headers: { "x-data-bin": "AAEC" },
          onHeader: (header: Headers) => {
            back.header = header.get("x-echo");
          },
          onTrailer: (trailer: Headers) => {
            back.trailer = trailer.get("x-end");
          },
        },
      );
      expect(output).toMatchObject({ echo: { text: "hello" }, seen: { "x-data-bin": "AAEC" } });
      expect([output.padding.length, back]).toEqual([5000, { header: "1", trailer: "2" }]);
    });

    test("an error with its details", async () => {
      const client = await connect();
      const failed = client.echo({ failCode: Code.NotFound, failMessage: "not: \u00e4here%", number: 1 });
      const error = await failed.catch((reason: unknown) => ConnectError.from(reason));
      expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "not: \u00e4here%" });
      expect((error as ConnectError).findDetails(EchoRequestSchema)).toMatchObject([{ text: "detail" }]);
      expect((error as ConnectError).metadata.get("x-error")).toBe("meta");
    });

    test("a method that is not implemented", async () => {
      const client = await connect();
      await expect(client.missing({})).rejects.toMatchObject({ code: Code.Unimplemented });
    });

    test("a deadline, and a call that is given up", async () => {
      const client = await connect();
      await expect(client.echo({ text: "until aborted" }, { timeoutMs: 30 })).rejects.toMatchObject({
        code: Code.DeadlineExceeded,
      });
      const signal = AbortSignal.timeout(30);
      await expect(client.echo({ text: "until aborted" }, { signal })).rejects.toMatchObject({ code: Code.Canceled });
      await expect(client.look({ text: "and on" })).resolves.toMatchObject({ echo: { text: "and on" } });
    });

    test("streams", async () => {
      const client = await connect();
      const outputs: Output[] = [];
      for await (const output of client.count({ number: 3, text: "many" })) {
        outputs.push(output);
      }
      expect(outputs).toMatchObject(Array.from({ length: 3 }, () => ({ echo: { text: "many" } })));
      const collected = await client.collect(several(["a", "b", "c"]));
      expect(collected).toMatchObject({ echo: { text: "c" } });
    });
  });
});

describe.each(["http2", "streams"] as const)("over %s", (door) => {
  test("a stream in both directions", async () => {
    server = await serve(door, echoOptions as TransportOptions);
    const transport = createGrpcTransport({ baseUrl: server.url });
    const client = createClient(EchoService, transport) as unknown as EchoClient;
    const texts: (string | undefined)[] = [];
    for await (const output of client.chat(several(["a", "b"]))) {
      texts.push(output.echo?.text);
    }
    expect(texts).toEqual(["a", "b"]);
  });

  describe("with grpc-js", () => {
    const dial = async (options: Partial<TransportOptions> = {}) => {
      server = await serve(door, { ...echoOptions, ...options } as TransportOptions);
      return new grpc.Client(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure());
    };
    const call = (client: grpc.Client, fields: object, metadata: grpc.Metadata, options: grpc.CallOptions = {}) =>
      new Promise<{ error: grpc.ServiceError | null; output: Output | undefined; trailers: grpc.Metadata | undefined }>(
        (resolve) => {
          let trailers: grpc.Metadata | undefined;
          const request = client.makeUnaryRequest(
            "/test.v1.EchoService/Echo",
            (message: Message) => Buffer.from(toBinary(EchoRequestSchema, message)),
            (bytes: Buffer) => fromBinary(EchoResponseSchema, bytes) as Output,
            create(EchoRequestSchema, fields as Record<string, unknown>),
            metadata,
            options,
            (error, output) => setImmediate(() => resolve({ error, output, trailers })),
          );
          request.on("status", (status) => {
            trailers = status.metadata;
          });
        },
      );

    test("a call with metadata and a compressed answer", async () => {
      const client = await dial();
      const metadata = new grpc.Metadata();
      metadata.set("x-data-bin", Buffer.from([0, 1, 2]));
      const { error, output, trailers } = await call(
        client,
        { text: "hello", padding: 5000, trailers: { "x-end": "1" } },
        metadata,
      );
      expect(error).toBeNull();
      expect(output).toMatchObject({ echo: { text: "hello" }, seen: { "x-data-bin": "AAEC" } });
      expect(output?.padding.length).toBe(5000);
      expect(trailers?.get("x-end")).toEqual(["1"]);
      client.close();
    });

    test("an error with details", async () => {
      const client = await dial();
      const { error } = await call(
        client,
        { failCode: 5, failMessage: "not \u00e4 here", number: 1 },
        new grpc.Metadata(),
      );
      expect(error).toMatchObject({ code: grpc.status.NOT_FOUND, details: "not \u00e4 here" });
      expect(error?.metadata.get("x-error")).toEqual(["meta"]);
      expect(error?.metadata.get("grpc-status-details-bin")).toHaveLength(1);
      client.close();
    });

    test("a deadline", async () => {
      const client = await dial();
      const options = { deadline: Date.now() + 50 };
      const { error } = await call(client, { text: "until aborted" }, new grpc.Metadata(), options);
      expect(error?.code).toBe(grpc.status.DEADLINE_EXCEEDED);
      client.close();
    });

    test("an unknown method", async () => {
      const client = await dial({ routes: () => {} });
      const { error } = await call(client, {}, new grpc.Metadata());
      expect(error?.code).toBe(grpc.status.UNIMPLEMENTED);
      client.close();
    });
  });
});

async function* several(texts: readonly string[]): AsyncIterable<object> {
  for (const text of texts) {
    yield { text };
  }
}
