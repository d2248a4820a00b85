import { setTimeout as sleep } from "node:timers/promises";
import { type Records, type Storage, StorageUnavailableError } from "../../storage/storage.ts";

/** Transactions of one key that become one, at most. */
const MAX_BATCH = 16;

type Work = (records: Records) => Promise<unknown>;

interface Waiting {
  readonly work: Work;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs pieces of work that would wait for each other in one transaction instead: what comes while a piece of the same key runs,
 * runs after it, together, and shares the commit, which costs more than the work does. Each is still carried out whole or not
 * at all: when one of them fails, nothing of the batch remains, and each of them runs again in a transaction of its own. So
 * the work may run twice, and must keep to the records.
 */
export function createBatches(storage: Storage) {
  const queues = new Map<string, Waiting[]>();

  async function runTogether(batch: readonly Waiting[]): Promise<void> {
    let values: readonly unknown[];
    try {
      values = await storage.write(async (records) => {
        // Side by side, so that the stores can make one statement of what all of them ask for.
        const outcomes = await Promise.allSettled(batch.map(({ work }) => work(records)));
        return outcomes.map((outcome) => {
          if (outcome.status === "rejected") throw outcome.reason;
          return outcome.value;
        });
      });
    } catch (error) {
      // Whether it was committed is not known when the database is gone.
      if (!(error instanceof StorageUnavailableError)) return void (await Promise.all(batch.map(runAlone)));
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const [at, { resolve }] of batch.entries()) resolve(values[at] as never);
  }

  async function runAlone({ work, resolve, reject }: Waiting): Promise<void> {
    await storage.write(work).then((value) => resolve(value as never), reject);
  }

  async function drain(key: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_BATCH);
      const [only] = batch;
      await (batch.length === 1 && only ? runAlone(only) : runTogether(batch));
      // The answers go out, and who sends the next request because of one comes into the next batch.
      await sleep(1);
    }
    queues.delete(key);
  }

  return {
    /** The outcome of the work, once it is committed. */
    run<T>(key: string, work: (records: Records) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const waiting = { work, resolve, reject };
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
