import type { DescMethod, JsonObject } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import { callJson, type JsonAnswer } from "../../support/call.ts";

/** HTTP statuses of what a stream can be refused with before it begins (https://connectrpc.com/docs/protocol#error-codes). */
const STATUSES: Partial<Record<Code, number>> = {
  [Code.InvalidArgument]: 400,
  [Code.FailedPrecondition]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
};

/** Bit of an envelope's flags that says that it is the last one. */
const END_STREAM = 0b10;

/** Calls a method over Connect in JSON; of a stream, only the beginning is waited for. */
export function invoke(
  server: { readonly url: string },
  method: DescMethod,
  request: JsonObject,
  headers: Readonly<Record<string, string>>,
): Promise<JsonAnswer> {
  const service = method.parent.typeName;
  if (method.methodKind === "unary") return callJson(server, method.name, request, { service, headers });
  return beginStream(`${server.url}/${service}/${method.name}`, request, headers);
}

/** The first message of a stream, or its refusal as a unary call would have it. */
async function beginStream(
  url: string,
  request: JsonObject,
  headers: Readonly<Record<string, string>>,
): Promise<JsonAnswer> {
  const abort = new AbortController();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/connect+json", ...headers },
    body: envelope(request),
    signal: abort.signal,
  });
  const { flags, json } = await firstEnvelope(response);
  abort.abort();
  if ((flags & END_STREAM) === 0) return { status: response.status, headers: response.headers, body: json };
  const all = new Headers(response.headers);
  for (const [name, values] of Object.entries(json.metadata ?? {})) all.set(name, String(values));
  const code = codeFromString(json.error?.code ?? "");
  return { status: (code && STATUSES[code]) ?? 500, headers: all, body: json.error };
}

function envelope(request: JsonObject): Uint8Array<ArrayBuffer> {
  const body = Buffer.from(JSON.stringify(request));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return new Uint8Array(Buffer.concat([head, body]));
}

async function firstEnvelope(response: Response): Promise<{ flags: number; json: JsonAnswer["body"] }> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of response.body ?? []) {
    bytes = Buffer.concat([bytes, chunk as Uint8Array]);
    if (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt32BE(1)) {
      return { flags: bytes.readUInt8(0), json: JSON.parse(bytes.subarray(5, 5 + bytes.readUInt32BE(1)).toString()) };
    }
  }
  throw new Error(`the stream ended with ${response.status} before it began`);
}
