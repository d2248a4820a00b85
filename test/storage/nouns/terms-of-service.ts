import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type {
  Records,
  TermsAcceptanceRecord,
  TermsOfServiceRecord,
  TermsVersionRecord,
} from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { pageCases } from "../cases/pages.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne } from "../cases/rows.ts";
import { type Singleton, singletonCases } from "../cases/singletons.ts";
import { addOrganization, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";
import { insertUser } from "./users.ts";

const noun: Singleton<TermsOfServiceRecord> = {
  get: (records, organizationId) => records.termsOfService.get(organizationId),
  put: (records, record) => records.termsOfService.put(record),
  fields: { enabled: fc.boolean() },
};

function newVersion(organizationId: string, changes: Partial<TermsVersionRecord> = {}): TermsVersionRecord {
  return {
    id: newId(),
    organizationId,
    version: 1,
    markdown: "Be kind.",
    createdByUserId: newId(),
    createdAt: 1,
    ...changes,
  };
}

async function insertVersion(records: Records, organizationId: string, changes: Partial<TermsVersionRecord> = {}) {
  const version = newVersion(organizationId, changes);
  await records.termsOfService.insertVersion(version);
  return version;
}

/** Puts the organization's terms, with a version that a user has accepted. */
export async function putTermsOfService(records: Records, organizationId: string) {
  await records.termsOfService.put({ organizationId, enabled: true });
  const version = await insertVersion(records, organizationId);
  const { id: userId } = await insertUser(records, organizationId);
  await records.termsOfService.insertAcceptance(newAcceptance(version, userId));
}

function newAcceptance(version: TermsVersionRecord, userId: string, acceptedAt = 1): TermsAcceptanceRecord {
  const { organizationId, id: versionId, version: number } = version;
  return { organizationId, userId, version: number, versionId, acceptedAt };
}

/** `TermsOfServiceStore`. */
export function termsOfService(subject: Subject): void {
  describe("whether they apply", () => singletonCases(subject, noun));
  describe("versions", () => versions(subject));
  describe("acceptances", () => acceptances(subject));
}

const versionRows = {
  async make(records: Records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newVersion(organization.id);
  },
  insert: (records: Records, record: TermsVersionRecord) => records.termsOfService.insertVersion(record),
  get: (records: Records, { organizationId, version }: TermsVersionRecord) =>
    records.termsOfService.getVersion(organizationId, version),
};

function versions(subject: Subject): void {
  const anyValues = fc.record({
    version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    markdown: anyText,
    createdByUserId: anyText,
    createdAt: anyNumber,
  });

  it("come back with every field as it was inserted", async () => {
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const version = await insertOne(subject.storage, versionRows, values);
        deepStrictEqual(await versionRows.get(subject.other.read, version), version);
        deepStrictEqual(await subject.other.read.termsOfService.currentVersion(version.organizationId), version);
      }),
      { numRuns: 40 },
    );
  });

  it("have the newest one, which is undefined before the first", async () => {
    const { storage } = subject;
    const { id } = await addOrganization(storage);
    expect(await storage.read.termsOfService.currentVersion(id)).toBeUndefined();
    await storage.write((records) => insertVersion(records, id, { version: 9 }));
    const newest = await storage.write((records) => insertVersion(records, id, { version: 10 }));
    await insertOne(storage, versionRows, { version: 11 });
    deepStrictEqual(await storage.read.termsOfService.currentVersion(id), newest);
    expect(await storage.read.termsOfService.getVersion(id, 11)).toBeUndefined();
  });

  pageCases(
    "listVersions",
    async () => {
      const { storage } = subject;
      const { id } = await addOrganization(storage);
      let version = 0;
      return {
        insert: () => storage.write((records) => insertVersion(records, id, { version: ++version })),
        list: (page) => storage.read.termsOfService.listVersions(id, page),
      };
    },
    { newestFirst: true, byId: false },
  );

  refusesDuplicate(subject, "a second version with the same number", {
    ...versionRows,
    conflicting: async (_records, { organizationId, version }) => newVersion(organizationId, { version }),
  });
  refusesDuplicate(subject, "a second version with the same id", {
    ...versionRows,
    conflicting: async (records, { id }) => ({ ...(await versionRows.make(records)), id }),
  });
  refusedOutsideTransactions(subject, versionRows, {
    insertVersion: (records, { organizationId }) =>
      records.termsOfService.insertVersion(newVersion(organizationId, { version: 2 })),
  });
}

const acceptanceRows = {
  async make(records: Records) {
    const version = await versionRows.make(records);
    await records.termsOfService.insertVersion(version);
    const { id } = await insertUser(records, version.organizationId);
    return newAcceptance(version, id);
  },
  insert: (records: Records, record: TermsAcceptanceRecord) => records.termsOfService.insertAcceptance(record),
  get: (records: Records, { userId, version }: TermsAcceptanceRecord) =>
    records.termsOfService.getAcceptance(userId, version),
};

function acceptances(subject: Subject): void {
  it("come back as they were inserted, for their user and version alone", async () => {
    const { storage } = subject;
    const acceptance = await storage.write(async (records) => {
      const made = { ...(await acceptanceRows.make(records)), acceptedAt: 1_700_000_000_123 };
      await acceptanceRows.insert(records, made);
      return made;
    });
    const { getAcceptance } = storage.read.termsOfService;
    const read = getAcceptance.bind(storage.read.termsOfService);
    deepStrictEqual(await read(acceptance.userId, acceptance.version), acceptance);
    expect(await read(acceptance.userId, acceptance.version + 1)).toBeUndefined();
    expect(await read(newId(), acceptance.version)).toBeUndefined();
  });

  it("have the newest one of each user", async () => {
    const { storage } = subject;
    const { id } = await addOrganization(storage);
    const { users, newest } = await storage.write(async (records) => {
      const users = [];
      for (let i = 0; i < 3; i++) users.push((await insertUser(records, id)).id);
      const [one = "", two = ""] = users;
      const versions = [];
      for (const version of [1, 2, 10]) versions.push(await insertVersion(records, id, { version }));
      const [first, second, tenth] = versions as [TermsVersionRecord, TermsVersionRecord, TermsVersionRecord];
      const newest = [newAcceptance(tenth, one, 7), newAcceptance(second, two, 9)];
      for (const acceptance of [newAcceptance(second, one, 8), newAcceptance(first, two), ...newest]) {
        await records.termsOfService.insertAcceptance(acceptance);
      }
      return { users, newest };
    });
    const read = async (ids: readonly string[]) =>
      [...(await storage.read.termsOfService.newestAcceptances(ids))].sort((a, b) => b.version - a.version);
    deepStrictEqual(await read(users), newest);
    deepStrictEqual(await read(users.slice(1)), newest.slice(1));
    expect(await read([])).toEqual([]);
  });

  refusesDuplicate(subject, "a second acceptance of one version by one user", {
    ...acceptanceRows,
    conflicting: async (_records, first) => ({ ...first, acceptedAt: 2 }),
  });
  refusedOutsideTransactions(subject, acceptanceRows, {
    insertAcceptance: (records, record) => records.termsOfService.insertAcceptance({ ...record, acceptedAt: 2 }),
  });
}
