import { MAX_STEPS } from "./limits.ts";

/** Raised where an evaluation reaches a limit. The meter remembers it, so that no operator can swallow it. */
export class LimitReached extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LimitReached";
  }
}

/** Counts the steps of one evaluation at a time; see `limits.ts` for what a step is. */
export class Meter {
  #steps = 0;
  #reached: LimitReached | undefined;

  /** Steps since the last reset; at most `MAX_STEPS`. */
  get steps(): number {
    return this.#steps;
  }

  /** The first limit that this evaluation reached. */
  get reached(): LimitReached | undefined {
    return this.#reached;
  }

  reset(): void {
    this.#steps = 0;
    this.#reached = undefined;
  }

  /**
   * Counts steps before the work that they stand for.
   * @throws LimitReached when they do not fit, and on every later call.
   */
  charge(steps: number): void {
    const total = this.#steps + Math.ceil(steps);
    if (this.#reached !== undefined || total > MAX_STEPS) {
      this.#steps = MAX_STEPS;
      this.fail(`the evaluation needs more than ${MAX_STEPS} steps for these claims`);
    }
    this.#steps = total;
  }

  /** Gives back steps that were charged for the worst case and not needed. */
  refund(steps: number): void {
    this.#steps -= Math.floor(steps);
  }

  /** Ends the evaluation with a limit. */
  fail(message: string): never {
    this.#reached ??= new LimitReached(message);
    throw this.#reached;
  }
}
