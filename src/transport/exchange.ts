/**
 * The HTTP side of one call: what arrived, and one answer.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { BodyReading, BodyRule } from "./body.ts";
import type { Payload } from "./codec.ts";
import type { FieldList } from "./headers.ts";
import type { NodeServerRequest } from "./node.ts";

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  /** Without content-length. */
  readonly head: FieldList;
  readonly body: Payload | undefined;
  /** Whether content-length is sent; always so for an answer without trailers on HTTP/1.1. */
  readonly sized: boolean;
  readonly trailers: FieldList | undefined;
}

/** One request and its answer, the same over HTTP/1.1 and HTTP/2. */
export interface Exchange {
  readonly httpMethod: string;
  /** The request target: path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Node's own object for the request. */
  readonly request: NodeServerRequest;
  /** `https://host:port`, without a path. */
  readonly origin: string;
  /** What every answer carries in front of its own head. */
  fields: readonly string[];
  /** Whether the client went away before the answer was out. */
  readonly isGone: boolean;
  /** Why the client's side ended, in the words of the protocol; undefined when it did not say. */
  readonly goneReason: unknown;
  /** Calls `listener` once when the client goes away. */
  onGone(listener: () => void): void;
  /** The whole body, once, if it has arrived already; otherwise undefined, and {@link read} waits for it. */
  takeArrived(): Buffer | undefined;
  read(rule: BodyRule): BodyReading;
  /** The connection is to be closed behind the answer: its client is too slow to be waited for. */
  dismiss(): void;
  /** Sends the answer and discards what is left of the request, within bounds. Does nothing when the client is gone. */
  answer(answer: Answer): void;
}

/** How much is discarded of a request behind its answer, in bytes and milliseconds. */
export interface Patience {
  readonly bytes: number;
  readonly ms?: number;
}

/**
 * Discards what a client still sends behind its answer, so that it is neither blocked by flow control nor cut off before
 * it read the answer. `giveUp` is called once when that gets too much or takes too long.
 */
export function discardRest(source: Readable, patience: Patience, giveUp: () => void): void {
  let left = patience.bytes;
  const stop = () => {
    clearTimeout(timer);
    source.off("data", onData);
    source.off("close", stop);
  };
  const tire = () => {
    stop();
    giveUp();
  };
  const onData = (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) {
      tire();
    }
  };
  const timer = patience.ms === undefined ? undefined : setTimeout(tire, patience.ms).unref();
  source.on("data", onData);
  source.on("close", stop);
  source.resume();
}
