import type { Records } from "../storage.ts";

/** A method of a record's store. */
export type StoreMethod = (...args: unknown[]) => Promise<unknown>;

/** Stands around every call of the records that are given out with it. */
export interface Guard {
  /** Makes the call, or refuses it. */
  call(store: object, method: StoreMethod, args: unknown[], name: string): Promise<unknown>;
}

type GuardedStore = new (store: object, guard: Guard) => object;
type GuardedRecords = new (guard: Guard) => Records;

/** What was made of each class of stores. */
const classes = new WeakMap<object, GuardedStore>();

/**
 * The same records as often as they are asked for, each call of which goes through the guard that is given then. A transaction
 * uses few of the stores, and is over soon: a store gets its guard when it is used.
 */
export function guarding(records: Records): GuardedRecords {
  class Guarded {
    readonly #guard: Guard;
    readonly #stores: (object | undefined)[] = [];

    constructor(guard: Guard) {
      this.#guard = guard;
    }

    static add(noun: string, at: number, store: object): void {
      const Store = guardedClass(Object.getPrototypeOf(store));
      Object.defineProperty(Guarded.prototype, noun, {
        enumerable: true,
        get(this: Guarded) {
          let guarded = this.#stores[at];
          if (!guarded) {
            guarded = new Store(store, this.#guard);
            this.#stores[at] = guarded;
          }
          return guarded;
        },
      });
    }
  }
  for (const [at, [noun, store]] of Object.entries(records).entries()) Guarded.add(noun, at, store);
  return Guarded as unknown as GuardedRecords;
}

function guardedClass(prototype: object): GuardedStore {
  let made = classes.get(prototype);
  if (!made) {
    made = makeGuardedClass(prototype);
    classes.set(prototype, made);
  }
  return made;
}

function makeGuardedClass(prototype: object): GuardedStore {
  class Guarded {
    readonly #store: object;
    readonly #guard: Guard;

    constructor(store: object, guard: Guard) {
      this.#store = store;
      this.#guard = guard;
    }

    static add(name: string, method: StoreMethod): void {
      const value = function (this: Guarded, ...args: unknown[]) {
        return this.#guard.call(this.#store, method, args, name);
      };
      Object.defineProperty(Guarded.prototype, name, { value });
    }
  }
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== "constructor") Guarded.add(name, Reflect.get(prototype, name));
  }
  return Guarded;
}
