/**
 * Well-formed calls of the test's service in every protocol, and what their answers say.
 */
import { create, fromBinary, type Message, toBinary, toJsonString } from "@bufbuild/protobuf";
import { createHttp1Client, createHttp2Client, type WireAnswer, type WireClient } from "./clients.ts";
import type { WireRequest } from "./requests.ts";
import { EchoRequestSchema, EchoResponseSchema } from "./schema.ts";
import type { Door } from "./server.ts";

/** How a call is spoken. */
export interface Spoken {
  readonly protocol: "connect" | "get" | "grpc" | "grpc-web" | "grpc-web-text" | "connect-stream";
  readonly codec: "json" | "proto";
}

/** Every way to speak a unary call. */
export const everyWay: readonly Spoken[] = (["connect", "get", "grpc", "grpc-web", "grpc-web-text"] as const).flatMap(
  (protocol) => [
    { protocol, codec: "json" as const },
    { protocol, codec: "proto" as const },
  ],
);

/** What an answer comes to, in whatever protocol it was given. */
export interface Told {
  readonly status: number;
  /** Name of the code as Connect spells it, or the number as gRPC does; undefined for a success. */
  readonly code: string | number | undefined;
  readonly message: string;
  readonly headers: Record<string, string>;
  readonly trailers: Record<string, string>;
  /** The first message of the answer. */
  readonly output: (Message & Record<string, unknown>) | undefined;
}

/** A client for a server behind `door`. */
export function clientFor(door: Door, port: number): WireClient {
  return door === "http1" ? createHttp1Client(port) : createHttp2Client(port);
}

/** A call of `Look`, which may be made in every way, or of another method. */
export function callOf(
  spoken: Spoken,
  fields: object,
  more: { path?: string; headers?: [string, string][] } = {},
): WireRequest {
  const path = more.path ?? "/test.v1.EchoService/Look";
  const message = create(EchoRequestSchema, fields as Record<string, unknown>);
  const payload =
    spoken.codec === "json" ? toJsonString(EchoRequestSchema, message) : toBinary(EchoRequestSchema, message);
  return rawCall(spoken, Buffer.from(payload), path, more.headers ?? []);
}

/** A call whose message is `payload`, whatever that is. */
export function rawCall(spoken: Spoken, payload: Buffer, path: string, headers: [string, string][]): WireRequest {
  const kind = `${spoken.protocol} ${spoken.codec}`;
  if (spoken.protocol === "get") {
    const query = `encoding=${spoken.codec}&base64=1&message=${payload.toString("base64url")}`;
    return { kind, httpMethod: "GET", path: `${path}?${query}`, headers, body: Buffer.alloc(0) };
  }
  const all: [string, string][] = [["content-type", contentTypeOf(spoken)], ...headers];
  return { kind, httpMethod: "POST", path, headers: all, body: bodyOf(spoken, payload) };
}

/** Reads an answer. */
export function told(spoken: Spoken, answer: WireAnswer): Told {
  const headers = Object.fromEntries(answer.headers);
  if (spoken.protocol === "connect" || spoken.protocol === "get") {
    return toldByConnect(answer, headers);
  }
  const text = spoken.protocol === "grpc-web-text" ? Buffer.from(answer.body, "latin1").toString() : answer.body;
  const body = spoken.protocol === "grpc-web-text" ? Buffer.from(text, "base64") : Buffer.from(text, "latin1");
  const frames = framesOf(body);
  const block = frames.find(({ flags }) => flags === 128)?.data.toString("latin1") ?? "";
  const trailers = spoken.protocol === "grpc" ? Object.fromEntries(answer.trailers) : parseBlock(block);
  const message = frames.find(({ flags }) => flags === 0)?.data;
  const status = Number(trailers["grpc-status"]);
  return {
    status: answer.status,
    code: status === 0 ? undefined : status,
    message: decodeURIComponent(trailers["grpc-message"] ?? ""),
    headers,
    trailers,
    output: message && spoken.codec === "proto" ? parseOutput(message) : undefined,
  };
}

function toldByConnect(answer: WireAnswer, headers: Record<string, string>): Told {
  const isError = answer.status !== 200;
  const body = isError ? (JSON.parse(answer.body || "{}") as { code?: string; message?: string }) : {};
  const isProto = headers["content-type"] === "application/proto";
  const trailers = Object.entries(headers).filter(([name]) => name.startsWith("trailer-"));
  return {
    status: answer.status,
    code: isError ? body.code : undefined,
    message: body.message ?? "",
    headers,
    trailers: Object.fromEntries(trailers.map(([name, value]) => [name.slice(8), value])),
    output: !isError && isProto ? parseOutput(Buffer.from(answer.body, "latin1")) : undefined,
  };
}

function contentTypeOf({ protocol, codec }: Spoken): string {
  return protocol === "connect"
    ? `application/${codec}`
    : `application/${protocol.replace("connect-stream", "connect")}+${codec}`;
}

function bodyOf({ protocol }: Spoken, payload: Buffer): Buffer {
  if (protocol === "connect") {
    return payload;
  }
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length, 1);
  const framed = Buffer.concat([head, payload]);
  return protocol === "grpc-web-text" ? Buffer.from(framed.toString("base64")) : framed;
}

function framesOf(body: Buffer): { flags: number; data: Buffer }[] {
  const frames: { flags: number; data: Buffer }[] = [];
  for (let at = 0; at + 5 <= body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    frames.push({ flags: body[at] ?? 0, data: body.subarray(at + 5, end) });
    at = end;
  }
  return frames;
}

function parseBlock(block: string): Record<string, string> {
  const lines = block.split("\r\n").filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
}

function parseOutput(bytes: Buffer): Message & Record<string, unknown> {
  return fromBinary(EchoResponseSchema, new Uint8Array(bytes)) as Message & Record<string, unknown>;
}
