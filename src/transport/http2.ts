/**
 * {@link Exchange} over `node:http2`, on the stream itself: the compatibility objects are made only for who asks.
 */
import {
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { type BodyReading, type BodyRule, readBody } from "./body.ts";
import { payloadLength } from "./codec.ts";
import { resetError } from "./errors.ts";
import { type Answer, discardRest, type Exchange } from "./exchange.ts";
import type { FieldList } from "./headers.ts";
import { originOf } from "./origin.ts";

/** What is discarded of a request that was answered early, before its stream is reset. Other streams are not affected. */
const discardMaxBytes = 256 * 1024;

/** An exchange over HTTP/2. */
export class Http2Exchange implements Exchange {
  readonly request: Http2ServerRequest;
  readonly #response: Http2ServerResponse;
  readonly #stream: ServerHttp2Stream;

  constructor(request: Http2ServerRequest, response: Http2ServerResponse) {
    this.request = request;
    this.#response = response;
    this.#stream = request.stream as ServerHttp2Stream;
  }

  get httpMethod() {
    return this.request.method;
  }

  get target() {
    return this.request.url;
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  get origin() {
    const encrypted = this.#stream.session?.encrypted === true;
    return originOf(encrypted ? "https" : "http", this.request.authority);
  }

  get isGone() {
    return this.#stream.destroyed || this.#stream.closed;
  }

  get goneReason(): unknown {
    return resetError(this.#stream.rstCode ?? constants.NGHTTP2_NO_ERROR);
  }

  onGone(listener: () => void): void {
    this.#stream.once("close", listener);
  }

  read(rule: BodyRule): BodyReading {
    return readBody(this.#stream, rule, () => !this.#stream.aborted);
  }

  answer({ status, head, body, sized, trailers }: Answer): void {
    const stream = this.#stream;
    if (this.isGone) {
      return;
    }
    if (sized) {
      head.push("content-length", String(body === undefined ? 0 : payloadLength(body)));
    }
    this.#response.statusCode = status;
    const headers = headersOf(head, this.#response.getHeaders());
    headers[":status"] = status;
    if (trailers === undefined) {
      stream.respond(headers, { endStream: body === undefined });
    } else {
      this.#response.addTrailers(headersOf(trailers, {}));
      stream.respond(headers, { waitForTrailers: true });
    }
    stream.end(body);
    if (!stream.readableEnded) {
      discardRest(stream, discardMaxBytes, () => stream.close(constants.NGHTTP2_NO_ERROR));
    }
  }
}

function headersOf(fields: FieldList, base: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = Object.assign(Object.create(null), base);
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? "";
    const value = fields[i + 1] ?? "";
    const known = base[name] === undefined ? headers[name] : undefined;
    headers[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [String(known)]), value];
  }
  return headers;
}
