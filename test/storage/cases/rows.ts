import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records, Storage } from "../../../src/storage/storage.ts";
import type { Subject } from "../subject.ts";
import { refusesDuplicate } from "./duplicates.ts";
import { refusedOutsideTransactions } from "./read-only.ts";

/** A noun's rows, as the cases that all nouns share see them. Leave out what the store does not offer. */
export interface Rows<R extends { readonly id: string }, Fixed extends keyof R = keyof R> {
  /** Inserts what a record refers to and answers with a record that is not inserted yet. */
  make(records: Records): Promise<R>;
  insert(records: Records, record: R): Promise<void>;
  /** Reads the record's row, in the record's own scope. */
  get(records: Records, record: R): Promise<R | undefined>;
  /** By what `get` finds it; by its id, when this is left out. */
  readonly found?: "by organization" | "by another key";
  lock?(records: Records, record: R): Promise<R | undefined>;
  update?(records: Records, record: R): Promise<void>;
  delete?(records: Records, record: R): Promise<void>;
  /** Fields that keep the value that `make` gave them: ids, and what refers to other rows. */
  readonly fixed: readonly Fixed[];
  /** All other fields, each with the values that it may have. */
  readonly fields: { readonly [K in Exclude<keyof R, Fixed>]: fc.Arbitrary<R[K]> };
}

/** What holds for the rows of every noun. */
export function rowCases<R extends { readonly id: string }, Fixed extends keyof R>(
  subject: Subject,
  rows: Rows<R, Fixed>,
): void {
  roundTrips(subject, rows);
  missingRows(subject, rows);
  neighbours(subject, rows);
  refusesDuplicate(subject, "a second row with the same id", {
    ...rows,
    conflicting: async (records, first) => ({ ...(await rows.make(records)), id: first.id }),
  });
  refusedOutsideTransactions(subject, rows, {
    ...(rows.lock && { lock: (records, record) => rows.lock?.(records, record) }),
    ...(rows.update && { update: (records, record) => rows.update?.(records, record) }),
    ...(rows.delete && { delete: (records, record) => rows.delete?.(records, record) }),
    insert: (records, record) => rows.insert(records, { ...record, id: newId() }),
  });
}

/** Makes a record and inserts it, in one transaction. */
export function insertOne<R extends { readonly id: string }>(
  storage: Storage,
  rows: Pick<Rows<R>, "make" | "insert">,
  changes: Partial<R> = {},
): Promise<R> {
  return storage.write(async (records) => {
    const record = { ...(await rows.make(records)), ...changes };
    await rows.insert(records, record);
    return record;
  });
}

function valuesOf<R extends { readonly id: string }, Fixed extends keyof R>(rows: Rows<R, Fixed>) {
  return fc.record(rows.fields as { [K in keyof R]: fc.Arbitrary<R[K]> }) as fc.Arbitrary<Partial<R>>;
}

function roundTrips<R extends { readonly id: string }, Fixed extends keyof R>(subject: Subject, rows: Rows<R, Fixed>) {
  const anyValues = valuesOf(rows);

  it("varies every field of the record", async () => {
    const record = await subject.storage.write((records) => rows.make(records));
    expect([...rows.fixed, ...Object.keys(rows.fields)].sort()).toEqual(Object.keys(record).sort());
  });

  it("gives back every field as it was inserted", async () => {
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const record = await insertOne(subject.storage, rows, values);
        deepStrictEqual(await rows.get(subject.storage.read, record), record);
        deepStrictEqual(await rows.get(subject.other.read, record), record);
      }),
      { numRuns: 25 },
    );
  });

  const { update } = rows;
  if (!update) return;
  it("replaces every field by an update", async () => {
    await fc.assert(
      fc.asyncProperty(anyValues, anyValues, async (before, after) => {
        const inserted = await insertOne(subject.storage, rows, before);
        const updated = { ...inserted, ...after };
        await subject.storage.write((records) => update(records, updated));
        deepStrictEqual(await rows.get(subject.other.read, updated), updated);
      }),
      { numRuns: 12 },
    );
  });
}

function missingRows<R extends { readonly id: string }, Fixed extends keyof R>(subject: Subject, rows: Rows<R, Fixed>) {
  const make = () => subject.storage.write((records) => rows.make(records));

  it("answers undefined for a missing row", async () => {
    const missing = await make();
    expect(await rows.get(subject.storage.read, missing)).toBeUndefined();
    for (const read of [rows.get, rows.lock ?? rows.get]) {
      expect(await subject.storage.write((records) => read(records, missing))).toBeUndefined();
    }
  });

  if (rows.found === undefined) tellsIdsApart(subject, rows);

  if (rows.update) {
    it("leaves a missing row missing when it is updated", async () => {
      const missing = await make();
      await subject.storage.write((records) => rows.update?.(records, missing) ?? Promise.resolve());
      expect(await rows.get(subject.storage.read, missing)).toBeUndefined();
    });
  }
  if (rows.delete) {
    it("deletes a missing row without an error", async () => {
      const missing = await make();
      await subject.storage.write((records) => rows.delete?.(records, missing) ?? Promise.resolve());
      expect(await rows.get(subject.storage.read, missing)).toBeUndefined();
    });
  }
}

function tellsIdsApart<R extends { readonly id: string }, Fixed extends keyof R>(
  subject: Subject,
  rows: Rows<R, Fixed>,
): void {
  it("tells ids apart by the case of their letters", async () => {
    const record = await insertOne(subject.storage, rows, { id: `${newId()}-a` } as Partial<R>);
    expect(await rows.get(subject.storage.read, { ...record, id: record.id.toUpperCase() })).toBeUndefined();
    expect(await rows.get(subject.storage.read, { ...record, id: `${record.id} ` })).toBeUndefined();
  });
}

function neighbours<R extends { readonly id: string }, Fixed extends keyof R>(subject: Subject, rows: Rows<R, Fixed>) {
  const { update } = rows;
  if (update) {
    it("updates no other row", async () => {
      const one = await insertOne(subject.storage, rows);
      const other = await insertOne(subject.storage, rows);
      const values = fc.sample(valuesOf(rows), 1)[0];
      await subject.storage.write((records) => update(records, { ...one, ...values }));
      deepStrictEqual(await rows.get(subject.storage.read, other), other);
    });
  }
  if (!rows.delete) return;
  describe("delete", () => {
    it("deletes the row and no other one", async () => {
      const one = await insertOne(subject.storage, rows);
      const other = await insertOne(subject.storage, rows);
      await subject.storage.write((records) => rows.delete?.(records, one) ?? Promise.resolve());
      expect(await rows.get(subject.storage.read, one)).toBeUndefined();
      expect(await rows.get(subject.other.read, one)).toBeUndefined();
      deepStrictEqual(await rows.get(subject.storage.read, other), other);
    });
  });
}
