import fc from "fast-check";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records, ScimGroupRecord } from "../../../src/storage/storage.ts";
import { lockCases } from "../cases/locks.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";
import { insertGroup } from "./groups.ts";
import { insertScimConfiguration } from "./scim-configurations.ts";
import { insertScimUser } from "./scim-users.ts";

/** A record of a new group and a new configuration of the organization. */
export async function newScimGroup(
  records: Records,
  organizationId: string,
  changes: Partial<ScimGroupRecord> = {},
): Promise<ScimGroupRecord> {
  const { id } = await insertGroup(records, organizationId);
  const scimConfigurationId =
    changes.scimConfigurationId ?? (await insertScimConfiguration(records, organizationId)).id;
  return {
    id,
    organizationId,
    scimConfigurationId,
    displayName: "Staff",
    displayNameFolded: "staff",
    externalId: undefined,
    version: 1,
    createdAt: 1,
    updatedAt: 2,
    ...changes,
  };
}

/** Inserts such a record. */
export async function insertScimGroup(
  records: Records,
  organizationId: string,
  changes: Partial<ScimGroupRecord> = {},
) {
  const group = await newScimGroup(records, organizationId, changes);
  await records.scimGroups.insert(group);
  return group;
}

const readBack = async (records: Records, { id, scimConfigurationId }: ScimGroupRecord, locked: boolean) => {
  const store = records.scimGroups;
  const found = await (locked ? store.lock(scimConfigurationId, id) : store.get(scimConfigurationId, id));
  if (!found) return undefined;
  const { number, ...record } = found;
  return record;
};

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newScimGroup(records, organization.id);
  },
  async insert(records, record) {
    const { id, organizationId } = record;
    if (!(await records.groups.get(organizationId, id))) await insertGroup(records, organizationId, { id });
    await records.scimGroups.insert(record);
  },
  get: (records, record) => readBack(records, record, false),
  lock: (records, record) => readBack(records, record, true),
  update: (records, record) => records.scimGroups.update(record),
  delete: (records, { id }) => records.scimGroups.delete(id),
  fixed: ["id", "organizationId", "scimConfigurationId", "displayNameFolded", "externalId"],
  fields: {
    displayName: fc.oneof(anyText, fc.constant("Σ")),
    version: anyNumber,
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
} as const satisfies Rows<
  ScimGroupRecord,
  "id" | "organizationId" | "scimConfigurationId" | "displayNameFolded" | "externalId"
>;

/** `ScimGroupStore`. */
export function scimGroups(subject: Subject): void {
  rowCases(subject, rows);
  lockCases(subject, { ...rows, counter: "updatedAt" });

  it("lists and counts a configuration's groups as they were made", async () => {
    const { storage } = subject;
    const groups = await storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      const first = await insertScimGroup(records, organization.id);
      const { scimConfigurationId } = first;
      await insertScimGroup(records, organization.id);
      return [first, await insertScimGroup(records, organization.id, { scimConfigurationId })];
    });
    const configurationId = groups[0]?.scimConfigurationId ?? "";
    const { scimGroups: store } = storage.read;
    const listed = await store.list(configurationId, { start: { offset: 0 }, limit: 10 });
    expect(listed.map(({ record }) => record.id)).toEqual(groups.map(({ id }) => id));
    expect(await store.count(configurationId, undefined)).toBe(2);
    expect(await store.count(configurationId, { kind: "constant", value: false })).toBe(0);
    expect(await store.count(newId(), undefined)).toBe(0);
    await storage.write((records) => records.scimGroups.delete(groups[0]?.id ?? ""));
    expect(await store.count(configurationId, undefined)).toBe(1);
  });

  it("adds and removes members, and keeps the group's count right", async () => {
    const { storage } = subject;
    const { group, users, stranger } = await storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      const group = await insertScimGroup(records, organization.id);
      const { scimConfigurationId } = group;
      const users = [];
      for (let i = 0; i < 3; i++) {
        users.push((await insertScimUser(records, organization.id, { scimConfigurationId })).id);
      }
      return { group, users, stranger: (await insertScimUser(records, organization.id)).id };
    });
    const { scimGroups: store } = storage.read;
    const memberCount = async () => (await storage.read.groups.get(group.organizationId, group.id))?.memberCount;
    const add = (ids: string[]) => storage.write((records) => records.scimGroups.addMembers(group, ids, 5));
    const remove = (ids: string[]) => storage.write((records) => records.scimGroups.removeMembers(group.id, ids));
    expect(await add([])).toEqual({ added: [], unknown: [] });
    expect(await add([users[0] ?? "", stranger, "nobody"])).toEqual({
      added: [users[0]],
      unknown: [stranger, "nobody"],
    });
    expect((await add(users)).added).toEqual(users.slice(1));
    expect(await memberCount()).toBe(3);
    expect(await store.listMemberIds(group.id)).toEqual([...users].sort());
    expect((await store.listMembers([group.id])).get(group.id)?.map(({ id }) => id)).toEqual([...users].sort());
    expect(await store.listMembers([])).toEqual(new Map());
    expect(await remove([])).toEqual([]);
    expect(await remove([users[1] ?? "", stranger])).toEqual([users[1]]);
    expect(await memberCount()).toBe(2);
    await storage.write((records) => records.scimGroups.touch([group.id], 9));
    expect(await store.get(group.scimConfigurationId, group.id)).toMatchObject({ version: 2, updatedAt: 9 });
    await storage.write((records) => records.scimGroups.touch([], 9));
  });
}
