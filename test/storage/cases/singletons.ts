import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records } from "../../../src/storage/storage.ts";
import { addOrganization, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { refusedOutsideTransactions } from "./read-only.ts";

/** A noun of which an organization has one row or none. */
export interface Singleton<R extends { readonly organizationId: string }> {
  get(records: Records, organizationId: string): Promise<R | undefined>;
  put(records: Records, record: R): Promise<void>;
  /** All fields but the organization, each with the values that it may have. */
  readonly fields: { readonly [K in Exclude<keyof R, "organizationId">]: fc.Arbitrary<R[K]> };
}

/** `get` and `put` of a noun that an organization has at most one of. */
export function singletonCases<R extends { readonly organizationId: string }>(
  subject: Subject,
  { get, put, fields }: Singleton<R>,
): void {
  const anyValues = fc.record(fields as { [K in keyof R]: fc.Arbitrary<R[K]> });
  const make = (organizationId: string): R => ({ ...(fc.sample(anyValues, 1)[0] as R), organizationId });

  it("is undefined until it is put, and then as it was put last", async () => {
    const { id: otherId } = await addOrganization(subject.storage);
    const { id: organizationId } = await addOrganization(subject.storage);
    expect(await get(subject.storage.read, organizationId)).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const record = { ...values, organizationId };
        await subject.storage.write((records) => put(records, record));
        deepStrictEqual(await get(subject.other.read, organizationId), record);
      }),
      { numRuns: 15 },
    );
    for (const other of [otherId, organizationId.toUpperCase(), "", newId()]) {
      expect(await get(subject.storage.read, other)).toBeUndefined();
    }
  });

  it("leaves every other organization's alone", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const { id: otherId } = await addOrganization(subject.storage);
    const other = make(otherId);
    await subject.storage.write((records) => put(records, other));
    await subject.storage.write((records) => put(records, make(organizationId)));
    deepStrictEqual(await get(subject.storage.read, otherId), other);
  });

  it("takes puts of one organization that meet", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const puts = Array.from({ length: 10 }, (_, i) =>
      (i % 2 ? subject.storage : subject.other).write((records) => put(records, make(organizationId))),
    );
    await Promise.all(puts);
    expect((await get(subject.storage.read, organizationId))?.organizationId).toBe(organizationId);
  });

  it("refuses what belongs to no organization", async () => {
    const orphan = make(newId());
    await expect(subject.storage.write((records) => put(records, orphan))).rejects.toThrow();
    expect(await get(subject.storage.read, orphan.organizationId)).toBeUndefined();
  });

  refusedOutsideTransactions<R>(
    subject,
    {
      async make(records) {
        const organization = newOrganization();
        await records.organizations.insert(organization);
        return make(organization.id);
      },
      insert: put,
      get: (records, { organizationId }) => get(records, organizationId),
    },
    { put },
  );
}
