import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import { EVERY_ORGANIZATION, type Records, type SessionRecord } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { lockCases } from "../cases/locks.ts";
import { pageCases } from "../cases/pages.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyHash, anyNumber, anyText } from "../traps.ts";
import { insertSsoConfiguration } from "./sso-configurations.ts";
import { insertUser } from "./users.ts";

/** A record of a user, who has to exist. */
export function newSession(
  { organizationId, userId }: Pick<SessionRecord, "organizationId" | "userId">,
  changes: Partial<SessionRecord> = {},
): SessionRecord {
  return {
    id: newId(),
    organizationId,
    userId,
    ssoConfigurationId: undefined,
    hash: randomBytes(32).toString("base64url"),
    userAgent: "browser",
    ipAddress: "192.0.2.1",
    createdAt: 1,
    lastUsedAt: 2,
    expiresAt: 3,
    ...changes,
  };
}

/** Inserts a session of a user, who is made with it unless given. */
export async function insertSession(records: Records, organizationId: string, changes: Partial<SessionRecord> = {}) {
  const userId = changes.userId ?? (await insertUser(records, organizationId)).id;
  const session = newSession({ organizationId, userId }, changes);
  await records.sessions.insert(session);
  return session;
}

const fixed = ["id", "organizationId", "userId", "ssoConfigurationId"] as const;
const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    const { id: userId } = await insertUser(records, organization.id);
    return newSession({ organizationId: organization.id, userId });
  },
  insert: (records, record) => records.sessions.insert(record),
  get: (records, { organizationId, id }) => records.sessions.get(organizationId, id),
  delete: (records, { id }) => records.sessions.delete(id),
  fixed,
  fields: {
    hash: anyHash,
    userAgent: anyText,
    ipAddress: anyText,
    createdAt: anyNumber,
    lastUsedAt: anyNumber,
    expiresAt: anyNumber,
  },
} as const satisfies Rows<SessionRecord, (typeof fixed)[number]>;

/** `SessionStore`. */
export function sessions(subject: Subject): void {
  rowCases(subject, rows);
  refusesDuplicate<SessionRecord>(subject, "a second session with the same hash", {
    ...rows,
    conflicting: async (records, { hash }) => ({ ...(await rows.make(records)), hash }),
  });
  lockCases<SessionRecord>(subject, {
    ...rows,
    lock: (records, { organizationId, id }) => records.sessions.lock(organizationId, id),
    update: (records, { id, lastUsedAt }) => records.sessions.touch(new Map([[id, lastUsedAt]])),
    counter: "lastUsedAt",
  });
  refusedOutsideTransactions<SessionRecord>(subject, rows, {
    deleteOfUser: (records, { userId }) => records.sessions.deleteOfUser(userId),
    deleteOfConfiguration: (records) => records.sessions.deleteOfConfiguration(newId()),
    deleteExpired: (records) => records.sessions.deleteExpired(Number.MAX_SAFE_INTEGER, 0),
    touch: (records, { id }) => records.sessions.touch(new Map([[id, 9]])),
  });
  scopeCases<SessionRecord>(subject, {
    insertFor: (records, organizationId) => insertSession(records, organizationId),
    reads: {
      get: (records, scope, { id }) => records.sessions.get(scope, id),
      lock: (records, scope, { id }) => records.sessions.lock(scope, id),
      list: async (records, scope, { userId }) => (await records.sessions.list(scope, userId, { limit: 2 })).items[0],
    },
  });
  pageCases<SessionRecord>("list", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: userId } = await storage.write((records) => insertUser(records, organizationId));
    return {
      insert: (id = newId()) =>
        storage.write(async (records) => {
          const own = await insertSession(records, organizationId, { id, userId });
          await insertSession(records, organizationId, { id: `${id}-` });
          return own;
        }),
      list: (page) => storage.read.sessions.list(organizationId, userId, page),
      remove: ({ id }) => storage.write((records) => records.sessions.delete(id)),
    };
  });
  credentials(subject);
  deletions(subject);
  touches(subject);
}

function credentials(subject: Subject): void {
  it("finds the credential by its exact hash, with role and status as they are now, until it is deleted", async () => {
    const { storage, other } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const hash = `${randomBytes(32).toString("base64url")}a`;
    const { session, user } = await storage.write(async (records) => {
      const user = await insertUser(records, organizationId);
      return { user, session: await insertSession(records, organizationId, { userId: user.id, hash }) };
    });
    const credential = (role: string, status: string) => ({
      sessionId: session.id,
      hash,
      lastUsedAt: 2,
      expiresAt: 3,
      user: { id: user.id, accountId: user.accountId, organizationId, role, status },
    });
    deepStrictEqual(await storage.read.sessions.findCredential(hash), credential("member", "active"));
    await other.write((records) => records.users.update({ ...user, role: "admin", status: "suspended" }));
    deepStrictEqual(await storage.read.sessions.findCredential(hash), credential("admin", "suspended"));
    for (const wrong of [hash.toUpperCase(), `${hash} `, hash.slice(0, -1), ""]) {
      expect(await storage.read.sessions.findCredential(wrong)).toBeUndefined();
    }
    await other.write((records) => records.sessions.delete(session.id));
    expect(await storage.read.sessions.findCredential(hash)).toBeUndefined();
  });
}

function deletions(subject: Subject): void {
  it("deletes every session of one user and says how many", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { own, colleague } = await storage.write(async (records) => {
      const own = await insertSession(records, organizationId);
      await insertSession(records, organizationId, { userId: own.userId });
      return { own, colleague: await insertSession(records, organizationId) };
    });
    const deleteAll = () => storage.write((records) => records.sessions.deleteOfUser(own.userId));
    expect(await deleteAll()).toBe(2);
    expect(await deleteAll()).toBe(0);
    deepStrictEqual(await storage.read.sessions.list(organizationId, own.userId, { limit: 9 }), { items: [] });
    deepStrictEqual(await rows.get(storage.read, colleague), colleague);
  });

  it("deletes every session that came through one configuration, and outlives the configuration otherwise", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { through, another, none } = await storage.write(async (records) => {
      const { id } = await insertSsoConfiguration(records, organizationId);
      const { id: anotherId } = await insertSsoConfiguration(records, organizationId);
      const through = await insertSession(records, organizationId, { ssoConfigurationId: id });
      await insertSession(records, organizationId, { ssoConfigurationId: id });
      const another = await insertSession(records, organizationId, { ssoConfigurationId: anotherId });
      return { through, another, none: await insertSession(records, organizationId) };
    });
    deepStrictEqual(await rows.get(storage.read, through), through);
    const deleteAll = () =>
      storage.write((records) => records.sessions.deleteOfConfiguration(through.ssoConfigurationId ?? ""));
    expect(await deleteAll()).toBe(2);
    expect(await deleteAll()).toBe(0);
    expect(await rows.get(storage.read, through)).toBeUndefined();
    deepStrictEqual(await rows.get(storage.read, none), none);
    await storage.write((records) => records.ssoConfigurations.delete(another.ssoConfigurationId ?? ""));
    deepStrictEqual(await rows.get(storage.read, another), { ...another, ssoConfigurationId: undefined });
  });

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);

    it("deletes what has ended or was not used for long, and says how many", async () => {
      const { storage } = own;
      const { id: organizationId } = await addOrganization(storage);
      const kept = await storage.write(async (records) => {
        const session = (expiresAt: number, lastUsedAt: number) =>
          insertSession(records, organizationId, { expiresAt, lastUsedAt });
        await session(999, 900);
        await session(2000, 99);
        await session(999, 99);
        return session(1001, 101);
      });
      const deleteExpired = () => storage.write((records) => records.sessions.deleteExpired(1000, 100));
      expect(await deleteExpired()).toBe(3);
      expect(await deleteExpired()).toBe(0);
      deepStrictEqual(await rows.get(storage.read, kept), kept);
    });
  });
}

function touches(subject: Subject): void {
  it("notes the last use, never moves it back, and ignores the missing", async () => {
    const { storage } = subject;
    const one = await insertOne(storage, rows, { lastUsedAt: 4 });
    const two = await insertOne(storage, rows, { lastUsedAt: 4 });
    const touch = (uses: Record<string, number>) =>
      storage.write((records) => records.sessions.touch(new Map(Object.entries(uses))));
    await touch({ [one.id]: 5, [newId()]: 9, [two.id]: 3 });
    deepStrictEqual(await rows.get(storage.read, one), { ...one, lastUsedAt: 5 });
    deepStrictEqual(await rows.get(storage.read, two), two);
    await touch({});
    await touch({ [one.id]: Number.MAX_SAFE_INTEGER });
    await touch({ [one.id]: 6 });
    deepStrictEqual(await rows.get(storage.read, one), { ...one, lastUsedAt: Number.MAX_SAFE_INTEGER });
  });

  it("keeps the latest of touches that meet, in whatever order they name the sessions", async () => {
    const a = await insertOne(subject.storage, rows, { lastUsedAt: 0 });
    const b = await insertOne(subject.storage, rows, { lastUsedAt: 0 });
    const meeting = Array.from({ length: 20 }, (_, at) => {
      const storage = at % 2 ? subject.storage : subject.other;
      const ids = at % 4 < 2 ? [a.id, b.id] : [b.id, a.id];
      return storage.write((records) => records.sessions.touch(new Map(ids.map((id) => [id, at]))));
    });
    await Promise.all(meeting);
    for (const { id } of [a, b]) {
      expect((await subject.storage.read.sessions.get(EVERY_ORGANIZATION, id))?.lastUsedAt).toBe(19);
    }
  });
}
