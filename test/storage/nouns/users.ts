import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records, UserRecord } from "../../../src/storage/storage.ts";
import { type Conflict, refusesDuplicate } from "../cases/duplicates.ts";
import { lockCases } from "../cases/locks.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, insertAccount, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";
import { memberLists } from "./members.ts";

/** An active member's record; organization and account have to exist. */
export function newUser(
  { organizationId, accountId }: Pick<UserRecord, "organizationId" | "accountId">,
  changes: Partial<UserRecord> = {},
): UserRecord {
  return {
    id: newId(),
    organizationId,
    accountId,
    role: "member",
    status: "active",
    suspendedByAdmin: false,
    suspendedByScim: false,
    name: "Ada",
    email: "ada@example.com",
    emailVerified: false,
    avatarUrl: "https://example.com/ada.png",
    loginProvider: "custom",
    originUserId: undefined,
    createdAt: 1,
    updatedAt: 2,
    ...changes,
  };
}

/** Inserts a user of the organization, with an account of its own. */
export async function insertUser(records: Records, organizationId: string, changes: Partial<UserRecord> = {}) {
  const { id: accountId } = await insertAccount(records, undefined);
  const user = newUser({ organizationId, accountId }, changes);
  await records.users.insert(user);
  return user;
}

const fixed = ["id", "organizationId", "accountId"] as const;
const rows: Rows<UserRecord, (typeof fixed)[number]> & Required<Pick<Rows<UserRecord>, "lock" | "update">> = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    const account = await insertAccount(records, undefined);
    return newUser({ organizationId: organization.id, accountId: account.id });
  },
  insert: (records, record) => records.users.insert(record),
  get: (records, { organizationId, id }) => records.users.get(organizationId, id),
  lock: (records, { organizationId, id }) => records.users.lock(organizationId, id),
  update: (records, record) => records.users.update(record),
  fixed,
  fields: {
    role: fc.constantFrom("admin", "member"),
    status: fc.constantFrom("active", "suspended", "left"),
    suspendedByAdmin: fc.boolean(),
    suspendedByScim: fc.boolean(),
    name: anyText,
    email: anyText,
    emailVerified: fc.boolean(),
    avatarUrl: anyText,
    loginProvider: anyText,
    originUserId: fc.option(anyText, { nil: undefined }),
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
};

/** `UserStore`. */
export function users(subject: Subject): void {
  rowCases(subject, rows);
  lockCases(subject, { ...rows, counter: "updatedAt" });
  scopeCases(subject, {
    insertFor: insertUser,
    reads: {
      get: (records, scope, { id }) => records.users.get(scope, id),
      lock: (records, scope, { id }) => records.users.lock(scope, id),
    },
  });
  memberships(subject);
  ofAccounts(subject);
  activeAdmins(subject);
  memberLists(subject);
}

function ofAccounts(subject: Subject): void {
  it("finds the latest user of an account in an organization, and the living ones everywhere", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { first, second, elsewhere, suspended } = await storage.write(async (records) => {
      const first = await insertUser(records, organizationId, { status: "left" });
      const { accountId } = first;
      const another = async (changes: Partial<UserRecord>) => {
        const organization = newOrganization();
        await records.organizations.insert(organization);
        const user = newUser({ organizationId: organization.id, accountId }, changes);
        await records.users.insert(user);
        return user;
      };
      const elsewhere = await another({});
      // The order of the ids is not that of the rows.
      const second = newUser({ organizationId, accountId }, { id: `0${newId().slice(1)}` });
      await records.users.insert(second);
      const suspended = await another({ status: "suspended" });
      await another({ status: "left" });
      await insertUser(records, organizationId);
      return { first, second, elsewhere, suspended };
    });
    const { users } = storage.read;
    deepStrictEqual(await users.getOfAccount(organizationId, first.accountId), second);
    deepStrictEqual(await users.getOfAccount(elsewhere.organizationId, first.accountId), elsewhere);
    expect(await users.getOfAccount(organizationId, newId())).toBeUndefined();
    expect(await users.getOfAccount(newId(), first.accountId)).toBeUndefined();
    deepStrictEqual(await users.listOfAccount(first.accountId), [elsewhere, second, suspended]);
    deepStrictEqual(await users.listOfAccount(newId()), []);
  });
}

function memberships(subject: Subject): void {
  const again: Omit<Conflict<UserRecord>, "conflicting"> = rows;
  refusesDuplicate(subject, "a second user of an account in the organization", {
    ...again,
    conflicting: async (_records, first) => newUser(first),
  });
  refusesDuplicate(subject, "a second user beside a suspended one", {
    ...again,
    make: async (records) => ({ ...(await rows.make(records)), status: "suspended" }),
    conflicting: async (_records, first) => newUser(first),
  });
  refusesDuplicate(subject, "the return of a user who left, beside the one who came after", {
    ...again,
    async conflicting(records, first): Promise<UserRecord> {
      const left = newUser(first, { status: "left" });
      await records.users.insert(left);
      return { ...left, status: "active" };
    },
    attempt: (records, record) => records.users.update(record),
  });

  it("keeps any number of ended memberships beside a living one", async () => {
    const user = await subject.storage.write(async (records) => {
      const living = await rows.make(records);
      await records.users.insert(living);
      await records.users.insert(newUser(living, { status: "left" }));
      await records.users.insert(newUser(living, { status: "left" }));
      return living;
    });
    deepStrictEqual(await subject.storage.read.users.get(user.organizationId, user.id), user);
  });

  it("lets an account be a user of several organizations", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const user = await subject.storage.write(async (records) => {
      const elsewhere = await rows.make(records);
      await records.users.insert(elsewhere);
      const here = newUser({ organizationId, accountId: elsewhere.accountId });
      await records.users.insert(here);
      return here;
    });
    deepStrictEqual(await subject.storage.read.users.get(organizationId, user.id), user);
  });

  it("refuses a user without organization or account", async () => {
    const made = await subject.storage.write((records) => rows.make(records));
    for (const orphan of [newUser({ ...made, organizationId: newId() }), newUser({ ...made, accountId: newId() })]) {
      await expect(subject.storage.write((records) => records.users.insert(orphan))).rejects.toThrow();
      expect(await subject.storage.read.users.get(orphan.organizationId, orphan.id)).toBeUndefined();
    }
  });
}

function activeAdmins(subject: Subject): void {
  it("counts the active admins of the organization alone", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const { id: otherId } = await addOrganization(subject.storage);
    expect(await subject.storage.read.users.countActiveAdmins(organizationId)).toBe(0);
    await subject.storage.write(async (records) => {
      await insertUser(records, organizationId, { role: "admin" });
      await insertUser(records, organizationId, { role: "admin" });
      await insertUser(records, organizationId, { role: "admin", status: "suspended" });
      await insertUser(records, organizationId, { role: "admin", status: "left" });
      await insertUser(records, organizationId, { role: "member" });
      await insertUser(records, otherId, { role: "admin" });
      expect(await records.users.countActiveAdmins(organizationId)).toBe(2);
    });
    expect(await subject.other.read.users.countActiveAdmins(organizationId)).toBe(2);
    expect(await subject.other.read.users.countActiveAdmins(otherId)).toBe(1);
  });
}
