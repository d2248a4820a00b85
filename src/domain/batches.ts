import { setTimeout as sleep } from "node:timers/promises";
import { nextTurn } from "../lib/turns.ts";
import { type Records, type Storage, StorageUnavailableError } from "../storage/storage.ts";

/** Transactions of one key that become one, at most. */
const MAX_BATCH = 16;

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** Carries out all items in the order in which they came, and gives an outcome for each. */
export type CarryOut<In, Out> = (records: Records, items: readonly In[]) => Promise<readonly Out[]>;

/**
 * Carries out in one transaction what would wait for each other: what comes while an item of the same key is carried out
 * follows it, together, and shares the commit, which costs more than the work does. Each is still done whole or not at
 * all: when one of them fails, nothing of the batch remains, and each of them is carried out again in a transaction of its
 * own. So it may be carried out twice, and must keep to the records.
 */
export function createBatches<In, Out>(storage: Storage, carryOut: CarryOut<In, Out>) {
  const queues = new Map<string, Waiting<In, Out>[]>();

  async function run(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item);
      const outs = await storage.write((records) => carryOut(records, items));
      for (const [at, { resolve }] of batch.entries()) resolve(outs[at] as Out);
    } catch (error) {
      // Whether it was committed is not known when the database is gone.
      const mayHaveBeenCommitted = error instanceof StorageUnavailableError;
      if (batch.length > 1 && !mayHaveBeenCommitted) await Promise.all(batch.map((one) => run([one])));
      else for (const { reject } of batch) reject(error);
    }
  }

  async function drain(key: string, queue: Waiting<In, Out>[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_BATCH);
      await run(batch);
      // Where there are many, the answers go out, and who sends the next request because of one comes into the next batch.
      await (batch.length > 1 ? sleep(1) : nextTurn());
    }
    queues.delete(key);
  }

  return {
    /** The outcome for the item, once it is committed. */
    add(key: string, item: In): Promise<Out> {
      return new Promise<Out>((resolve, reject) => {
        const waiting = { item, resolve, reject };
        const queue = queues.get(key);
        if (queue) {
          queue.push(waiting);
          return;
        }
        const started = [waiting];
        queues.set(key, started);
        void drain(key, started);
      });
    },
  };
}

/** Carries out pieces of work side by side, so that the stores can make one statement of what all of them ask for. */
export async function sideBySide<T>(
  records: Records,
  works: readonly ((records: Records) => Promise<T>)[],
): Promise<readonly T[]> {
  const outcomes = await Promise.allSettled(works.map((work) => work(records)));
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
