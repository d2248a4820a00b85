import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records } from "../../../src/storage/storage.ts";
import { addOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";

/** A run that is about something of an organization. */
export async function claimJobRun(records: Records, organizationId: string): Promise<void> {
  await records.jobRuns.claim(newId(), 1, 1, { organizationId, subjectId: newId() });
}

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

  it("is forgotten with what it is about, and with nothing else", async () => {
    const { storage } = subject;
    const [one, other] = [await addOrganization(storage), await addOrganization(storage)];
    const about = { organizationId: one.id, subjectId: newId() };
    const names = Array.from({ length: 5 }, () => newId());
    const subjects = [
      about,
      about,
      { ...about, subjectId: newId() },
      { ...about, organizationId: other.id },
      undefined,
    ];
    const claimAll = () =>
      storage.write(async (records) => {
        const claimed: boolean[] = [];
        for (const [i, name] of names.entries()) claimed.push(await records.jobRuns.claim(name, 1000, 1, subjects[i]));
        return claimed;
      });
    expect(await claimAll()).toEqual([true, true, true, true, true]);
    await storage.write((records) => records.jobRuns.deleteOf(about));
    expect(await storage.write((records) => records.jobRuns.claim(names[0] as string, 1000, 1, about))).toBe(true);
    expect(await claimAll()).toEqual([false, true, false, false, false]);
    await expect(storage.read.jobRuns.deleteOf(about)).rejects.toThrow();
    expect(await claimAll()).toEqual([false, false, false, false, false]);
  });

  it("is refused outside of a transaction", async () => {
    const name = newId();
    await expect(subject.storage.read.jobRuns.claim(name, 1000, 100)).rejects.toThrow();
    expect(await claim(name, 1000, 100)).toBe(true);
  });
}
