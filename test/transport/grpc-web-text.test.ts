/**
 * gRPC-Web text, which connect-node does not speak: against its specification, and with the client it was made for.
 */
import { create, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import grpcWeb from "grpc-web";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TransportOptions } from "../../src/transport/index.ts";
import { callOf, clientFor, rawCall, told } from "./calls.ts";
import type { WireAnswer, WireClient } from "./clients.ts";
import { echoOptions } from "./echo.ts";
import { EchoRequestSchema, EchoResponseSchema } from "./schema.ts";
import { doors, type Listening, serve } from "./server.ts";
import { FetchXhr } from "./xhr.ts";

const way = { protocol: "grpc-web-text", codec: "proto" } as const;
const echo = "/test.v1.EchoService/Echo";
const count = "/test.v1.EchoService/Count";

let server: Listening;
let client: WireClient;

describe.each(doors)("over %s", (door) => {
  beforeEach(async () => {
    server = await serve(door, { ...echoOptions, compressMinBytes: 200 } as TransportOptions);
    client = clientFor(door, server.port);
  });

  afterEach(async () => {
    client.close();
    await server.close();
  });

  const post = async (
    body: string,
    contentType = "application/grpc-web-text",
    path = echo,
    more: [string, string][] = [],
  ) =>
    (await client.send({
      kind: "text",
      httpMethod: "POST",
      path,
      headers: [["content-type", contentType], ...more],
      body: Buffer.from(body),
    })) as WireAnswer;
  const frame = (text: string) => callOf({ ...way, protocol: "grpc-web" }, { text }).body;

  test.each([
    ["application/grpc-web-text", "application/grpc-web-text+proto"],
    ["application/grpc-web-text+proto", "application/grpc-web-text+proto"],
    ["APPLICATION/GRPC-WEB-TEXT", "application/grpc-web-text+proto"],
  ])("%s is answered in %s", async (contentType, expected) => {
    const answer = await post(frame("hello").toString("base64"), contentType);
    expect(answer.headers).toContainEqual(["content-type", expected]);
    expect(told(way, answer)).toMatchObject({ code: undefined, output: { echo: { text: "hello" } } });
  });

  test("the body may be cut into pieces that are padded one by one", async () => {
    const bytes = frame("cut into pieces");
    const pieces = [bytes.subarray(0, 4), bytes.subarray(4, 5), bytes.subarray(5, 10), bytes.subarray(10)];
    const answer = await post(pieces.map((piece) => piece.toString("base64")).join(""));
    expect(told(way, answer)).toMatchObject({ code: undefined, output: { echo: { text: "cut into pieces" } } });
  });

  test.each(["AAAA%", "AAA", "A===", "====", "AA=A", "AAAAA", "-_-_", "AAAA AAAA"])("%s is no base64", async (body) => {
    expect(told(way, await post(body))).toMatchObject({ code: 3, message: "protocol error: the body is not base64" });
  });

  test("envelopes are looked at as in binary", async () => {
    const one = frame("a");
    const bodies: [Buffer, number][] = [
      [Buffer.alloc(0), 12],
      [Buffer.concat([one, one]), 12],
      [one.subarray(0, 3), 3],
      [one.subarray(0, 6), 3],
    ];
    for (const [body, code] of bodies) {
      expect(told(way, await post(body.toString("base64"))).code).toBe(code);
    }
  });

  test("a message that is too large is refused", async () => {
    await server.close();
    server = await serve(door, { ...echoOptions, readMaxBytes: 1000 } as TransportOptions);
    client.close();
    client = clientFor(door, server.port);
    for (const size of [1100, 100_000]) {
      expect(told(way, await post(frame("x".repeat(size)).toString("base64")))).toMatchObject({ code: 8 });
    }
    expect(told(way, await post(frame("x".repeat(900)).toString("base64")))).toMatchObject({ code: undefined });
  });

  test("compression is inside of the text", async () => {
    const request = callOf(way, { padding: 5000 }, { path: echo });
    const answer = await post(request.body.toString(), "application/grpc-web-text", echo, [
      ["grpc-accept-encoding", "gzip"],
    ]);
    expect(answer.headers).toContainEqual(["grpc-encoding", "gzip"]);
    const bytes = Buffer.from(answer.body, "base64");
    expect(bytes[0]).toBe(1);
    expect(bytes.length).toBeLessThan(1000);
  });

  test("errors carry trailers in the text", async () => {
    const failing = callOf(way, { failCode: 5, failMessage: "not here", trailers: { "x-end": "1" } }, { path: echo });
    const answer = told(way, (await client.send(failing)) as WireAnswer);
    expect(answer).toMatchObject({ code: 5, message: "not here", trailers: { "x-end": "1", "x-error": "meta" } });
  });

  test("streams speak it too", async () => {
    const answer = await post(callOf(way, { number: 3, text: "a" }, { path: count }).body.toString(), undefined, count);
    expect(answer.headers).toContainEqual(["content-type", "application/grpc-web-text+proto"]);
    const pieces = answer.body.match(/[^=]+={0,2}/g) ?? [];
    const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64")));
    expect(bytes.toString("latin1")).toContain("grpc-status: 0");
    expect(bytes.toString("latin1").split("nobody").length - 1).toBe(3);
  });

  test("a stream whose body is no base64 is refused", async () => {
    const answer = await post("%%%%%", undefined, count);
    expect(Buffer.from(answer.body, "base64").toString()).toContain("grpc-status: 3");
    const cut = await post("AAAAA", undefined, count);
    expect(Buffer.from(cut.body, "base64").toString()).toContain("grpc-status: 3");
  });

  test("text over a protocol that is turned off is no media type", async () => {
    await server.close();
    server = await serve(door, { ...echoOptions, grpcWeb: false } as TransportOptions);
    client.close();
    client = clientFor(door, server.port);
    expect(await client.send(rawCall(way, Buffer.alloc(0), echo, []))).toMatchObject({ status: 415 });
    expect(await client.send(rawCall(way, Buffer.alloc(0), count, []))).toMatchObject({ status: 415 });
  });
});

describe("with grpc-web's own client", () => {
  type Output = Message & { readonly echo: { readonly text: string } };
  const descriptor = (path: string, type: "unary" | "server_streaming") =>
    new grpcWeb.MethodDescriptor<Message, Output>(
      path,
      type,
      Object as never,
      Object as never,
      (request: Message) => toBinary(EchoRequestSchema, request),
      (bytes: Uint8Array) => fromBinary(EchoResponseSchema, bytes) as Output,
    );

  beforeEach(async () => {
    vi.stubGlobal("XMLHttpRequest", FetchXhr);
    server = await serve("http1", echoOptions as TransportOptions);
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await server.close();
  });

  test("a unary call", async () => {
    const web = new grpcWeb.GrpcWebClientBase({ format: "text" });
    const request = create(EchoRequestSchema, { text: "from the browser", padding: 2000 });
    const output = await web.unaryCall(server.url + echo, request, {}, descriptor(echo, "unary"));
    expect(output.echo.text).toBe("from the browser");
  });

  test("an error with its trailers", async () => {
    const web = new grpcWeb.GrpcWebClientBase({ format: "text" });
    const request = create(EchoRequestSchema, { failCode: 7, failMessage: "not you" });
    const call = web.unaryCall(server.url + echo, request, {}, descriptor(echo, "unary"));
    await expect(call).rejects.toMatchObject({ code: 7, message: "not you", metadata: { "x-error": "meta" } });
  });

  test("a stream", async () => {
    const web = new grpcWeb.GrpcWebClientBase({ format: "text" });
    const request = create(EchoRequestSchema, { number: 3, text: "again" });
    const stream = web.serverStreaming(server.url + count, request, {}, descriptor(count, "server_streaming"));
    const texts: string[] = [];
    stream.on("data", (output) => texts.push(output.echo.text));
    await new Promise((resolve, reject) => {
      stream.on("end", () => resolve(undefined));
      stream.on("error", reject);
    });
    expect(texts).toEqual(["again", "again", "again"]);
  });
});
