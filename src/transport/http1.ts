/**
 * {@link Exchange} over `node:http` and `node:https`.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type BodyReading, type BodyRule, readBody } from "./body.ts";
import { type Payload, payloadLength } from "./codec.ts";
import { type Answer, discardRest, type Exchange } from "./exchange.ts";
import type { FieldList } from "./headers.ts";
import { originOf } from "./origin.ts";

/** The largest binary body that is worth joining with the head. */
const joinMaxBytes = 16 * 1024;

/** A body with a content-length up to this is read to its end after an early answer, and the connection lives on. */
const announcedMaxBytes = 256 * 1024;

/** So is a body without one, up to this; behind it the connection is cut without a warning. */
const surpriseMaxBytes = 16 * 1024 * 1024;

/** How long a client that is told to close its connection may take to read why. */
const closeDelayMs = 1000;

/** An exchange over HTTP/1.1. */
export class Http1Exchange implements Exchange {
  readonly request: IncomingMessage;
  fields: readonly string[] = [];
  readonly #response: ServerResponse;
  #isDismissed = false;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.#response = response;
  }

  get httpMethod() {
    return this.request.method ?? "";
  }

  get target() {
    return this.request.url ?? "";
  }

  get headers() {
    return this.request.headers;
  }

  get origin() {
    const encrypted = "encrypted" in this.request.socket && this.request.socket.encrypted === true;
    return originOf(encrypted ? "https" : "http", this.request.headers.host);
  }

  get isGone() {
    return this.#response.destroyed;
  }

  get goneReason(): unknown {
    return this.request.errored ?? undefined;
  }

  onGone(listener: () => void): void {
    this.#response.once("close", () => {
      if (!this.#response.writableFinished) {
        listener();
      }
    });
  }

  takeArrived(): Buffer | undefined {
    const { request } = this;
    return request.complete && request.readable ? (request.read() ?? Buffer.alloc(0)) : undefined;
  }

  read(rule: BodyRule): BodyReading {
    return readBody(this.request, rule, () => this.request.complete);
  }

  dismiss(): void {
    this.#isDismissed = true;
  }

  answer({ status, head, body, sized, trailers }: Answer): void {
    const response = this.#response;
    if (response.destroyed) {
      return;
    }
    const fields = [...this.fields, ...head];
    if (sized || trailers === undefined) {
      fields.push("content-length", String(body === undefined ? 0 : payloadLength(body)));
    }
    if (trailers !== undefined) {
      response.addTrailers(pairs(trailers));
    }
    if (this.#isDismissed || (!this.request.complete && this.#announces(announcedMaxBytes))) {
      this.#answerAndClose(status, fields, body);
      return;
    }
    response.writeHead(status, fields);
    const latin1 = body === undefined ? undefined : latin1Of(body);
    if (latin1 === undefined) {
      response.end(body instanceof Uint8Array ? body : Buffer.from(body ?? ""));
    } else {
      response.end(latin1, "latin1");
    }
    if (!this.request.complete) {
      discardRest(this.request, { bytes: surpriseMaxBytes }, () => this.request.socket.destroySoon());
    }
  }

  /**
   * An answer behind which the connection is closed. Node does so at its end, and closing a connection with unread bytes
   * resets it under the eyes of a client that reads the answer: so the end waits for a while.
   */
  #answerAndClose(status: number, fields: FieldList, body: Payload | undefined): void {
    const response = this.#response;
    response.writeHead(status, [...fields, "connection", "close"]);
    response.write(typeof body === "string" ? Buffer.from(body) : (body ?? ""));
    const end = () => response.end();
    this.request.once("end", end);
    discardRest(this.request, { bytes: announcedMaxBytes, ms: closeDelayMs }, end);
  }

  #announces(bytes: number): boolean {
    return Number(this.request.headers["content-length"]) > bytes;
  }
}

/**
 * The body as a latin1 string, which Node joins with the head into one write; undefined when it is not worth it, or not
 * possible. Any other encoding would be applied to the head as well, whose bytes are latin1.
 */
function latin1Of(body: Payload): string | undefined {
  if (typeof body === "string") {
    return Buffer.byteLength(body) === body.length ? body : undefined;
  }
  return body.byteLength <= joinMaxBytes
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1")
    : undefined;
}

function pairs(fields: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    result.push([fields[i] ?? "", fields[i + 1] ?? ""]);
  }
  return result;
}
