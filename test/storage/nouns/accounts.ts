import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { it } from "vitest";
import type { AccountRecord } from "../../../src/storage/storage.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { addOrganization, insertAccount, newAccount } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";

const rows: Rows<AccountRecord, "id" | "organizationId"> = {
  make: async () => newAccount(),
  insert: (records, record) => records.accounts.insert(record),
  get: (records, { id }) => records.accounts.get(id),
  update: (records, record) => records.accounts.update(record),
  fixed: ["id", "organizationId"],
  fields: {
    name: anyText,
    email: fc.oneof(fc.constantFrom("same@example.com", "SAME@example.com"), anyText),
    avatarUrl: anyText,
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
};

/** `AccountStore`. */
export function accounts(subject: Subject): void {
  rowCases(subject, rows);

  it("is owned by an organization, or by none", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const account = await insertOne(subject.storage, rows);
    for (const owner of [organizationId, undefined]) {
      const owned = { ...account, organizationId: owner };
      await subject.storage.write((records) => records.accounts.update(owned));
      deepStrictEqual(await subject.storage.read.accounts.get(account.id), owned);
    }
  });

  it("lives on without an owner when its organization is deleted", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const account = await subject.storage.write((records) => insertAccount(records, organizationId));
    deepStrictEqual(await subject.storage.read.accounts.get(account.id), account);
    await subject.storage.write((records) => records.organizations.delete(organizationId));
    deepStrictEqual(await subject.storage.read.accounts.get(account.id), { ...account, organizationId: undefined });
  });
}
