/**
 * Answers with compression undone, so that what they say can be read.
 */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { WireAnswer } from "./clients.ts";

/** `answer` with a body that is not compressed, neither whole nor in envelopes. */
export function readable(answer: WireAnswer): WireAnswer {
  const field = (name: string) => answer.headers.find(([key]) => key === name)?.[1];
  const encoding = field("content-encoding");
  if (encoding !== undefined) {
    return { ...answer, body: decompress(Buffer.from(answer.body, "latin1"), encoding).toString("latin1") };
  }
  const ofEnvelopes = field("grpc-encoding");
  return ofEnvelopes === undefined ? answer : { ...answer, body: openEnvelopes(answer.body, ofEnvelopes) };
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
