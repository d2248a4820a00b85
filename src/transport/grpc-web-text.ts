/**
 * gRPC-Web text for streams: base64 around the binary protocol, which connect-node speaks.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { decodeBase64Pieces } from "./base64.ts";

const textType = /^application\/grpc-web-text/i;
const binaryType = /^application\/grpc-web/i;

/** Whether the request is in gRPC-Web text. */
export function isTextRequest(request: UniversalServerRequest): boolean {
  return textType.test(request.header.get("content-type") ?? "");
}

/** The same request in binary. */
export function toBinaryRequest(request: UniversalServerRequest): UniversalServerRequest {
  const header = new Headers(request.header);
  header.set("content-type", (header.get("content-type") ?? "").replace(textType, "application/grpc-web"));
  return { ...request, header, body: decode(request.body as AsyncIterable<Uint8Array>) };
}

/** The same response in text; an answer of plain HTTP stays as it is. */
export function toTextResponse(response: UniversalServerResponse): UniversalServerResponse {
  const contentType = response.header?.get("content-type");
  if (!contentType || response.body === undefined) {
    return response;
  }
  const header = new Headers(response.header);
  header.set("content-type", contentType.replace(binaryType, "application/grpc-web-text"));
  return { ...response, header, body: encode(response.body) };
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const text = rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = text.byteLength - (text.byteLength % 4);
    rest = text.subarray(whole);
    yield decodeOrThrow(text.subarray(0, whole));
  }
  if (rest.byteLength > 0) {
    yield decodeOrThrow(rest);
  }
}

function decodeOrThrow(text: Uint8Array): Uint8Array {
  const bytes = decodeBase64Pieces(text);
  if (bytes === undefined) {
    throw new ConnectError("protocol error: the body is not base64", Code.InvalidArgument);
  }
  return bytes;
}

/** Every chunk becomes a padded piece of its own, so that it can leave at once. */
async function* encode(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    yield Buffer.from(bytes.toString("base64"));
  }
}
