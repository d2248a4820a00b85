/**
 * Requests of every kind: good, odd, malformed, truncated, oversized, wrongly encoded.
 */
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { create, type Message, toBinary, toJsonString } from "@bufbuild/protobuf";
import type { Random } from "./random.ts";
import { EchoRequestSchema } from "./schema.ts";

/** One HTTP request, as it goes over the wire. */
export interface WireRequest {
  /** What it is about, for messages of failed tests and for the table of differences. */
  readonly kind: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  /** Leave in the middle: behind the head, in the body, behind it, or behind it once this resolves. */
  readonly leaves?: "head" | "body" | "end" | Promise<unknown>;
}

/** Limits that both servers have, near which requests are made. */
export const limits = { readMaxBytes: 3000, writeMaxBytes: 4000, compressMinBytes: 200, maxTimeoutMs: 60_000 };

/** Quickly: the best quality, which it is by default, would take longer than all that the servers do. */
const brotli = (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

const gzipBomb = gzipSync(Buffer.alloc(100_000));
const brotliBomb = brotli(Buffer.alloc(100_000));

type Headers = [string, string][];
type Wire = "connect" | "get" | "grpc" | "grpc-web" | "connect-stream";

const contentTypes: Record<Exclude<Wire, "get">, readonly [json: readonly string[], proto: readonly string[]]> = {
  connect: [
    ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF8", "Application/JSON"],
    ["application/proto", "application/PROTO"],
  ],
  grpc: [
    ["application/grpc+json", "application/grpc+json; charset=utf-8"],
    ["application/grpc", "application/grpc+proto", "application/GRPC"],
  ],
  "grpc-web": [
    ["application/grpc-web+json", "application/grpc-web+json;charset=utf-8"],
    ["application/grpc-web", "application/grpc-web+proto"],
  ],
  "connect-stream": [["application/connect+json"], ["application/connect+proto"]],
};

const oddContentTypes = [
  "",
  "text/plain",
  "application/json; charset=latin1",
  "application/json; boundary=x",
  "application/json ",
  "application/grpc+thrift",
  "application/grpc-web-texts",
  "application/connect",
  "application/protobuf",
  "application/grpcx",
  "multipart/form-data",
];

/** The next request. */
export function nextRequest(random: Random, streams: boolean): WireRequest {
  const json = random.once(2);
  const wire: Wire = streams
    ? random.of(["grpc", "grpc-web", "connect-stream"] as const)
    : random.of(["connect", "connect", "get", "grpc", "grpc-web"] as const);
  const method = streams
    ? random.of(["Count", "Collect"])
    : wire === "get"
      ? "Look"
      : random.of(["Echo", "Look", "Echo", "Missing"]);
  const message = createMessage(random);
  const kinds: string[] = [wire, json ? "json" : "proto", method];
  const payload = createPayload(random, message, json, kinds);
  const headers = createHeaders(random, wire, kinds);
  return wire === "get"
    ? createGet(random, method, payload, json, headers, kinds)
    : createPost(random, wire, method, payload, json, headers, kinds);
}

function createMessage(random: Random): Message {
  const fields: Record<string, unknown> = { text: random.text(random.below(20)) };
  const maybe = (name: string, value: () => unknown) => {
    if (random.once(4)) {
      fields[name] = value();
    }
  };
  maybe("number", () => random.below(2 ** 31) - 2 ** 30);
  maybe("data", () => random.bytes(random.below(60)));
  maybe("tags", () => Array.from({ length: random.below(4) }, () => random.text(5)));
  maybe("counts", () => ({ [random.text(3)]: BigInt(random.below(1e9)), b: -1n }));
  maybe("wait", () => ({ seconds: BigInt(random.below(100)), nanos: random.below(1e9) }));
  maybe("choice", () =>
    random.of([
      { case: "left", value: "l" },
      { case: "right", value: 5n },
    ]),
  );
  maybe("nested", () => ({ text: "nested", nested: { number: 1 } }));
  maybe("mood", () => random.below(3));
  maybe("flag", () => random.once(2));
  maybe("failCode", () => random.of([0, 1, 2, 3, 5, 7, 8, 9, 12, 13, 14, 16]));
  maybe("failMessage", () => random.text(random.below(15)));
  maybe("headers", () =>
    random.of<unknown>([
      { "x-echo": "1" },
      { "x-echo": "a, b", "set-cookie": "a=1" },
      { "x-echo-bin": "AAEC" },
      { "x bad": "1" },
    ]),
  );
  maybe("trailers", () =>
    random.of<unknown>([{ "x-end": "1" }, { "x-end": "é" }, { "x-end-bin": "/w" }, { "x-end": "line\nbreak" }]),
  );
  maybe("padding", () => random.of([10, 150, 250, 1000, 3500, 3990, 5000]));
  if (random.once(25)) {
    fields.text = random.of(["throw", "throw a string"]);
  }
  if (random.once(20)) {
    fields.data = random.bytes(random.of([2900, 2990, 3000, 3010, 5000]));
  }
  return create(EchoRequestSchema, fields as Record<string, unknown>);
}

function createPayload(random: Random, message: Message, json: boolean, kinds: string[]): Buffer {
  // A mood that the schema does not know has no name in JSON.
  const good = json
    ? Buffer.from(toJsonString(EchoRequestSchema, { ...message, mood: 1 } as Message))
    : Buffer.from(toBinary(EchoRequestSchema, message));
  if (!random.once(4)) {
    return good;
  }
  return json ? spoilJson(random, good, kinds) : spoilBinary(random, good, kinds);
}

function spoilJson(random: Random, good: Buffer, kinds: string[]): Buffer {
  const [kind, bytes] = random.of<readonly [string, Buffer | string]>([
    ["truncated", good.subarray(0, random.below(good.length))],
    ["random", random.bytes(random.below(40))],
    ["empty", ""],
    ["null", "null"],
    ["array", "[]"],
    ["string", '"x"'],
    ["duplicate", '{"text":"a","text":"b"}'],
    ["duplicate by escape", '{"text":"a","te\\u0078t":"b"}'],
    ["duplicate deep", '{"nested":{"counts":{"a":"1","a":"2"}}}'],
    ["no duplicate", '{"text":"a \\" \\\\","nested":{"text":": \\\\\\" {\\"text\\":1}"},"tags":["text","text:"]}'],
    ["two names of one field", '{"fail_code":0,"failCode":0}'],
    ["unknown", '{"nosuch":1,"text":"a"}'],
    ["unknown enum", '{"mood":"MOOD_NONE","text":"a"}'],
    ["wrong type", '{"text":5}'],
    ["wrong number", '{"number":"1.5"}'],
    ["number as text", '{"number":"15","right":"9007199254740993"}'],
    ["out of range", '{"number":99999999999}'],
    ["null field", '{"text":null,"nested":null,"tags":null}'],
    ["null in list", '{"tags":[null]}'],
    ["two of a oneof", '{"left":"a","right":"1"}'],
    ["byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good])],
    [
      "invalid utf-8",
      Buffer.concat([Buffer.from('{"text":"a'), random.bytes(3).map((byte) => byte | 0x80), Buffer.from('"}')]),
    ],
    ["lone surrogate", '{"text":"\\ud800"}'],
    ["proto key", '{"__proto__":{"text":"x"},"text":"a"}'],
    ["whitespace", ` \n\t{ "text" \r\n: "a" , "tags" : [ ] } \n`],
    ["trailing comma", '{"text":"a",}'],
    ["two values", '{"text":"a"}{"text":"b"}'],
    ["deep", `${'{"nested":'.repeat(120)}{}${"}".repeat(120)}`],
    ["duration", '{"wait":"1.5s"}'],
    ["bad duration", '{"wait":"+1s"}'],
    ["base64", '{"data":"_-8"}'],
    ["bad base64", '{"data":"!"}'],
  ]);
  kinds.push(`json ${kind}`);
  return Buffer.from(bytes);
}

function spoilBinary(random: Random, good: Buffer, kinds: string[]): Buffer {
  const [kind, bytes] = random.of<readonly [string, Buffer]>([
    ["truncated", good.subarray(0, random.below(good.length + 1))],
    ["random", random.bytes(random.below(40))],
    ["empty", Buffer.alloc(0)],
    ["unknown field", Buffer.concat([good, Buffer.from([0xfa, 0x3f, 0x01, 0x41])])],
    ["wrong wire type", Buffer.from([0x08, 0x01])],
    ["invalid utf-8", Buffer.from([0x0a, 0x02, 0xff, 0xfe])],
    ["zero tag", Buffer.from([0x00, 0x00])],
    ["long varint", Buffer.alloc(12, 0xff)],
    ["deep", deepBinary(130)],
  ]);
  kinds.push(`proto ${kind}`);
  return bytes;
}

function deepBinary(depth: number): Buffer {
  let bytes = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) {
    const head = bytes.length < 128 ? [0x4a, bytes.length] : [0x4a, (bytes.length & 0x7f) | 0x80, bytes.length >> 7];
    bytes = Buffer.concat([Buffer.from(head), bytes]);
  }
  return bytes;
}

function createHeaders(random: Random, wire: Wire, kinds: string[]): Headers {
  const headers: Headers = [];
  const maybe = (times: number, name: string, values: readonly string[]) => {
    if (random.once(times)) {
      headers.push([name, random.of(values)]);
    }
  };
  const isConnect = wire === "connect" || wire === "get";
  maybe(3, "authorization", ["good", "good", "good", "bad", "crash", "slow"]);
  maybe(5, "x-outer", ["deny", "crash", "replace", "append", "late", "response", "fresh"]);
  maybe(8, "x-inner", ["context"]);
  maybe(6, "x-context", ["of the request"]);
  maybe(6, "x-data-bin", ["AAEC", "AAEC,/w", "!"]);
  maybe(6, "X-Mixed-Case", ["a", "", "a, b", "caf\u00e9"]);
  maybe(10, "cookie", ["a=1; b=2"]);
  maybe(20, "x-long", ["v".repeat(300)]);
  if (random.once(12)) {
    headers.push(["x-twice", "1"], ["x-twice", "2"], ["cookie", "c=3"], ["cookie", "d=4"]);
  }
  maybe(3, "connect-protocol-version", ["1", "1", "2", ""]);
  if (random.once(5)) {
    const values = isConnect
      ? ["1000", "59999", "60001", "0001000", "abc", "-1", "99999999999", "1.5", ""]
      : ["1000m", "30S", "99999999u", "5000000u", "1M", "2M", "1H", "5x", "S", "123456789S", ""];
    headers.push([isConnect ? "connect-timeout-ms" : "grpc-timeout", random.of(values)]);
    kinds.push("timeout");
  }
  const acceptName = isConnect
    ? "accept-encoding"
    : wire === "connect-stream"
      ? "connect-accept-encoding"
      : "grpc-accept-encoding";
  maybe(3, acceptName, ["gzip", "br", "identity", "", "gzip;q=0", "deflate, gzip", "zstd,br , gzip", "*", "GZIP"]);
  return headers;
}

function createPost(
  random: Random,
  wire: Exclude<Wire, "get">,
  method: string,
  payload: Buffer,
  json: boolean,
  headers: Headers,
  kinds: string[],
): WireRequest {
  const isOdd = random.once(20);
  const contentType = isOdd ? random.of(oddContentTypes) : random.of(contentTypes[wire][json ? 0 : 1]);
  if (contentType !== "") {
    headers.push(["content-type", contentType]);
  }
  if (isOdd) {
    kinds.push("odd content-type");
  }
  const body =
    wire === "connect"
      ? createBare(random, payload, headers, kinds)
      : createEnvelopes(random, wire, payload, headers, kinds);
  return finish(
    random,
    { httpMethod: createVerb(random, kinds), path: createPath(random, method, kinds), headers, body },
    kinds,
  );
}

function createBare(random: Random, payload: Buffer, headers: Headers, kinds: string[]): Buffer {
  const [name, bytes] = createEncoding(random, payload, kinds);
  if (name !== undefined) {
    headers.push(["content-encoding", name]);
  }
  return bytes;
}

/** Encoding and bytes, which do not always fit. */
function createEncoding(random: Random, payload: Buffer, kinds: string[]): [string | undefined, Buffer] {
  if (!random.once(3)) {
    return [undefined, payload];
  }
  const gzip = gzipSync(payload);
  const br = brotli(payload);
  const [kind, name, bytes] = random.of<readonly [string, string, Buffer]>([
    ["identity", "identity", payload],
    ["gzip", "gzip", gzip],
    ["gzip", "gzip", gzip],
    ["br", "br", br],
    ["br", "br", br],
    ["unknown", "zstd", payload],
    ["upper case", "GZIP", gzip],
    ["not gzip", "gzip", payload],
    ["not br", "br", random.bytes(30)],
    ["truncated gzip", "gzip", gzip.subarray(0, random.below(gzip.length))],
    ["truncated br", "br", br.subarray(0, 3)],
    ["bomb", "gzip", gzipBomb],
    ["br bomb", "br", brotliBomb],
    ["empty gzip", "gzip", Buffer.alloc(0)],
    ["empty name", "", payload],
  ]);
  kinds.push(`encoding ${kind}`);
  return [name, bytes];
}

function createEnvelopes(random: Random, wire: Wire, payload: Buffer, headers: Headers, kinds: string[]): Buffer {
  const [name, bytes] = createEncoding(random, payload, kinds);
  const header = wire === "connect-stream" ? "connect-content-encoding" : "grpc-encoding";
  if (name !== undefined) {
    headers.push([header, name]);
  }
  const good = envelope(name === undefined || name === "identity" ? 0 : 1, bytes);
  if (!random.once(5)) {
    return good;
  }
  const [kind, body] = random.of<readonly [string, Buffer]>([
    ["no envelope", bytes],
    ["nothing", Buffer.alloc(0)],
    ["truncated head", good.subarray(0, random.below(5))],
    ["truncated body", good.subarray(0, 5 + random.below(bytes.length + 1))],
    ["two", Buffer.concat([good, good])],
    ["three", Buffer.concat([good, good, good])],
    ["good and junk", Buffer.concat([good, random.bytes(random.below(5))])],
    ["good and too large", Buffer.concat([good, Buffer.from([0, 0, 0, 0x10, 0])])],
    ["good and malformed", Buffer.concat([good, envelope(0, Buffer.from([0xff, 0xff]))])],
    ["too large", Buffer.concat([Buffer.from([0, 0, 0, 0x10, 0]), Buffer.alloc(100)])],
    ["huge", Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1])],
    ["compressed without a name", envelope(1, bytes)],
    ["flag 2", envelope(2, bytes)],
    ["flag 128", envelope(128, bytes)],
    ["flag 254", envelope(254, bytes)],
    ["trailers behind", Buffer.concat([good, envelope(128, Buffer.from("x: 1\r\n"))])],
    ["uncompressed", envelope(0, bytes)],
  ]);
  kinds.push(`envelope ${kind}`);
  return Buffer.from(body);
}

function envelope(flags: number, data: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(data.length, 1);
  return Buffer.concat([head, data]);
}

function createGet(
  random: Random,
  method: string,
  payload: Buffer,
  json: boolean,
  headers: Headers,
  kinds: string[],
): WireRequest {
  const [encoding, bytes] = createEncoding(random, payload, kinds);
  const params = new URLSearchParams();
  if (!random.once(4)) {
    params.set("connect", random.of(["v1", "v1", "v1", "v2", "1", ""]));
  }
  if (encoding !== undefined) {
    params.set("compression", encoding);
  }
  const isBase64 = !json || encoding !== undefined || random.once(3);
  if (isBase64) {
    params.set("base64", random.once(20) ? random.of(["0", "true"]) : "1");
    params.set("message", random.once(30) ? "*%" : bytes.toString(random.once(2) ? "base64url" : "base64"));
  } else {
    params.set("message", bytes.toString());
  }
  if (random.once(20)) {
    params.delete("message");
    kinds.push("no message");
  }
  params.set("encoding", random.once(15) ? random.of(["", "xml", "JSON"]) : json ? "json" : "proto");
  if (random.once(10)) {
    headers.push([
      "content-type",
      random.of(["application/json", "application/proto", "text/plain", "application/grpc"]),
    ]);
    kinds.push("get with content-type");
  }
  const path = `${createPath(random, random.once(15) ? "Echo" : method, kinds)}?${params}`;
  return finish(
    random,
    { httpMethod: random.once(20) ? createVerb(random, kinds) : "GET", path, headers, body: Buffer.alloc(0) },
    kinds,
  );
}

function createVerb(random: Random, kinds: string[]): string {
  if (!random.once(25)) {
    return "POST";
  }
  const verb = random.of(["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"]);
  kinds.push(`verb ${verb}`);
  return verb;
}

function createPath(random: Random, method: string, kinds: string[]): string {
  const good = `/test.v1.EchoService/${method}`;
  if (random.once(20)) {
    kinds.push("query");
    return `${good}?token=a%20b&x=${random.of(["1", "'", "|", "%zz", "[]"])}`;
  }
  if (!random.once(25)) {
    return good;
  }
  kinds.push("path");
  return random.of([
    "/",
    "/test.v1.EchoService",
    "/test.v1.EchoService/",
    "/test.v1.EchoService/Nosuch",
    "/test.v1.Nosuch/Echo",
    `${good}/`,
    `/${good}`,
    good.toLowerCase(),
    "/test.v1.EchoService%2FEcho",
    `/api${good}`,
    "/constructor",
  ]);
}

function finish(random: Random, request: Omit<WireRequest, "kind">, kinds: string[]): WireRequest {
  const leaves = random.once(40) ? random.of(["head", "body", "end"] as const) : undefined;
  return { ...request, kind: kinds.join(", "), ...(leaves !== undefined && { leaves }) };
}
