import type { Records, Storage } from "../../src/storage/storage.ts";

/** Notes which methods the cases of each noun call on their own noun, so that a method without a case can be named. */
export class Recorder {
  readonly #called = new Set<string>();
  #noun = "";

  /** From now on the cases of this noun run. */
  enter(noun: string): void {
    this.#noun = noun;
  }

  /** The storage, whose calls are noted. */
  wrap(storage: Storage): Storage {
    return {
      read: this.#records(storage.read),
      write: (work) => storage.write((records) => work(this.#records(records))),
      subscribe: (listener) => storage.subscribe(listener),
      ping: () => storage.ping(),
      close: () => storage.close(),
    };
  }

  /** `noun.method` of every method that no case of its noun has called. */
  missing(records: Records): string[] {
    const all: string[] = [];
    for (const noun in records) {
      all.push(...methodsOf(records[noun as keyof Records]).map((name) => `${noun}.${name}`));
    }
    return all.filter((method) => !this.#called.has(method));
  }

  #records(records: Records): Records {
    return new Proxy(records, {
      get: (target, noun: keyof Records) => this.#store(noun, Reflect.get(target, noun, target)),
    });
  }

  #store(noun: string, store: object): object {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          if (noun === this.#noun) this.#called.add(`${noun}.${String(name)}`);
          return member.apply(target, args);
        };
      },
    });
  }
}

/** The methods of an object and of its prototypes. */
function methodsOf(store: object): string[] {
  const names = new Set<string>();
  for (let at = store; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  }
  return [...names];
}
