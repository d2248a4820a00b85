import { Http2ServerRequest } from "node:http2";

/**
 * An HTTP/2 request whose body fails when its stream is reset. Node's own would end it as if it were complete, and a
 * reader would take the part that arrived for the whole.
 */
export class CancelableHttp2Request extends Http2ServerRequest {
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk !== null || !this.aborted) return super.push(chunk, encoding);
    failBody(this, "the request was cancelled");
    return false;
  }
}

/** Makes the reader of a request's body fail, if there is one. */
export function failBody(req: Http2ServerRequest, message: string): void {
  // The reader may be gone by the time the error is emitted, which would then end the process.
  req.on("error", () => {});
  req.destroy(new Error(message));
}
