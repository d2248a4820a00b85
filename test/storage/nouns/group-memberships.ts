import { deepStrictEqual } from "node:assert/strict";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import {
  EVERY_ORGANIZATION,
  type GroupMembershipRecord,
  type NamedMembership,
  type Records,
} from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { pageCases } from "../cases/pages.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber } from "../traps.ts";
import { insertGroup } from "./groups.ts";
import { insertUser } from "./users.ts";

/** Inserts a membership, and what of its group and user is not given. */
export async function insertGroupMembership(
  records: Records,
  organizationId: string,
  changes: Partial<GroupMembershipRecord> = {},
): Promise<GroupMembershipRecord> {
  const membership = await newGroupMembership(records, organizationId, changes);
  await records.groupMemberships.insert(membership);
  return membership;
}

async function newGroupMembership(
  records: Records,
  organizationId: string,
  changes: Partial<GroupMembershipRecord> = {},
): Promise<GroupMembershipRecord> {
  const groupId = changes.groupId ?? (await insertGroup(records, organizationId)).id;
  const userId = changes.userId ?? (await insertUser(records, organizationId)).id;
  return { id: newId(), organizationId, createdAt: 1, ...changes, groupId, userId };
}

/** As `insertUser` names its users. */
const named = (membership: GroupMembershipRecord): NamedMembership => ({
  ...membership,
  name: "Ada",
  avatarUrl: "https://example.com/ada.png",
});

async function withoutName(found: Promise<NamedMembership | undefined>): Promise<GroupMembershipRecord | undefined> {
  const membership = await found;
  if (!membership) return undefined;
  const { name: _, avatarUrl: __, ...record } = membership;
  return record;
}

const fixed = ["id", "organizationId", "groupId", "userId"] as const;
const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newGroupMembership(records, organization.id);
  },
  insert: (records, record) => records.groupMemberships.insert(record),
  get: (records, { organizationId, id }) => withoutName(records.groupMemberships.get(organizationId, id)),
  delete: async (records, { id }) => void (await records.groupMemberships.delete(id)),
  fixed,
  fields: { createdAt: anyNumber },
} as const satisfies Rows<GroupMembershipRecord, (typeof fixed)[number]>;

/** `GroupMembershipStore`. */
export function groupMemberships(subject: Subject): void {
  rowCases(subject, rows);
  refusesDuplicate<GroupMembershipRecord>(subject, "a second membership of a user in the group", {
    ...rows,
    conflicting: async (_records, first) => ({ ...first, id: newId() }),
  });
  scopeCases<NamedMembership>(subject, {
    insertFor: async (records, organizationId) => named(await insertGroupMembership(records, organizationId)),
    reads: {
      get: (records, scope, { id }) => records.groupMemberships.get(scope, id),
      find: (records, scope, { groupId, userId }) => records.groupMemberships.find(scope, groupId, userId),
      list: async (records, scope, { groupId }) =>
        (await records.groupMemberships.list(scope, groupId, { limit: 2 })).items[0],
      listOfUsers: async (records, scope, { groupId, userId }) =>
        (await records.groupMemberships.listOfUsers(scope, groupId, [newId(), userId]))[0],
    },
  });
  refusedOutsideTransactions<GroupMembershipRecord>(subject, rows, {
    deleteOfUser: (records, { userId }) => records.groupMemberships.deleteOfUser(userId),
  });
  pageCases<NamedMembership>("list", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: groupId } = await storage.write((records) => insertGroup(records, organizationId));
    return {
      // Into another group of the organization too.
      insert: (id = newId()) =>
        storage.write(async (records) => {
          const own = await insertGroupMembership(records, organizationId, { id, groupId });
          await insertGroupMembership(records, organizationId, { id: `${id}-`, userId: own.userId });
          return named(own);
        }),
      list: (page) => storage.read.groupMemberships.list(organizationId, groupId, page),
      remove: async ({ id }) => void (await storage.write((records) => records.groupMemberships.delete(id))),
    };
  });
  shown(subject);
  counts(subject);
}

function shown(subject: Subject): void {
  it("shows the user as it is now, and finds nothing of a stranger", async () => {
    const { storage } = subject;
    const membership = await insertOne(storage, rows);
    const { groupId, userId, organizationId } = membership;
    await storage.write(async (records) => {
      const user = await records.users.lock(organizationId, userId);
      if (user) await records.users.update({ ...user, name: "Grace", avatarUrl: "" });
    });
    const expected = { ...membership, name: "Grace", avatarUrl: "" };
    const { groupMemberships } = storage.read;
    deepStrictEqual(await groupMemberships.find(organizationId, groupId, userId), expected);
    deepStrictEqual(await groupMemberships.get(organizationId, membership.id), expected);
    expect(await groupMemberships.find(organizationId, groupId, newId())).toBeUndefined();
    expect(await groupMemberships.find(organizationId, newId(), userId)).toBeUndefined();
    expect(await groupMemberships.find(organizationId, userId, groupId)).toBeUndefined();
  });

  it("lists the memberships of those of the users that are in the group", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { one, two, outside } = await storage.write(async (records) => {
      const one = await insertGroupMembership(records, organizationId);
      const two = await insertGroupMembership(records, organizationId, { groupId: one.groupId });
      await insertGroupMembership(records, organizationId, { groupId: one.groupId });
      return { one, two, outside: await insertGroupMembership(records, organizationId) };
    });
    const { groupMemberships } = storage.read;
    const listed = await groupMemberships.listOfUsers(organizationId, one.groupId, [
      two.userId,
      outside.userId,
      one.userId,
    ]);
    deepStrictEqual(
      [...listed].sort((a, b) => (a.id < b.id ? -1 : 1)),
      [named(one), named(two)],
    );
    deepStrictEqual(await groupMemberships.listOfUsers(organizationId, one.groupId, []), []);
  });

  it("lists the groups of a user in order, and none of nobody", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const prefix = newId();
    const groupIds = ["-B", "-a", "-😀"].map((ending) => prefix + ending);
    const userId = await storage.write(async (records) => {
      const { id } = await insertUser(records, organizationId);
      for (const groupId of groupIds.toReversed()) {
        await insertGroup(records, organizationId, { id: groupId });
        await insertGroupMembership(records, organizationId, { groupId, userId: id });
        await insertGroupMembership(records, organizationId, { groupId });
      }
      return id;
    });
    expect(await storage.read.groupMemberships.listGroupIds(userId)).toEqual(groupIds);
    expect(await storage.read.groupMemberships.listGroupIds(newId())).toEqual([]);
  });
}

function counts(subject: Subject): void {
  const countOf = async (groupId: string) =>
    (await subject.storage.read.groups.get(EVERY_ORGANIZATION, groupId))?.memberCount;

  it("keeps the count of a group right, and says whether there was a membership to delete", async () => {
    const { storage } = subject;
    const { groupId, organizationId, id } = await insertOne(storage, rows);
    expect(await countOf(groupId)).toBe(1);
    const second = await storage.write((records) => insertGroupMembership(records, organizationId, { groupId }));
    expect(await countOf(groupId)).toBe(2);
    const remove = () => storage.write((records) => records.groupMemberships.delete(id));
    expect(await remove()).toBe(true);
    expect(await remove()).toBe(false);
    expect(await countOf(groupId)).toBe(1);
    deepStrictEqual(await rows.get(storage.read, second), second);
  });

  it("takes a user out of every group, and nobody else", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { leaver, stays } = await storage.write(async (records) => {
      const leaver = await insertUser(records, organizationId);
      const stays = [];
      for (let i = 0; i < 3; i++) {
        const staying = await insertGroupMembership(records, organizationId);
        await insertGroupMembership(records, organizationId, { groupId: staying.groupId, userId: leaver.id });
        stays.push(staying);
      }
      return { leaver, stays };
    });
    await storage.write((records) => records.groupMemberships.deleteOfUser(leaver.id));
    await storage.write((records) => records.groupMemberships.deleteOfUser(leaver.id));
    expect(await storage.read.groupMemberships.listGroupIds(leaver.id)).toEqual([]);
    for (const staying of stays) {
      deepStrictEqual(await rows.get(storage.read, staying), staying);
      expect(await countOf(staying.groupId)).toBe(1);
    }
  });

  it("keeps the count right when two storages change a group at once, and when the group itself is changed", async () => {
    const { storage, other } = subject;
    const group = await insertOne(storage, {
      make: async (records) => ({ ...(await rows.make(records)), id: newId() }),
      insert: rows.insert,
    });
    const { groupId, organizationId } = group;
    const joining = Array.from({ length: 20 }, (_, i) =>
      (i % 2 ? storage : other).write((records) => insertGroupMembership(records, organizationId, { groupId })),
    );
    const renaming = storage.write(async (records) => {
      const { memberCount: _, ...record } = (await records.groups.lock(organizationId, groupId))!;
      await records.groups.update({ ...record, name: "renamed" });
    });
    const joined = await Promise.all(joining);
    await renaming;
    expect(await countOf(groupId)).toBe(21);
    const leaving = joined.map(({ userId }, i) =>
      (i % 2 ? storage : other).write((records) => records.groupMemberships.deleteOfUser(userId)),
    );
    await Promise.all(leaving);
    expect(await countOf(groupId)).toBe(1);
  });

  it("goes with its group", async () => {
    const { storage } = subject;
    const membership = await insertOne(storage, rows);
    await storage.write((records) => records.groups.delete(membership.groupId));
    expect(await rows.get(storage.read, membership)).toBeUndefined();
    expect(await storage.read.groupMemberships.listGroupIds(membership.userId)).toEqual([]);
  });
}
