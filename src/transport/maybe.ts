/**
 * Values that may be there already: waiting for one that is costs a turn of the microtask queue and a promise, per step
 * of a call.
 */

/** A value, or a promise of it. */
export type Maybe<T> = T | Promise<T>;

/** Whether the value has to be waited for. */
export function isPromise<T>(value: Maybe<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** `next` of the value, now or when it is there. */
export function andThen<T, R>(value: Maybe<T>, next: (value: T) => Maybe<R>): Maybe<R> {
  return isPromise(value) ? value.then(next) : next(value);
}
