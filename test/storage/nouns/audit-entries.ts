import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type {
  ActorPrincipal,
  AuditEntryRecord,
  AuditFilter,
  Records,
  Storage,
  SubjectType,
} from "../../../src/storage/storage.ts";
import { pageCases, walk } from "../cases/pages.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { gate, turns } from "../gate.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyDocument, anyIndexedText, anyNumber, anyText } from "../traps.ts";

/** An entry of the organization, or of none. */
export function newAuditEntry(organizationId: string | undefined, changes: Partial<AuditEntryRecord> = {}) {
  const entry: AuditEntryRecord = {
    id: newId(),
    organizationId,
    actorId: "ada",
    actorPrincipal: "user",
    subjectId: "thing",
    subjectType: "organization",
    action: "organization.update",
    operation: "update",
    requestId: "request",
    before: undefined,
    after: { name: "Example" },
    createdAt: 1,
    ...changes,
  };
  return entry;
}

/** Appends an entry of the organization. */
export async function appendAuditEntry(records: Records, organizationId: string, id: string = newId()) {
  const entry = newAuditEntry(organizationId, { id });
  await records.auditEntries.append(entry);
  return entry;
}

const principals = fc.constantFrom<ActorPrincipal[]>("user", "account", "service_account", "system");
const maybeDocument = fc.option(anyDocument, { nil: undefined });

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newAuditEntry(organization.id);
  },
  insert: (records, record) => records.auditEntries.append(record),
  get: (records, { organizationId, id }) => records.auditEntries.get(organizationId ?? "", id),
  fixed: ["id", "organizationId"],
  fields: {
    actorId: anyIndexedText,
    actorPrincipal: principals,
    subjectId: anyIndexedText,
    subjectType: fc.constantFrom<SubjectType[]>("organization", "user", "sso_config", "group_membership_changed"),
    action: anyText,
    operation: fc.constantFrom("create", "update", "delete", "update_status"),
    requestId: anyText,
    before: maybeDocument,
    after: maybeDocument,
    createdAt: anyNumber,
  },
} as const satisfies Rows<AuditEntryRecord, "id" | "organizationId">;

/** `AuditEntryStore`. */
export function auditEntries(subject: Subject): void {
  rowCases(subject, rows);
  scopes(subject);
  lists(subject);
  filters(subject);
  appendOrder(subject);
  following(subject);
  retention(subject);
}

function scopes(subject: Subject): void {
  it("finds an entry through its own organization alone", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: otherId } = await addOrganization(storage);
    const entry = await storage.write((records) => appendAuditEntry(records, organizationId));
    deepStrictEqual(await storage.read.auditEntries.get(organizationId, entry.id), entry);
    for (const scope of [otherId, ""]) {
      expect(await storage.read.auditEntries.get(scope, entry.id)).toBeUndefined();
      deepStrictEqual(await storage.read.auditEntries.list(scope, {}, "newest", { limit: 9 }), { items: [] });
    }
  });

  it("keeps an entry that belongs to no organization, and shows it to none", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const entry = newAuditEntry(undefined);
    await subject.storage.write((records) => records.auditEntries.append(entry));
    const stored = await subject.database.execute(`select organization_id from audit_entries where id = '${entry.id}'`);
    expect(stored).toEqual([{ organization_id: null }]);
    for (const scope of [organizationId, "", "null"]) {
      expect(await subject.storage.read.auditEntries.get(scope, entry.id)).toBeUndefined();
    }
  });
}

function lists(subject: Subject): void {
  for (const order of ["newest", "oldest"] as const) {
    const empty = async () => {
      const { storage } = subject;
      const { id: organizationId } = await addOrganization(storage);
      const { id: otherId } = await addOrganization(storage);
      let count = 0;
      return {
        // Ids and times that fall while entries come: the order is that of their append.
        insert: () =>
          storage.write(async (records) => {
            count++;
            const changes = { id: `${99 - count}-${newId()}`, createdAt: 100 - count };
            const entry = newAuditEntry(organizationId, changes);
            await records.auditEntries.append(entry);
            await appendAuditEntry(records, otherId);
            return entry;
          }),
        list: storage.read.auditEntries.list.bind(storage.read.auditEntries, organizationId, {}, order),
      };
    };
    pageCases(`list, ${order} first`, empty, { newestFirst: order === "newest", byId: false });
  }
}

function filters(subject: Subject): void {
  const some = <T>(...values: T[]) => fc.option(fc.subarray(values), { nil: undefined });
  const time = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
  const anyFilter: fc.Arbitrary<AuditFilter> = fc
    .record({
      actorIds: some("a", "A", "b"),
      actorPrincipals: some<ActorPrincipal>("user", "system"),
      subjectIds: some("s", "t", "absent"),
      subjectTypes: some<SubjectType>("user", "group"),
      from: time,
      to: time,
    })
    .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));
  const anyEntry = fc.record({
    actorId: fc.constantFrom("a", "A", "b"),
    actorPrincipal: fc.constantFrom<ActorPrincipal[]>("user", "system"),
    subjectId: fc.constantFrom("s", "t"),
    subjectType: fc.constantFrom<SubjectType[]>("user", "group"),
    createdAt: fc.integer({ min: 0, max: 4 }),
  });

  it("keeps what passes every part of the filter", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const entries = fc.sample(anyEntry, 40).map((changes) => newAuditEntry(organizationId, changes));
    await storage.write(async (records) => {
      for (const entry of entries) await records.auditEntries.append(entry);
    });
    await fc.assert(
      fc.asyncProperty(anyFilter, fc.integer({ min: 1, max: 50 }), async (filter, limit) => {
        const expected = entries.filter((entry) => passes(entry, filter));
        const list = storage.read.auditEntries.list.bind(storage.read.auditEntries, organizationId, filter);
        deepStrictEqual(await walk((page) => list("oldest", page), limit), expected);
        deepStrictEqual(await walk((page) => list("newest", page), limit), expected.toReversed());
      }),
      { numRuns: 40 },
    );
  });
}

function passes(entry: AuditEntryRecord, filter: AuditFilter): boolean {
  const among = (values: readonly string[] | undefined, value: string) => !values?.length || values.includes(value);
  return (
    among(filter.actorIds, entry.actorId) &&
    among(filter.actorPrincipals, entry.actorPrincipal) &&
    among(filter.subjectIds, entry.subjectId) &&
    among(filter.subjectTypes, entry.subjectType) &&
    entry.createdAt >= (filter.from ?? 0) &&
    entry.createdAt < (filter.to ?? Number.POSITIVE_INFINITY)
  );
}

function appendOrder(subject: Subject): void {
  const idsOf = async (storage: Storage, organizationId: string) =>
    (await storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 1000 })).items.map(({ id }) => id);

  it("never shows an entry before one that was appended earlier", async () => {
    const { storage, other } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const appended = gate();
    const commit = gate();
    const first = storage.write(async (records) => {
      const entry = await appendAuditEntry(records, organizationId);
      appended.open();
      await commit.opened;
      return entry.id;
    });
    await appended.opened;
    const second = other.write(async (records) => (await appendAuditEntry(records, organizationId)).id);
    // Some round trips more than the second transaction needs, if it does not wait.
    for (let i = 0; i < 20; i++) {
      await turns(1);
      expect(await idsOf(storage, organizationId)).toEqual([]);
    }
    commit.open();
    const expected = [await first, await second];
    expect(await idsOf(storage, organizationId)).toEqual(expected);
  });

  it("lets a reader who follows the log miss nothing, while two storages append", async () => {
    const { storage, other } = subject;
    const { id: organizationId } = await addOrganization(storage);
    let writing = true;
    const writers = Array.from({ length: 40 }, (_, i) =>
      (i % 2 ? storage : other).write(async (records) => {
        await appendAuditEntry(records, organizationId);
        await records.organizations.get(organizationId);
      }),
    );
    const done = Promise.all(writers).finally(() => {
      writing = false;
    });
    let seen: string[] = [];
    while (writing) {
      const now = await idsOf(other, organizationId);
      expect(now.slice(0, seen.length)).toEqual(seen);
      seen = now;
      await turns(1);
    }
    await done;
    expect(await idsOf(storage, organizationId)).toHaveLength(40);
  });
}

function following(subject: Subject): void {
  /** An organization with entries about these subjects, and another one with entries in between. */
  async function fill(subjects: readonly Partial<AuditEntryRecord>[]) {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: otherId } = await addOrganization(storage);
    await storage.write(async (records) => {
      for (const changes of subjects) {
        await records.auditEntries.append(newAuditEntry(organizationId, changes));
        await appendAuditEntry(records, otherId);
      }
    });
    return { organizationId, log: storage.read.auditEntries };
  }

  it("gives the changes behind a sequence, in the order of their append", async () => {
    const { organizationId, log } = await fill([
      { subjectId: "a", operation: "create", subjectType: "group", actorId: "ada", createdAt: 9 },
      { subjectId: "b", operation: "update_status", subjectType: "user", actorId: "", createdAt: 1 },
      { subjectId: "c", operation: "delete", subjectType: "sso_config", actorId: "eve", createdAt: 5 },
    ]);
    const all = await log.listChanges(organizationId, 0, 10);
    expect(all.map(({ sequence, ...change }) => change)).toStrictEqual([
      { subjectId: "a", operation: "create", subjectType: "group", actorId: "ada" },
      { subjectId: "b", operation: "update_status", subjectType: "user", actorId: "" },
      { subjectId: "c", operation: "delete", subjectType: "sso_config", actorId: "eve" },
    ]);
    const sequences = all.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    const [first = 0, second = 0, third = 0] = sequences;
    expect(await log.listChanges(organizationId, 0, 2)).toStrictEqual(all.slice(0, 2));
    expect(await log.listChanges(organizationId, first, 10)).toStrictEqual(all.slice(1));
    expect(await log.listChanges(organizationId, second, 1)).toStrictEqual(all.slice(2));
    expect(await log.listChanges(organizationId, third, 10)).toStrictEqual([]);
    expect(await log.lastSequence(organizationId)).toBe(third);
    expect(await log.hasMoreThan(organizationId, 0, 2)).toBe(true);
    expect(await log.hasMoreThan(organizationId, 0, 3)).toBe(false);
    expect(await log.hasMoreThan(organizationId, first, 1)).toBe(true);
    expect(await log.hasMoreThan(organizationId, third, 0)).toBe(false);
  });

  it("begins at zero", async () => {
    const { organizationId, log } = await fill([]);
    expect(await log.lastSequence(organizationId)).toBe(0);
    expect(await log.listChanges(organizationId, 0, 10)).toStrictEqual([]);
    expect(await log.hasMoreThan(organizationId, 0, 0)).toBe(false);
  });

  it("knows who made a subject", async () => {
    const { organizationId, log } = await fill([
      { subjectId: "a", operation: "update", actorId: "before" },
      { subjectId: "a", operation: "create", actorId: "maker" },
      { subjectId: "a", operation: "create", actorId: "again" },
      { subjectId: "b", operation: "update", actorId: "other" },
    ]);
    expect(await log.findCreator(organizationId, "a")).toBe("maker");
    expect(await log.findCreator(organizationId, "b")).toBeUndefined();
    const { organizationId: otherId } = await fill([]);
    expect(await log.findCreator(otherId, "a")).toBeUndefined();
  });
}

function retention(subject: Subject): void {
  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);

    it("deletes the oldest entries of all organizations, if they are old enough, so many at a time", async () => {
      const { storage } = own;
      const { id: one } = await addOrganization(storage);
      const { id: two } = await addOrganization(storage);
      const entries = [10, 11, 12, 13, 14, 15].map((createdAt, i) =>
        newAuditEntry([one, two, undefined][i % 3], { createdAt }),
      );
      await storage.write(async (records) => {
        for (const entry of entries) await records.auditEntries.append(entry);
      });
      const deleteOldest = (before: number, limit: number) =>
        storage.write((records) => records.auditEntries.deleteOldest(before, limit));
      const left = async () =>
        (await own.database.execute("select created_at from audit_entries order by 1")).map((row) =>
          Number(row.created_at),
        );
      expect(await deleteOldest(10, 5)).toBe(0);
      expect(await deleteOldest(13, 2)).toBe(2);
      expect(await left()).toEqual([12, 13, 14, 15]);
      expect(await deleteOldest(13, 100)).toBe(1);
      expect(await deleteOldest(13, 100)).toBe(0);
      expect(await left()).toEqual([13, 14, 15]);
      await expect(storage.read.auditEntries.deleteOldest(100, 1)).rejects.toThrow();
      expect(await left()).toEqual([13, 14, 15]);
    });
  });
}
