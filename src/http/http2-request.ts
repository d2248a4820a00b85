import { Http2ServerRequest } from "node:http2";

/**
 * An HTTP/2 request whose body fails when its stream is reset. Node's own would end it as if it were complete, and a
 * reader would take the part that arrived for the whole.
 */
export class CancelableHttp2Request extends Http2ServerRequest {
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk !== null || !this.aborted) return super.push(chunk, encoding);
    this.destroy(this.listenerCount("error") > 0 ? new Error("the request was cancelled") : undefined);
    return false;
  }
}
