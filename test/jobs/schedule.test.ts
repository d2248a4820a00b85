import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Job, type Schedule, startSchedule } from "../../src/jobs/schedule.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { TestClock } from "../support/server.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";

describe.each(ENGINES)("background jobs on %s", (engine) => {
  let database: TestDatabase;
  let lines: string[];
  const clock = new TestClock();
  const schedules: Schedule[] = [];

  beforeEach(async () => {
    database = await createDatabase(engine);
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(schedules.splice(0).map((schedule) => schedule.close()));
    await database.drop();
  });

  async function start(jobs: readonly Job[], time: Clock = clock): Promise<Schedule> {
    const log = createLog("warn", { write: (line) => void lines.push(line) });
    const schedule = startSchedule({ storage: await database.open(), clock: time, log }, jobs);
    schedules.push(schedule);
    return schedule;
  }

  /** A job, and a promise of its n-th run. */
  function counted(job: Omit<Job, "run">, work: () => Promise<void> = async () => {}) {
    const waiting: { count: number; done: () => void }[] = [];
    const state = {
      runs: 0,
      reached: (count: number) =>
        new Promise<void>((done) => {
          if (state.runs >= count) done();
          else waiting.push({ count, done });
        }),
      job: {
        ...job,
        run: async () => {
          state.runs++;
          for (const each of waiting) if (state.runs >= each.count) each.done();
          await work();
        },
      } satisfies Job,
    };
    return state;
  }

  it("of several processes one runs a job of one process, once an interval", async () => {
    const frozen = { now: () => 1_000_000 };
    const shared = counted({ name: "shared", everyMs: 2, process: "one" });
    const marker = counted({ name: "marker", everyMs: 2, process: "each" });
    for (let i = 0; i < 3; i++) await start([shared.job, marker.job], frozen);
    await shared.reached(1);
    await marker.reached(marker.runs + 30);
    // The timers of three processes fired often, but on the clock that they agree by, no time has passed.
    expect(shared.runs).toBe(1);
  });

  it("does not begin again before it has ended", async () => {
    let open = 0;
    let most = 0;
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = counted({ name: "slow", everyMs: 1, process: "each" }, async () => {
      most = Math.max(most, ++open);
      await gate;
      open--;
    });
    const marker = counted({ name: "marker", everyMs: 1, process: "each" });
    await start([slow.job, marker.job]);
    await slow.reached(1);
    await marker.reached(marker.runs + 10);
    expect([slow.runs, most]).toEqual([1, 1]);
    finish();
    await slow.reached(2);
    expect(most).toBe(1);
  });

  it("goes on after a failure, which is in the log with the name of the job", async () => {
    const failing = counted({ name: "failing", everyMs: 1, process: "each" }, async () => {
      throw new Error("broken on purpose");
    });
    await start([failing.job]);
    await failing.reached(3);
    expect(lines[0]).toContain("broken on purpose");
    expect(JSON.parse(lines[0] as string)).toMatchObject({ job: "failing" });
  });

  it("writes at the end what a process still holds, and waits for what runs", async () => {
    const held = counted({ name: "held", everyMs: 3_600_000, process: "each", atClose: true });
    const other = counted({ name: "other", everyMs: 3_600_000, process: "each" });
    const schedule = await start([held.job, other.job]);
    await schedule.close();
    expect([held.runs, other.runs]).toEqual([1, 0]);
    schedules.length = 0;
  });
});
