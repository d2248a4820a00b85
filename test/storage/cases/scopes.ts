import { deepStrictEqual } from "node:assert/strict";
import { expect, it } from "vitest";
import { EVERY_ORGANIZATION, type Records, type Scope } from "../../../src/storage/storage.ts";
import { addOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";

/** A noun whose rows belong to an organization. */
export interface Scoped<R> {
  /** Inserts a row of the organization and answers with it. */
  insertFor(records: Records, organizationId: string): Promise<R>;
  /** Every method that answers with one row of a scope. */
  readonly reads: Readonly<Record<string, (records: Records, scope: Scope, record: R) => Promise<R | undefined>>>;
}

/** A row is found through its organization's scope and the operator's, and does not exist in any other. */
export function scopeCases<R>(subject: Subject, rows: Scoped<R>): void {
  it.each(Object.entries(rows.reads))("finds only the scope's rows by %s", async (_name, read) => {
    const own = await addOrganization(subject.storage);
    const other = await addOrganization(subject.storage);
    const record = await subject.storage.write((records) => rows.insertFor(records, own.id));
    const through = (scope: Scope) => subject.storage.write((records) => read(records, scope, record));

    deepStrictEqual(await through(own.id), record);
    deepStrictEqual(await through(EVERY_ORGANIZATION), record);
    for (const scope of [other.id, own.id.toUpperCase(), `${own.id} `, "", "%"]) {
      expect(await through(scope)).toBeUndefined();
    }
  });
}
