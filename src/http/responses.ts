import { type IncomingMessage, ServerResponse } from "node:http";
import { type Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { NodeResponse } from "./node-http.ts";

type Callback = (error?: Error | null) => void;

/** An HTTP/1.1 response that counts the bytes of its body. */
export class CountingHttp1Response extends ServerResponse<IncomingMessage> {
  /** Bytes of the body so far, before any transfer coding. */
  bodyBytes = 0;

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    this.bodyBytes += byteLength(chunk, encoding);
    return super.write(chunk, encoding as BufferEncoding, callback);
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void): this {
    this.bodyBytes += byteLength(chunk, encoding);
    return super.end(chunk, encoding as BufferEncoding, callback);
  }
}

/** An HTTP/2 response that counts the bytes of its body; node's `end` passes its chunk on to `write`. */
export class CountingHttp2Response extends Http2ServerResponse<Http2ServerRequest> {
  /** Bytes of the body so far. */
  bodyBytes = 0;

  override write(
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error: Error) => void),
    callback?: (error: Error) => void,
  ): boolean {
    this.bodyBytes += byteLength(chunk, encoding);
    return super.write(chunk, encoding as BufferEncoding, callback);
  }
}

/** Bytes of the response's body so far; undefined when the response is not one of this listener's. */
export function bodyBytes(res: NodeResponse): number | undefined {
  return res instanceof CountingHttp1Response || res instanceof CountingHttp2Response ? res.bodyBytes : undefined;
}

function byteLength(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === "string") {
    return Buffer.byteLength(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
  }
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}
