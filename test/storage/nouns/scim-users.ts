import fc from "fast-check";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records, ScimFilter, ScimUserRecord } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { lockCases } from "../cases/locks.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";
import { insertGroup } from "./groups.ts";
import { insertScimConfiguration } from "./scim-configurations.ts";
import { insertUser } from "./users.ts";

/** A record of a new user and a new configuration of the organization. */
export async function newScimUser(
  records: Records,
  organizationId: string,
  changes: Partial<ScimUserRecord> = {},
): Promise<ScimUserRecord> {
  const { id } = await insertUser(records, organizationId);
  const scimConfigurationId =
    changes.scimConfigurationId ?? (await insertScimConfiguration(records, organizationId)).id;
  return {
    id,
    organizationId,
    scimConfigurationId,
    userName: `Name ${id}`,
    userNameFolded: `name ${id}`,
    externalId: undefined,
    displayName: "Ada",
    displayNameFolded: "ada",
    active: true,
    attributes: "{}",
    folded: "{}",
    version: 1,
    createdAt: 1,
    updatedAt: 2,
    ...changes,
  };
}

/** Inserts such a record. */
export async function insertScimUser(records: Records, organizationId: string, changes: Partial<ScimUserRecord> = {}) {
  const user = await newScimUser(records, organizationId, changes);
  await records.scimUsers.insert(user);
  return user;
}

const readBack = async (records: Records, { id, scimConfigurationId, folded }: ScimUserRecord, locked: boolean) => {
  const store = records.scimUsers;
  const found = await (locked ? store.lock(scimConfigurationId, id) : store.get(scimConfigurationId, id));
  if (!found) return undefined;
  const { number, ...record } = found;
  return { ...record, folded };
};

const maybeText = fc.option(anyText, { nil: undefined });

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newScimUser(records, organization.id);
  },
  async insert(records, record) {
    const { id, organizationId } = record;
    if (!(await records.users.get(organizationId, id))) await insertUser(records, organizationId, { id });
    await records.scimUsers.insert(record);
  },
  get: (records, record) => readBack(records, record, false),
  lock: (records, record) => readBack(records, record, true),
  update: (records, record) => records.scimUsers.update(record),
  delete: (records, { id }) => records.scimUsers.delete(id),
  fixed: ["id", "organizationId", "scimConfigurationId", "userNameFolded", "attributes", "folded", "externalId"],
  fields: {
    userName: anyText,
    displayName: maybeText,
    displayNameFolded: maybeText,
    active: fc.boolean(),
    version: anyNumber,
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
} as const satisfies Rows<
  ScimUserRecord,
  "id" | "organizationId" | "scimConfigurationId" | "userNameFolded" | "attributes" | "folded" | "externalId"
>;

const byUserName = (value: string): ScimFilter => ({
  kind: "compare",
  operator: "eq",
  operand: { from: "column", column: "userNameFolded", kind: "text", nullable: false },
  value,
});

/** `ScimUserStore`. */
export function scimUsers(subject: Subject): void {
  rowCases(subject, rows);
  lockCases(subject, { ...rows, counter: "updatedAt" });
  refusesDuplicate(subject, "a second user with the same userName in the organization", {
    ...rows,
    conflicting: async (records, { organizationId, userNameFolded }) =>
      newScimUser(records, organizationId, { userNameFolded }),
  });
  lists(subject);
  looksUp(subject);
  handsOver(subject);
}

function lists(subject: Subject): void {
  it("lists a configuration's users as they were made, by offset and behind a position, and counts them", async () => {
    const { storage } = subject;
    const { ids, scimConfigurationId } = await storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      const first = await insertScimUser(records, organization.id);
      const others = [];
      for (let i = 0; i < 4; i++) {
        const { scimConfigurationId } = first;
        others.push(await insertScimUser(records, organization.id, { scimConfigurationId, active: i % 2 === 0 }));
      }
      // A stranger's, between ours.
      await insertScimUser(records, organization.id);
      return { ids: [first, ...others].map(({ id }) => id), scimConfigurationId: first.scimConfigurationId };
    });
    const { scimUsers } = storage.read;
    const list = async (start: { offset: number } | { after: { number: number } }, limit: number) =>
      (await scimUsers.list(scimConfigurationId, { start, limit })).map(({ record }) => record);
    expect((await list({ offset: 0 }, 10)).map(({ id }) => id)).toEqual(ids);
    expect((await list({ offset: 3 }, 1)).map(({ id }) => id)).toEqual([ids[3]]);
    expect(await list({ offset: 0 }, 0)).toEqual([]);
    const [, second] = await list({ offset: 0 }, 2);
    expect((await list({ after: { number: second?.number ?? 0 } }, 2)).map(({ id }) => id)).toEqual(ids.slice(2, 4));
    expect(await scimUsers.count(scimConfigurationId, undefined)).toBe(5);
    expect(await scimUsers.counts(scimConfigurationId)).toEqual({ users: 5, activeUsers: 3, groups: 0 });
    const named = byUserName(`name ${ids[2]}`);
    expect(await scimUsers.count(scimConfigurationId, named)).toBe(1);
    const found = await scimUsers.list(scimConfigurationId, { filter: named, start: { offset: 0 }, limit: 5 });
    expect(found.map(({ record }) => record.id)).toEqual([ids[2]]);
    await storage.write((records) => records.scimUsers.delete(ids[1] ?? ""));
    expect(await scimUsers.counts(scimConfigurationId)).toEqual({ users: 4, activeUsers: 2, groups: 0 });
    expect(await scimUsers.counts(newId())).toEqual({ users: 0, activeUsers: 0, groups: 0 });
  });
}

function looksUp(subject: Subject): void {
  it("finds users by what identifies them, and says their names and groups", async () => {
    const { storage } = subject;
    const user = await storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      return insertScimUser(records, organization.id, { externalId: "abc", displayName: undefined });
    });
    const { scimUsers } = storage.read;
    const { id, organizationId, scimConfigurationId } = user;
    expect(await scimUsers.hasUserName(organizationId, user.userNameFolded)).toBe(true);
    expect(await scimUsers.hasUserName(newId(), user.userNameFolded)).toBe(false);
    expect(await scimUsers.filterProvisioned(organizationId, [id, newId()])).toEqual([id]);
    expect(await scimUsers.filterProvisioned(organizationId, [])).toEqual([]);
    expect(await scimUsers.filterProvisioned(newId(), [id])).toEqual([]);
    expect(await scimUsers.findConfigurationOf(id)).toBe(scimConfigurationId);
    expect(await scimUsers.findConfigurationOf(newId())).toBeUndefined();
    expect(await scimUsers.findByExternalId([scimConfigurationId], "abc")).toEqual([id]);
    expect(await scimUsers.findByExternalId([scimConfigurationId], "ABC")).toEqual([]);
    expect(await scimUsers.findByExternalId([], "abc")).toEqual([]);
    expect(await scimUsers.listNames(scimConfigurationId, [id])).toEqual([{ id, display: user.userName }]);
    expect(await scimUsers.listNames(scimConfigurationId, [])).toEqual([]);
    expect(await scimUsers.listNames(newId(), [id])).toEqual([]);
    expect(await scimUsers.listGroups([])).toEqual(new Map());
    const group = await storage.write(async (records) => {
      const made = await insertGroup(records, organizationId);
      const scim = { id: made.id, organizationId, scimConfigurationId };
      await records.scimGroups.insert({
        ...scim,
        displayName: "Staff",
        displayNameFolded: "staff",
        externalId: undefined,
        version: 1,
        createdAt: 1,
        updatedAt: 1,
      });
      await records.scimGroups.addMembers(scim, [id], 1);
      return made;
    });
    const groups = await scimUsers.listGroups([id, newId()]);
    expect([...groups.keys()]).toEqual([id]);
    expect(groups.get(id)).toMatchObject([{ id: group.id, display: "Staff" }]);
  });

  it("counts a change of users who are touched", async () => {
    const { storage } = subject;
    const user = await storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      return insertScimUser(records, organization.id);
    });
    await storage.write(async (records) => {
      await records.scimUsers.touch([], 5);
      await records.scimUsers.touch([user.id, newId()], 9);
    });
    const touched = await storage.read.scimUsers.get(user.scimConfigurationId, user.id);
    expect(touched).toMatchObject({ version: 2, updatedAt: 9 });
  });
}

function handsOver(subject: Subject): void {
  it("hands the suspensions of a configuration over to the admins", async () => {
    const { storage } = subject;
    const user = await storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      const made = await insertScimUser(records, organization.id);
      const member = await records.users.get(organization.id, made.id);
      if (member) await records.users.update({ ...member, status: "suspended", suspendedByScim: true });
      return made;
    });
    await storage.write((records) => records.scimUsers.handOverSuspensions(user.scimConfigurationId, 7));
    const member = await storage.read.users.get(user.organizationId, user.id);
    expect(member).toMatchObject({ suspendedByAdmin: true, suspendedByScim: false, status: "suspended", updatedAt: 7 });
  });
}
