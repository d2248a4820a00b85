import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Storage } from "../storage/storage.ts";

/** Work that is done again and again beside the requests. */
export interface Job {
  /** In the log, and (for a job of one process) the name under which the processes agree. */
  readonly name: string;
  readonly everyMs: number;
  /** `each`: every process does its own. `one`: of all processes on the database, one does it. */
  readonly process: "each" | "one";
  readonly run: () => Promise<unknown>;
  /** Also at the end, because it writes what this process still holds. */
  readonly atClose?: true;
}

/** Jobs that run. */
export interface Schedule {
  /** Waits for what runs, and does what has to be done at the end. */
  close(): Promise<void>;
}

/**
 * Starts the jobs. None begins again before it has ended, a failure is a warning in the log and the next turn comes all the
 * same, and none keeps the process alive.
 */
export function startSchedule(
  { storage, clock, log }: { readonly storage: Storage; readonly clock: Clock; readonly log: Logger },
  jobs: readonly Job[],
): Schedule {
  let closed = false;
  const running = new Map<Job, Promise<void>>();

  async function turn(job: Job): Promise<void> {
    try {
      if (job.process === "one" && !(await claim(job))) return;
      await job.run();
    } catch (error) {
      log.warn({ err: error, job: job.name }, "a background job failed; it is tried again at its next turn");
    }
  }

  /** A little less than the interval, so that a timer that fires early does not lose its turn. */
  function claim(job: Job): Promise<boolean> {
    return storage.write((records) => records.jobRuns.claim(job.name, clock.now(), Math.floor(job.everyMs * 0.9)));
  }

  function begin(job: Job): void {
    if (closed || running.has(job)) return;
    running.set(
      job,
      turn(job).finally(() => running.delete(job)),
    );
  }

  const timers = jobs.map((job) => setInterval(() => begin(job), job.everyMs).unref());
  return {
    async close() {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running.values());
      for (const job of jobs) if (job.atClose) await turn(job);
    },
  };
}
