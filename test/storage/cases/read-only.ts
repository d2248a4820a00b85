import { deepStrictEqual } from "node:assert/strict";
import { describe, expect, it } from "vitest";
import type { Records } from "../../../src/storage/storage.ts";
import type { Subject } from "../subject.ts";

interface Stored<R> {
  make(records: Records): Promise<R>;
  insert(records: Records, record: R): Promise<void>;
  get(records: Records, record: R): Promise<R | undefined>;
}

/** What belongs into a transaction is refused by `storage.read`, and changes nothing. Each call gets an inserted record. */
export function refusedOutsideTransactions<R>(
  subject: Subject,
  rows: Stored<R>,
  calls: Readonly<Record<string, (records: Records, record: R) => Promise<unknown> | undefined>>,
): void {
  describe("refuses outside of a transaction", () => {
    it.each(Object.entries(calls))("%s", async (_name, call) => {
      const record = await subject.storage.write(async (records) => {
        const made = await rows.make(records);
        await rows.insert(records, made);
        return made;
      });
      await expect(call(subject.storage.read, record)).rejects.toThrow();
      deepStrictEqual(await rows.get(subject.other.read, record), record);
    });
  });
}
