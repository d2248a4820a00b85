/**
 * Reads a request body once, within its limits.
 */
import type { Readable } from "node:stream";
import type { ConnectError } from "@connectrpc/connect";
import { readSizeError } from "./codec.ts";
import { goneError } from "./errors.ts";

/** Bytes in front of an enveloped message: one of flags, four of length. */
export const envelopeHeadLength = 5;

/** What a body may be. */
export interface BodyRule {
  /** The largest message, in bytes. */
  readonly readMaxBytes: number;
  /** Whether the body is a message as it is, or in an envelope (gRPC), or that in base64 (gRPC-Web text). */
  readonly framing: "bare" | "envelope" | "base64";
  /** From the header, when it has one. */
  readonly contentLength: number | undefined;
}

/** A body being read. */
export interface BodyReading {
  readonly bytes: Promise<Uint8Array>;
  /** Gives up: `bytes` rejects with `reason`, and what is still to come is discarded. */
  cancel(reason: unknown): void;
}

/**
 * Reads `source` to its end.
 * @param isWhole whether the end that was seen is the client's own, not a broken connection
 * @throws ConnectError (as a rejection) `resource_exhausted` as soon as the limit is known to be passed, `canceled`
 *   when the client goes away in the middle
 */
export function readBody(source: Readable, rule: BodyRule, isWhole: () => boolean): BodyReading {
  const collector = new Collector(rule);
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const stop = () => {
    source.off("data", onData);
    source.off("end", onEnd);
    source.off("close", onClose);
  };
  const cancel = (reason: unknown) => {
    stop();
    reject(reason);
  };
  const onData = (chunk: Buffer) => {
    const error = collector.add(chunk);
    if (error !== undefined) {
      cancel(error);
    } else if (collector.isFull) {
      stop();
      resolve(collector.bytes());
    }
  };
  const onEnd = () => {
    if (isWhole()) {
      stop();
      resolve(collector.bytes());
    } else {
      onClose();
    }
  };
  const onClose = () => cancel(goneError());
  if (source.readableEnded) {
    // A body without a byte ends on HTTP/2 whether anybody reads it or not.
    onEnd();
    return { bytes: promise, cancel };
  }
  if (source.destroyed) {
    onClose();
    return { bytes: promise, cancel };
  }
  source.on("data", onData);
  source.on("end", onEnd);
  source.on("close", onClose);
  source.resume();
  return { bytes: promise, cancel };
}

/**
 * Refuses a whole body as {@link readBody} does, except that an envelope says for itself what is in it.
 * @throws ConnectError `resource_exhausted`
 */
export function checkBody(bytes: Buffer, rule: BodyRule): void {
  const limit = initialLimit(rule);
  if (limit !== undefined && bytes.length > limit) {
    throw readSizeError(undefined, rule.readMaxBytes);
  }
}

/** Gathers chunks and watches the limit. */
class Collector {
  readonly #rule: BodyRule;
  #first: Buffer | undefined;
  #chunks: Buffer[] | undefined;
  #length = 0;
  #limit: number | undefined;

  constructor(rule: BodyRule) {
    this.#rule = rule;
    this.#limit = initialLimit(rule);
  }

  /** Whether enough was read to tell that the client sent more than one message. */
  get isFull(): boolean {
    return this.#rule.framing === "envelope" && this.#limit !== undefined && this.#length >= this.#limit;
  }

  /** Takes a chunk; answers the refusal when the limit is passed. */
  add(chunk: Buffer): ConnectError | undefined {
    this.#length += chunk.length;
    if (this.#first === undefined) {
      this.#first = chunk;
    } else {
      this.#chunks ??= [this.#first];
      this.#chunks.push(chunk);
    }
    if (this.#rule.framing === "envelope") {
      return this.#limit === undefined ? this.#checkEnvelope() : undefined;
    }
    return this.#limit !== undefined && this.#length > this.#limit
      ? readSizeError(undefined, this.#rule.readMaxBytes)
      : undefined;
  }

  bytes(): Uint8Array {
    if (this.#chunks !== undefined) {
      return Buffer.concat(this.#chunks, this.#length);
    }
    return this.#first ?? Buffer.alloc(0);
  }

  #checkEnvelope(): ConnectError | undefined {
    if (this.#length < envelopeHeadLength) {
      return undefined;
    }
    const head = Buffer.concat(this.#chunks ?? [this.#first ?? Buffer.alloc(0)]);
    const size = head.readUInt32BE(1);
    const { readMaxBytes } = this.#rule;
    // One message, and at most one more: that there is a second one is all that needs to be known.
    this.#limit = 2 * envelopeHeadLength + size + readMaxBytes;
    return size > readMaxBytes ? readSizeError(size, readMaxBytes) : undefined;
  }
}

function initialLimit(rule: BodyRule): number | undefined {
  switch (rule.framing) {
    case "bare":
      return rule.readMaxBytes;
    case "envelope":
      return undefined;
    case "base64":
      return Math.ceil(((2 * envelopeHeadLength + 2 * rule.readMaxBytes) * 4) / 3) + 8;
  }
}
