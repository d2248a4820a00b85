import { deepStrictEqual } from "node:assert/strict";
import { expect, it } from "vitest";
import type { Records, Storage } from "../../../src/storage/storage.ts";
import { gate, turns } from "../gate.ts";
import type { Subject } from "../subject.ts";
import { insertOne } from "./rows.ts";

/** A noun whose rows can be locked. */
export interface Lockable<R extends { readonly id: string }> {
  make(records: Records): Promise<R>;
  insert(records: Records, record: R): Promise<void>;
  get(records: Records, record: R): Promise<R | undefined>;
  lock(records: Records, record: R): Promise<R | undefined>;
  update(records: Records, record: R): Promise<void>;
  delete?(records: Records, record: R): Promise<void>;
  /** A field of numbers. */
  readonly counter: keyof R;
}

/** A locked row is read, and then left alone by everybody else until the transaction ends. */
export function lockCases<R extends { readonly id: string }>(subject: Subject, rows: Lockable<R>): void {
  const counted = (record: R, count: number): R => ({ ...record, [rows.counter]: count });

  it("locks and answers with the row", async () => {
    const record = await insertOne(subject.storage, rows);
    deepStrictEqual(await subject.storage.write((records) => rows.lock(records, record)), record);
  });

  it("loses none of 50 read-modify-writes of one row through two storages", async () => {
    const record = await insertOne(subject.storage, rows, counted({} as R, 0));
    const increment = (storage: Storage) =>
      storage.write(async (records) => {
        const now = await rows.lock(records, record);
        await rows.update(records, counted(record, Number(now?.[rows.counter]) + 1));
      });
    const work = Array.from({ length: 50 }, (_, i) => increment(i % 2 ? subject.storage : subject.other));
    await Promise.all(work);
    deepStrictEqual(await rows.get(subject.storage.read, record), counted(record, 50));
  });

  const contenders: Record<string, (records: Records, record: R) => Promise<void>> = {
    update: (records, record) => rows.update(records, counted(record, 7)),
    ...(rows.delete && { delete: (records, record) => rows.delete?.(records, record) ?? Promise.resolve() }),
  };
  it.each(Object.entries(contenders))("keeps a locked row from another transaction's %s", async (_name, contend) => {
    const record = await insertOne(subject.storage, rows, counted({} as R, 1));
    const locked = gate();
    const holder = subject.storage.write(async (records) => {
      await rows.lock(records, record);
      locked.open();
      // Some round trips more than a contender needs that does not wait.
      for (let i = 0; i < 20; i++) {
        await subject.other.ping();
        await turns(1);
        deepStrictEqual(await rows.get(records, record), counted(record, 1));
      }
      await rows.update(records, counted(record, 2));
    });
    await locked.opened;
    const contender = subject.other.write((records) => contend(records, record));
    await Promise.all([holder, contender]);
    const left = await rows.get(subject.storage.read, record);
    expect(left?.[rows.counter]).toBe(_name === "update" ? 7 : undefined);
  });
}
