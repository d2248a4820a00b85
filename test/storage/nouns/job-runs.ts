import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Subject } from "../subject.ts";

/** `JobRunStore`. */
export function jobRuns(subject: Subject): void {
  const claim = (name: string, now: number, interval: number, storage = subject.storage) =>
    storage.write((records) => records.jobRuns.claim(name, now, interval));

  it("is claimed at once, and again when the interval has passed since it was", async () => {
    const name = newId();
    expect(await claim(name, 1000, 100)).toBe(true);
    expect(await claim(name, 1000, 100)).toBe(false);
    expect(await claim(name, 1099, 100)).toBe(false);
    expect(await claim(name, 1100, 100, subject.other)).toBe(true);
    expect(await claim(name, 1199, 100)).toBe(false);
    expect(await claim(name, 1199, 99)).toBe(true);
  });

  it("leaves jobs of other names alone", async () => {
    const name = newId();
    expect(await claim(`${name}-a`, Number.MAX_SAFE_INTEGER, 1)).toBe(true);
    expect(await claim(`${name}-A`, 1, 1)).toBe(true);
  });

  it("is claimed by exactly one of many who try at once", async () => {
    for (let round = 0; round < 5; round++) {
      const name = newId();
      const first = Array.from({ length: 10 }, (_, i) =>
        claim(name, 1000, 100, i % 2 ? subject.storage : subject.other),
      );
      expect((await Promise.all(first)).filter(Boolean)).toHaveLength(1);
      const next = Array.from({ length: 10 }, (_, i) =>
        claim(name, 1100, 100, i % 2 ? subject.storage : subject.other),
      );
      expect((await Promise.all(next)).filter(Boolean)).toHaveLength(1);
    }
  });

  it("is not claimed by a transaction that is rolled back", async () => {
    const name = newId();
    const work = subject.storage.write(async (records) => {
      expect(await records.jobRuns.claim(name, 1000, 100)).toBe(true);
      throw new Error("own");
    });
    await expect(work).rejects.toThrow("own");
    expect(await claim(name, 1000, 100)).toBe(true);
  });

  it("is refused outside of a transaction", async () => {
    const name = newId();
    await expect(subject.storage.read.jobRuns.claim(name, 1000, 100)).rejects.toThrow();
    expect(await claim(name, 1000, 100)).toBe(true);
  });
}
