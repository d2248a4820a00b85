/**
 * {@link Exchange} over `node:http` and `node:https`.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type BodyReading, type BodyRule, readBody } from "./body.ts";
import { payloadLength } from "./codec.ts";
import { type Answer, discardRest, type Exchange } from "./exchange.ts";
import { originOf } from "./origin.ts";

/** Small binary answers leave as a latin1 string, which Node joins with the head into one write. */
const joinMaxBytes = 16 * 1024;

/** An exchange over HTTP/1.1. */
export class Http1Exchange implements Exchange {
  readonly request: IncomingMessage;
  readonly #response: ServerResponse;

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

  read(rule: BodyRule): BodyReading {
    return readBody(this.request, rule, () => this.request.complete);
  }

  answer({ status, head, body, sized, trailers }: Answer): void {
    const response = this.#response;
    if (response.destroyed) {
      return;
    }
    if (sized || trailers === undefined) {
      head.push("content-length", String(body === undefined ? 0 : payloadLength(body)));
    }
    response.writeHead(status, head);
    if (trailers !== undefined) {
      response.addTrailers(pairs(trailers));
    }
    if (body instanceof Uint8Array && body.byteLength <= joinMaxBytes) {
      response.end(latin1Of(body), "latin1");
    } else {
      response.end(body);
    }
    if (!this.request.complete) {
      discardRest(this.request, () => this.request.socket.destroySoon());
    }
  }
}

function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function pairs(fields: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    result.push([fields[i] ?? "", fields[i + 1] ?? ""]);
  }
  return result;
}
