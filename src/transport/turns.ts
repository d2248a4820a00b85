/**
 * The next turn of the event loop, for all calls that arrive in this one: they run together then, each step of one behind the
 * same step of the others, with its code still in the processor's caches. A call that comes alone waits for nothing but the
 * callbacks of what arrived with it.
 */
let next: Promise<void> | undefined;

/** Resolves when everything that has arrived by now has been taken in. */
export function nextTurn(): Promise<void> {
  next ??= new Promise((resolve) => {
    setImmediate(() => {
      next = undefined;
      resolve();
    });
  });
  return next;
}
