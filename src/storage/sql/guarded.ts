import type { Records } from "../storage.ts";

/** A method of a record's store. */
export type StoreMethod = (...args: unknown[]) => Promise<unknown>;

/** Stands around every call of the records that are given out with it. */
export interface Guard {
  /** Makes the call, or refuses it. */
  call(store: object, method: StoreMethod, args: unknown[], name: string): Promise<unknown>;
}

type GuardedStore = new (store: object, guard: Guard) => object;

/** What was made of each class of stores: a transaction uses few of their methods, and is over soon. */
const classes = new WeakMap<object, GuardedStore>();

/** The same records, each call of which goes through the guard. */
export function guarded(records: Records, guard: Guard): Records {
  const all: Record<string, object> = {};
  for (const noun in records) {
    const store = records[noun as keyof Records];
    all[noun] = new (guardedClass(Object.getPrototypeOf(store)))(store, guard);
  }
  return all as unknown as Records;
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
