/**
 * {@link Exchange} over `node:http2`, on the stream itself.
 */
import {
  constants,
  Http2ServerRequest,
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
import type { NodeServerRequest } from "./node.ts";
import { originOf } from "./origin.ts";

/** What is discarded of a request that was answered early, before its stream is reset. Other streams are not affected. */
const patience = { bytes: 256 * 1024, ms: 1000 };

/** Whether Node takes a list of fields in place of an object: each field is then looked at once less. */
const takesLists = isNodeFrom(24, 7);

/** What the host has beside the stream. */
export interface Hosted {
  /** What hooks get as the request. */
  readonly request?: NodeServerRequest | undefined;
  /** Node's own, made for every request listener of `node:http2`. */
  readonly response?: Http2ServerResponse | undefined;
}

/** An exchange over HTTP/2. */
export class Http2Exchange implements Exchange {
  readonly headers: IncomingHttpHeaders;
  fields: readonly string[] = [];
  readonly #stream: ServerHttp2Stream;
  readonly #response: Http2ServerResponse | undefined;
  #request: NodeServerRequest | undefined;
  /** Nothing of the request is left to be read. */
  #isTaken = false;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, { request, response }: Hosted) {
    this.headers = headers;
    this.#stream = stream;
    this.#request = request;
    this.#response = response;
    if (response === undefined) {
      // A client that resets its stream is no error of ours, and `close` tells of it.
      stream.on("error", ignore);
    }
  }

  get httpMethod(): string {
    return String(this.headers[":method"]);
  }

  get target(): string {
    return String(this.headers[":path"]);
  }

  get request(): NodeServerRequest {
    this.#request ??= new Http2ServerRequest(this.#stream, this.headers, {}, rawHeadersOf(this.headers));
    return this.#request;
  }

  get origin(): string {
    const authority = this.headers[":authority"] ?? this.headers.host;
    return originOf(this.#stream.session?.encrypted === true ? "https" : "http", authority as string | undefined);
  }

  get isGone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  get goneReason(): unknown {
    return resetError(this.#stream.rstCode ?? constants.NGHTTP2_NO_ERROR);
  }

  onGone(listener: () => void): void {
    this.#stream.once("close", listener);
  }

  takeArrived(): Buffer | undefined {
    const stream = this.#stream;
    const isWhole = stream.readable && stream.state.state === constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE;
    if (!isWhole) {
      return undefined;
    }
    this.#isTaken = true;
    return stream.read() ?? Buffer.alloc(0);
  }

  read(rule: BodyRule): BodyReading {
    return readBody(this.#stream, rule, () => !this.#stream.aborted);
  }

  /** Streams are always closed behind the answer. */
  dismiss(): void {}

  answer({ status, head, body, sized, trailers }: Answer): void {
    const stream = this.#stream;
    if (this.isGone) {
      return;
    }
    if (sized) {
      head.push("content-length", String(body === undefined ? 0 : payloadLength(body)));
    }
    const headers = this.#headersOf(status, head);
    if (trailers === undefined) {
      stream.respond(headers, { endStream: body === undefined });
    } else {
      this.#announceTrailers(headersOf(trailers, undefined));
      stream.respond(headers, { waitForTrailers: true });
    }
    stream.end(body);
    if (!this.#isTaken && !stream.readableEnded) {
      discardRest(stream, patience, () => stream.close(constants.NGHTTP2_NO_ERROR));
    }
  }

  #headersOf(status: number, head: FieldList): OutgoingHttpHeaders | readonly string[] {
    const response = this.#response;
    if (response === undefined && takesLists) {
      return [":status", String(status), ...this.fields, ...head];
    }
    head.unshift(...this.fields);
    // Over what the host set on Node's response before; the status is for its logs.
    const headers = headersOf(head, response?.getHeaders());
    headers[":status"] = status;
    if (response !== undefined) {
      response.statusCode = status;
    }
    return headers;
  }

  #announceTrailers(trailers: OutgoingHttpHeaders): void {
    if (this.#response === undefined) {
      this.#stream.on("wantTrailers", senderOf(trailers));
    } else {
      // Node's own response listens already, and would send its trailers first.
      this.#response.addTrailers(trailers);
    }
  }
}

/** What sends trailers and knows nothing else of the call: Node keeps for long what listens to a stream. */
function senderOf(trailers: OutgoingHttpHeaders) {
  return function (this: ServerHttp2Stream): void {
    this.sendTrailers(trailers);
  };
}

/** The fields as an object for Node, over those that the host set before. */
function headersOf(fields: FieldList, base: OutgoingHttpHeaders | undefined): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = Object.create(null);
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? "";
    const value = fields[i + 1] ?? "";
    const known = headers[name];
    headers[name] = known === undefined ? value : [known, value].flat().map(String);
  }
  for (const name in base) {
    headers[name] ??= base[name];
  }
  return headers;
}

function isNodeFrom(major: number, minor: number): boolean {
  const [runningMajor = 0, runningMinor = 0] = process.versions.node.split(".").map(Number);
  return runningMajor > major || (runningMajor === major && runningMinor >= minor);
}

function rawHeadersOf(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [value ?? ""].flat().flatMap((one) => [name, one]));
}

function ignore(): void {}
