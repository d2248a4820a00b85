import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { CountedGroup, GroupFilter, GroupRecord, Records } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { lockCases } from "../cases/locks.ts";
import { pageCases, walk } from "../cases/pages.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyIndexedText, anyNumber, anyText } from "../traps.ts";
import { insertScimConfiguration } from "./scim-configurations.ts";

/** The record of a group that people keep. */
export function newGroup(organizationId: string, changes: Partial<GroupRecord> = {}): GroupRecord {
  const id = changes.id ?? newId();
  return {
    id,
    organizationId,
    name: `Group ${id}`,
    nameKey: `group ${id}`,
    description: "",
    scimConfigurationId: undefined,
    createdAt: 1,
    updatedAt: 2,
    ...changes,
  };
}

/** Inserts a group of the organization. */
export async function insertGroup(records: Records, organizationId: string, changes: Partial<GroupRecord> = {}) {
  const group = newGroup(organizationId, changes);
  await records.groups.insert(group);
  return group;
}

const counted = (group: GroupRecord, memberCount = 0): CountedGroup => ({ ...group, memberCount });

async function withoutCount(group: Promise<CountedGroup | undefined>): Promise<GroupRecord | undefined> {
  const found = await group;
  if (!found) return undefined;
  const { memberCount: _, ...record } = found;
  return record;
}

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newGroup(organization.id);
  },
  insert: (records, record) => records.groups.insert(record),
  get: (records, { organizationId, id }) => withoutCount(records.groups.get(organizationId, id)),
  lock: (records, { organizationId, id }) => withoutCount(records.groups.lock(organizationId, id)),
  update: (records, record) => records.groups.update(record),
  delete: (records, { id }) => records.groups.delete(id),
  fixed: ["id", "organizationId", "scimConfigurationId"],
  fields: {
    name: anyText,
    nameKey: anyIndexedText,
    description: anyText,
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
} as const satisfies Rows<GroupRecord, "id" | "organizationId" | "scimConfigurationId">;

/** `GroupStore`. What is counted along is in the cases of memberships. */
export function groups(subject: Subject): void {
  rowCases(subject, rows);
  lockCases(subject, { ...rows, counter: "updatedAt" });
  scopeCases<GroupRecord>(subject, {
    insertFor: (records, organizationId) => insertGroup(records, organizationId),
    reads: {
      get: (records, scope, { id }) => withoutCount(records.groups.get(scope, id)),
      lock: (records, scope, { id }) => withoutCount(records.groups.lock(scope, id)),
    },
  });
  names(subject);
  lists(subject);
  directories(subject);
}

function names(subject: Subject): void {
  refusesDuplicate<GroupRecord>(subject, "a second group with the same name key in the organization", {
    ...rows,
    conflicting: async (_records, { organizationId, nameKey }) => newGroup(organizationId, { nameKey }),
  });
  refusesDuplicate<GroupRecord>(subject, "the name key of another group by an update", {
    ...rows,
    async conflicting(records, { organizationId, nameKey }) {
      const group = await insertGroup(records, organizationId);
      return { ...group, nameKey };
    },
    attempt: (records, record) => records.groups.update(record),
  });

  it("finds a group by its exact name key in its own organization", async () => {
    const { storage } = subject;
    const { id: otherId } = await addOrganization(storage);
    const group = await insertOne(storage, rows, { nameKey: "crew é%_" });
    const { groups } = storage.read;
    deepStrictEqual(await groups.getByNameKey(group.organizationId, "crew é%_"), counted(group));
    for (const key of ["crew", "Crew é%_", "crew é%_ ", "crew e\u0301%_", ""]) {
      expect(await groups.getByNameKey(group.organizationId, key)).toBeUndefined();
    }
    expect(await groups.getByNameKey(otherId, "crew é%_")).toBeUndefined();
    const elsewhere = await insertOne(storage, rows, { nameKey: "crew é%_" });
    deepStrictEqual(await groups.getByNameKey(elsewhere.organizationId, "crew é%_"), counted(elsewhere));
  });
}

function lists(subject: Subject): void {
  pageCases<CountedGroup>("list", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: otherId } = await addOrganization(storage);
    return {
      // Named by the key that orders them.
      insert: (nameKey = newId()) =>
        storage.write(async (records) => {
          const own = await insertGroup(records, organizationId, { nameKey });
          await insertGroup(records, otherId, { nameKey });
          return counted(own);
        }),
      list: (page) => storage.read.groups.list(organizationId, {}, page),
      remove: ({ id }) => storage.write((records) => records.groups.delete(id)),
    };
  });

  it("keeps what passes every part of the filter, in the order of the name keys", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const keys = ["admins", "ADMINS", "a%b", "a_b", "axb", "a\\b", "crème", "creme", "😀 crew", "'quoted'", "zoo"];
    const all = await storage.write(async (records) => {
      const { id } = await insertScimConfiguration(records, organizationId);
      const inserted: GroupRecord[] = [];
      for (const [at, nameKey] of keys.entries()) {
        const scimConfigurationId = at % 2 ? id : undefined;
        inserted.push(await insertGroup(records, organizationId, { nameKey, scimConfigurationId }));
      }
      return inserted.sort((a, b) => Buffer.compare(Buffer.from(a.nameKey), Buffer.from(b.nameKey)));
    });
    const anyFilter: fc.Arbitrary<GroupFilter> = fc.record(
      {
        search: fc.constantFrom(
          "",
          "a",
          "A",
          "%",
          "_",
          "\\",
          "a_b",
          "a%b",
          "adm",
          "dmi",
          "è",
          "e",
          "😀",
          "'",
          "nothing",
        ),
        ids: fc.subarray([...all.map(({ id }) => id), newId()]),
        systemManaged: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(anyFilter, fc.integer({ min: 1, max: 12 }), async (filter, limit) => {
        const listed = await walk((page) => storage.read.groups.list(organizationId, filter, page), limit);
        deepStrictEqual(
          listed,
          all.filter((group) => passes(group, filter)).map((group) => counted(group)),
        );
      }),
      { numRuns: 60 },
    );
  });
}

function passes(
  { id, nameKey, scimConfigurationId }: GroupRecord,
  { search, ids, systemManaged }: GroupFilter,
): boolean {
  return (
    nameKey.includes(search ?? "") &&
    (!ids?.length || ids.includes(id)) &&
    (systemManaged === undefined || systemManaged === (scimConfigurationId !== undefined))
  );
}

function directories(subject: Subject): void {
  it("belongs to a SCIM configuration, and to people once that is deleted", async () => {
    const { storage } = subject;
    const group = await insertOne(storage, rows);
    const scim = await storage.write((records) => insertScimConfiguration(records, group.organizationId));
    const managed = { ...group, scimConfigurationId: scim.id };
    await storage.write((records) => records.groups.update(managed));
    deepStrictEqual(await rows.get(storage.read, group), managed);
    await storage.write((records) => records.scimConfigurations.delete(scim.id));
    deepStrictEqual(await rows.get(storage.read, group), group);
  });
}
