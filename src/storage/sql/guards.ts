import { Activity } from "./activity.ts";
import type { Grown } from "./changes.ts";
import type { Engine } from "./engine.ts";
import type { Guard, StoreMethod } from "./guarded.ts";
import type { Kept } from "./kept.ts";

/** Why a transaction was not committed: what the caller gets, and what the driver said. */
export interface Failure {
  readonly error: unknown;
  readonly cause: unknown;
}

/**
 * Stands around reads outside of transactions: they are counted, fail with errors of the contract, and what some of them
 * find is kept where the engine can prove that it is still true.
 */
export class ReadGuard implements Guard {
  readonly #activity: Activity;
  readonly #engine: Engine;
  readonly #kept: Kept | undefined;

  constructor(activity: Activity, engine: Engine, kept: Kept | undefined) {
    this.#activity = activity;
    this.#engine = engine;
    this.#kept = kept;
  }

  call(store: object, method: StoreMethod, args: unknown[], name: string): Promise<unknown> {
    try {
      // Not every engine notices: without row locks it is a plain read.
      if (name.startsWith("lock") || name.startsWith("hold")) {
        throw new Error(`${name} outside of a transaction: use write`);
      }
      this.#activity.enter();
    } catch (error) {
      return Promise.reject(error);
    }
    const read = () => method.apply(store, args).then(this.#answered, this.#failed);
    const kept = this.#kept;
    if (!kept || !isKept(store, name)) return read();
    try {
      const known = kept.find(store, args);
      if (!known) return kept.keep(store, args, read());
      this.#activity.leave();
      return known;
    } catch (error) {
      return Promise.reject(error).catch(this.#failed);
    }
  }

  readonly #answered = (value: unknown): unknown => {
    this.#activity.leave();
    return value;
  };

  readonly #failed = (error: unknown): never => {
    this.#activity.leave();
    throw this.#engine.translate(error);
  };
}

/** A store's class names the one of its reads that is worth keeping. */
function isKept(store: object, name: string): boolean {
  return (store.constructor as { readonly keptRead?: string }).keptRead === name;
}

/** Stands around the calls of one transaction. The first error of a record ends it, whatever the work does with the error. */
export class TransactionGuard implements Guard {
  /** Whose audit log the transaction has added to. */
  readonly grown = new Set<string | undefined>() satisfies Grown;
  readonly #engine: Engine;
  readonly #calls = new Activity();
  #failure: Failure | undefined;
  #open = true;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Whether the work may still use the records. */
  get open(): boolean {
    return this.#open;
  }

  /** The first error of a record. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  call(store: object, method: StoreMethod, args: unknown[]): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (!this.#open) return Promise.reject(new Error("these records belong to a transaction that has ended"));
    this.#calls.enter();
    return method.apply(store, args).then(this.#answered, this.#failed);
  }

  /** Refuses what comes later and waits for what runs, so that nothing of it happens behind the transaction's end. */
  async end(): Promise<void> {
    this.#open = false;
    if (this.#calls.running > 0) await this.#calls.idle();
  }

  readonly #answered = (value: unknown): unknown => {
    this.#calls.leave();
    return value;
  };

  readonly #failed = (cause: unknown): never => {
    this.#calls.leave();
    this.#failure ??= { error: this.#engine.translate(cause), cause };
    throw this.#failure.error;
  };
}
