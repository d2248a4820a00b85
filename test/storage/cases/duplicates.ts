import { deepStrictEqual } from "node:assert/strict";
import { expect, it } from "vitest";
import { DuplicateError, type Records } from "../../../src/storage/storage.ts";
import { addOrganization, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";

/** A row, and another one that may not stand beside it. */
export interface Conflict<R> {
  make(records: Records): Promise<R>;
  insert(records: Records, record: R): Promise<void>;
  get(records: Records, record: R): Promise<R | undefined>;
  /** A record that conflicts with the first; what it refers to is inserted. */
  conflicting(records: Records, first: R): Promise<R>;
  /** Stores the conflicting record; without it, by an insert. */
  attempt?(records: Records, record: R): Promise<void>;
}

/** The conflict is a DuplicateError inside and outside of the transaction, of which nothing remains. */
export function refusesDuplicate<R>(subject: Subject, title: string, conflict: Conflict<R>): void {
  const attempt = conflict.attempt ?? conflict.insert;
  const prepare = () =>
    subject.storage.write(async (records) => {
      const first = await conflict.make(records);
      await conflict.insert(records, first);
      return { first, second: await conflict.conflicting(records, first) };
    });

  it(`refuses ${title}`, async () => {
    const { first, second } = await prepare();
    const witness = newOrganization();
    const work = subject.storage.write(async (records) => {
      await records.organizations.insert(witness);
      await attempt(records, second);
    });
    await expect(work).rejects.toBeInstanceOf(DuplicateError);
    deepStrictEqual(await conflict.get(subject.other.read, first), first);
    expect(await subject.storage.read.organizations.get(witness.id)).toBeUndefined();
  });

  it(`rolls back although the work catches the error of ${title}`, async () => {
    const { first, second } = await prepare();
    const witness = newOrganization();
    let caught: unknown;
    let afterwards: unknown;
    const work = subject.storage.write(async (records) => {
      await records.organizations.insert(witness);
      caught = await attempt(records, second).catch((error: unknown) => error);
      afterwards = await records.organizations.get(witness.id).catch((error: unknown) => error);
    });
    await expect(work).rejects.toBeInstanceOf(DuplicateError);
    expect(caught).toBeInstanceOf(DuplicateError);
    expect(afterwards).toBeInstanceOf(DuplicateError);
    deepStrictEqual(await conflict.get(subject.other.read, first), first);
    expect(await subject.storage.read.organizations.get(witness.id)).toBeUndefined();
    await addOrganization(subject.storage, witness);
  });
}
