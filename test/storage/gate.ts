import { setTimeout } from "node:timers/promises";

/** Something that one side waits for and another one opens, once. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** Lets everything else have a turn: timers, sockets, other transactions. Round trips of SQLite alone never do. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await setTimeout(0);
}

/** A closed gate. */
export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
