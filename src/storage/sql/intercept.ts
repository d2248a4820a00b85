import type { Records } from "../storage.ts";

/** Stands around the calls of one of a record's methods; `run` makes the call. */
export type Interception = (run: () => Promise<unknown>) => Promise<unknown>;

/** The same records, each call of which goes through what `interceptor` answers, once, for its method. */
export function intercept(all: Records, interceptor: (method: string) => Interception): Records {
  const wrap = (store: object) => {
    const wrapped = new Map<string | symbol, unknown>();
    return new Proxy(store, {
      get(target, name) {
        let member = wrapped.get(name);
        if (member === undefined) {
          member = wrapMember(target, name, interceptor);
          wrapped.set(name, member);
        }
        return member;
      },
    });
  };
  return Object.fromEntries(Object.entries(all).map(([noun, store]) => [noun, wrap(store)])) as unknown as Records;
}

function wrapMember(store: object, name: string | symbol, interceptor: (method: string) => Interception): unknown {
  const member = Reflect.get(store, name, store) as unknown;
  if (typeof member !== "function") return member;
  const call = interceptor(String(name));
  return (...args: unknown[]) => call(async () => member.apply(store, args));
}
