import type { Records } from "../storage.ts";

/** Stands around one call of a record's method; `run` makes the call. */
export type Interceptor = (method: string, run: () => Promise<unknown>) => Promise<unknown>;

/** The same records, each call of which goes through the interceptor. */
export function intercept(all: Records, interceptor: Interceptor): Records {
  const wrap = (store: object) =>
    new Proxy(store, {
      get(target, name) {
        const member = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => interceptor(String(name), async () => member.apply(target, args));
      },
    });
  return Object.fromEntries(Object.entries(all).map(([noun, store]) => [noun, wrap(store)])) as unknown as Records;
}
