/**
 * Answers with compression undone, so that what they say can be read.
 */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { WireAnswer } from "./clients.ts";

/** `answer` with a body that is not compressed, neither whole nor in envelopes, and gRPC's messages decoded. */
export function readable(answer: WireAnswer): WireAnswer {
  const { headers, trailers, body } = uncompressed(answer);
  const decoded = (fields: WireAnswer["headers"]) =>
    fields.map(([name, value]) => [name, name === "grpc-message" ? decodeURIComponent(value) : value] as const);
  return {
    status: answer.status,
    headers: decoded(headers),
    trailers: decoded(trailers),
    body: body.replace(/(grpc-message: )(.*)/g, (_, name: string, value: string) => name + decodeURIComponent(value)),
  };
}

function uncompressed(answer: WireAnswer): WireAnswer {
  const field = (name: string) => answer.headers.find(([key]) => key === name)?.[1];
  const encoding = field("content-encoding");
  if (encoding !== undefined) {
    return { ...answer, body: decompress(Buffer.from(answer.body, "latin1"), encoding).toString("latin1") };
  }
  const isGrpc = field("content-type")?.startsWith("application/grpc") === true;
  return isGrpc ? { ...answer, body: openEnvelopes(answer.body, field("grpc-encoding") ?? "identity") } : answer;
}

function openEnvelopes(body: string, encoding: string): string {
  const bytes = Buffer.from(body, "latin1");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    const data = bytes.subarray(at + 5, end);
    const isCompressed = ((bytes[at] ?? 0) & 1) === 1;
    text += `[${(bytes[at] ?? 0) & 0xfe}]${(isCompressed ? decompress(data, encoding) : data).toString("latin1")}`;
    at = end;
  }
  return text;
}

function decompress(bytes: Buffer, encoding: string): Buffer {
  return encoding === "br" ? brotliDecompressSync(bytes) : gunzipSync(bytes);
}
