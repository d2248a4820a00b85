/**
 * The patience with clients that send slowly.
 */

import { Code, ConnectError } from "@connectrpc/connect";
import { Chain, type Linked } from "../lib/chain.ts";

/** What waits for a body. */
export interface Waiting extends Linked<Waiting> {
  /** When it began, as `performance.now()` tells it. */
  waitingSince: number;
  /** The client took too long. */
  onSlow(error: ConnectError): void;
}

/**
 * All bodies that are being read, in the order in which reading began: one timer for all of them, since most are there
 * at once and a timer for each would cost more than reading it.
 */
export class Reads {
  readonly #timeoutMs: number;
  readonly #waiting = new Chain<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs how long a body may take, from head to last byte */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  add(waiting: Waiting): void {
    waiting.waitingSince = performance.now();
    this.#waiting.add(waiting);
    this.#timer ??= this.#wait(this.#timeoutMs);
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#expire(), ms).unref();
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const waiting of this.#waiting) {
      const left = waiting.waitingSince + this.#timeoutMs - now;
      if (left > 0) {
        this.#timer = this.#wait(left);
        return;
      }
      this.#waiting.delete(waiting);
      waiting.onSlow(slowError(this.#timeoutMs));
    }
  }
}

function slowError(timeoutMs: number): ConnectError {
  return new ConnectError(`the request message did not arrive within ${timeoutMs} ms`, Code.DeadlineExceeded);
}
