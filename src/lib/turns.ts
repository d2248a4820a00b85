import { AsyncResource } from "node:async_hooks";

/**
 * The next turn of the event loop, for all that arrives in this one: it runs together then, each step of one behind the same
 * step of the others, with its code still in the processor's caches. What comes alone waits for nothing but the callbacks of
 * what arrived with it.
 */
let works: (() => void)[] = [];
let taking: Promise<void> | undefined;
let next: Promise<void> | undefined;

/**
 * Runs `work` in the next turn, together with what others want to do there, and in nobody's async context: it must not take
 * part in what the first of them was doing, such as a transaction.
 */
export function atNextTurn(work: () => void): void {
  if (works.push(work) === 1) setImmediate(takeInNoContext);
}

/** Resolves in the next turn, when everything that has arrived by now has been taken in; within it, at the end of that. */
export function nextTurn(): Promise<void> {
  if (taking !== undefined) return taking;
  next ??= new Promise((resolve) => {
    atNextTurn(() => {
      next = undefined;
      resolve();
    });
  });
  return next;
}

function take(): void {
  const all = works;
  works = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  taking = promise;
  for (const work of all) {
    try {
      work();
    } catch (error) {
      // Nobody else's business: it is reported as it would be from a callback of its own.
      process.nextTick(() => {
        throw error;
      });
    }
  }
  taking = undefined;
  resolve();
}

const takeInNoContext = AsyncResource.bind(take);
