/** Most results that are kept at once. */
const MOST = 4000;

/** What was read, and what was asked for. */
interface KeptResult {
  readonly args: readonly unknown[];
  readonly result: Promise<unknown>;
}

/** How often this process has committed to any database. */
let commits = 0;

/** To be called behind every commit, before anybody is told of it. */
export function noteCommit(): void {
  commits++;
}

/**
 * What was read outside of transactions, as long as the database proves that nothing at all was committed since, by any
 * process. So nothing that is kept is older than what a read would find now.
 *
 * The proof is asked for once in each run of the microtask queue: whatever a call of that run follows from, and came from
 * outside, had arrived before the run began; and what this process commits ends the proof at once.
 */
export class Kept {
  readonly #version: () => number | undefined;
  /** By store, and then by the last of what it was asked for: an id or a hash, which makes out nearly everything. */
  readonly #results = new Map<object, Map<unknown, KeptResult>>();
  #size = 0;
  /** Of the results. */
  #known: number | undefined;
  /** Of this run, as it was after so many commits. */
  #proof: number | undefined;
  #provenAfter = 0;

  /** @param version another number as soon as anything was committed; undefined when that cannot be told now */
  constructor(version: () => number | undefined) {
    this.#version = version;
  }

  /** What the store was asked for before, if that is still true. What it resolves with is shared and must not be changed. */
  find(store: object, args: readonly unknown[]): Promise<unknown> | undefined {
    const version = this.#prove();
    if (version === undefined) return undefined;
    if (version === this.#known) {
      const kept = this.#results.get(store)?.get(args.at(-1));
      return kept !== undefined && isSame(kept.args, args) ? kept.result : undefined;
    }
    this.#clear();
    this.#known = version;
    return undefined;
  }

  /** Keeps what was begun to be read behind {@link find}, unless that could prove nothing or there is nothing. */
  keep(store: object, args: readonly unknown[], result: Promise<unknown>): Promise<unknown> {
    if (this.#proof === undefined) return result;
    if (this.#size >= MOST) this.#clear();
    let results = this.#results.get(store);
    if (!results) {
      results = new Map();
      this.#results.set(store, results);
    }
    const key = args.at(-1);
    const kept = { args, result };
    if (!results.has(key)) this.#size++;
    results.set(key, kept);
    const drop = () => {
      if (results.get(key) === kept && results.delete(key)) this.#size--;
    };
    result.then((value) => (value === undefined ? drop() : Object.freeze(value)), drop);
    return result;
  }

  #clear(): void {
    for (const results of this.#results.values()) results.clear();
    this.#size = 0;
  }

  #prove(): number | undefined {
    if (this.#proof === undefined || this.#provenAfter !== commits) {
      this.#provenAfter = commits;
      this.#proof = this.#version();
      process.nextTick(this.#forget);
    }
    return this.#proof;
  }

  readonly #forget = (): void => {
    this.#proof = undefined;
  };
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each, at) => each === others[at]);
}
