import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import { type ApiTokenRecord, EVERY_ORGANIZATION, type Records } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { pageCases, walk } from "../cases/pages.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyHash, anyNumber, anyText, maybeNumber, maybeText } from "../traps.ts";
import { insertUser } from "./users.ts";

/** The record of an operator's token. */
export function newApiToken(changes: Partial<ApiTokenRecord> = {}): ApiTokenRecord {
  return {
    id: newId(),
    organizationId: undefined,
    userId: undefined,
    creatorId: undefined,
    description: "laptop",
    hash: randomBytes(32).toString("base64url"),
    readOnly: false,
    createdAt: 1,
    expiresAt: 2,
    lastUsedAt: undefined,
    ...changes,
  };
}

/** Inserts a token of a user that is made with it. */
export async function insertApiToken(
  records: Records,
  organizationId: string,
  changes: Partial<ApiTokenRecord> = {},
): Promise<ApiTokenRecord & { readonly userId: string }> {
  const userId = changes.userId ?? (await insertUser(records, organizationId)).id;
  const token = { ...newApiToken({ organizationId, ...changes }), userId };
  await records.apiTokens.insert(token);
  return token;
}

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    const { id: userId } = await insertUser(records, organization.id);
    return newApiToken({ organizationId: organization.id, userId });
  },
  insert: (records, record) => records.apiTokens.insert(record),
  get: (records, { organizationId, id }) => records.apiTokens.get(organizationId ?? EVERY_ORGANIZATION, id),
  delete: (records, { id }) => records.apiTokens.delete(id),
  fixed: ["id", "organizationId", "userId"],
  fields: {
    creatorId: maybeText,
    description: anyText,
    hash: anyHash,
    readOnly: fc.boolean(),
    createdAt: anyNumber,
    expiresAt: anyNumber,
    lastUsedAt: maybeNumber,
  },
} as const satisfies Rows<ApiTokenRecord, "id" | "organizationId" | "userId">;

/** `ApiTokenStore`. */
export function apiTokens(subject: Subject): void {
  rowCases(subject, rows);
  refusesDuplicate(subject, "a second token with the same hash", {
    ...rows,
    conflicting: async (records, { hash }) => ({ ...(await rows.make(records)), hash }),
  });
  refusedOutsideTransactions(subject, rows, {
    deleteOfUser: (records, { userId }) => records.apiTokens.deleteOfUser(userId ?? ""),
    deleteExpired: (records, { expiresAt }) => records.apiTokens.deleteExpired(expiresAt + 1),
    touch: (records, { id }) => records.apiTokens.touch(new Map([[id, 9]])),
  });
  scopeCases<ApiTokenRecord>(subject, {
    insertFor: (records, organizationId) => insertApiToken(records, organizationId),
    reads: { get: (records, scope, { id }) => records.apiTokens.get(scope, id) },
  });
  credentials(subject);
  operators(subject);
  lists(subject);
  deletions(subject);
  touches(subject);
}

function credentials(subject: Subject): void {
  it("finds the credential of a user's token by its exact hash", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const hash = `${randomBytes(32).toString("base64url")}a`;
    const { token, user } = await storage.write(async (records) => {
      const user = await insertUser(records, organizationId, { role: "admin" });
      const changes = { userId: user.id, hash, readOnly: true, expiresAt: Number.MAX_SAFE_INTEGER, lastUsedAt: 7 };
      return { user, token: await insertApiToken(records, organizationId, changes) };
    });
    const credential = {
      tokenId: token.id,
      hash,
      readOnly: true,
      expiresAt: Number.MAX_SAFE_INTEGER,
      lastUsedAt: 7,
      user: { id: user.id, accountId: user.accountId, organizationId, role: "admin", status: "active" },
    };
    deepStrictEqual(await storage.read.apiTokens.findCredential(hash), credential);
    deepStrictEqual(await storage.write((records) => records.apiTokens.findCredential(hash)), credential);
    for (const wrong of [hash.toUpperCase(), `${hash} `, hash.slice(0, -1), ""]) {
      expect(await storage.read.apiTokens.findCredential(wrong)).toBeUndefined();
    }
  });

  it("shows role and status as they are now, and nothing once the token is deleted", async () => {
    const { storage, other } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { token, user } = await storage.write(async (records) => {
      const user = await insertUser(records, organizationId);
      return { user, token: await insertApiToken(records, organizationId, { userId: user.id }) };
    });
    const find = async () => (await storage.read.apiTokens.findCredential(token.hash))?.user;
    expect(await find()).toMatchObject({ role: "member", status: "active" });
    await other.write((records) => records.users.update({ ...user, role: "admin", status: "suspended" }));
    expect(await find()).toMatchObject({ role: "admin", status: "suspended" });
    await other.write((records) => records.apiTokens.delete(token.id));
    expect(await storage.read.apiTokens.findCredential(token.hash)).toBeUndefined();
  });
}

function operators(subject: Subject): void {
  it("shows an operator's token to the operator's scope alone", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const token = newApiToken({ creatorId: newId() });
    await storage.write((records) => records.apiTokens.insert(token));
    deepStrictEqual(await storage.read.apiTokens.get(EVERY_ORGANIZATION, token.id), token);
    for (const scope of [organizationId, ""]) {
      expect(await storage.read.apiTokens.get(scope, token.id)).toBeUndefined();
      deepStrictEqual(await storage.read.apiTokens.list(scope, [], { limit: 100 }), { items: [] });
    }
    deepStrictEqual(await storage.read.apiTokens.findCredential(token.hash), {
      tokenId: token.id,
      hash: token.hash,
      readOnly: false,
      expiresAt: 2,
      lastUsedAt: undefined,
      user: undefined,
    });
  });
}

function lists(subject: Subject): void {
  pageCases<ApiTokenRecord>(
    "listNewest",
    async () => {
      const { storage } = subject;
      const { id: organizationId } = await addOrganization(storage);
      const { id: otherId } = await addOrganization(storage);
      return {
        insert: () =>
          storage.write(async (records) => {
            await insertApiToken(records, otherId);
            return insertApiToken(records, organizationId);
          }),
        list: (page) => storage.read.apiTokens.listNewest(organizationId, [], page),
        remove: ({ id }) => storage.write((records) => records.apiTokens.delete(id)),
      };
    },
    { newestFirst: true, byId: false },
  );

  it("lists the newest tokens of the given users alone, and no operator's", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const [a, b, c] = await storage.write(async (records) => {
      const a = await insertApiToken(records, organizationId);
      const b = await insertApiToken(records, organizationId);
      await records.apiTokens.insert(newApiToken());
      return [a, b, await insertApiToken(records, organizationId, { userId: a.userId })] as const;
    });
    const list = (...users: string[]) => storage.read.apiTokens.listNewest(organizationId, users, { limit: 9 });
    deepStrictEqual(await list(), { items: [c, b, a] });
    deepStrictEqual(await list(a.userId), { items: [c, a] });
    deepStrictEqual(await list(b.userId, a.userId), { items: [c, b, a] });
    deepStrictEqual(await list(newId()), { items: [] });
  });

  pageCases("list of a user", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const userId = await storage.write(async (records) => (await insertUser(records, organizationId)).id);
    return {
      // A colleague's token after each of the user's.
      insert: (id = newId()) =>
        storage.write(async (records) => {
          const own = await insertApiToken(records, organizationId, { id, userId });
          await insertApiToken(records, organizationId, { id: `${id}-` });
          return own;
        }),
      list: (page) => storage.read.apiTokens.list(organizationId, [userId], page),
      remove: ({ id }) => storage.write((records) => records.apiTokens.delete(id)),
    };
  });

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);
    pageCases<ApiTokenRecord>("list of every organization", async () => {
      const { storage } = own;
      const list = storage.read.apiTokens.list.bind(storage.read.apiTokens, EVERY_ORGANIZATION, []);
      const remove = ({ id }: { id: string }) => storage.write((records) => records.apiTokens.delete(id));
      for (const token of await walk(list, 100)) await remove(token);
      const { id: organizationId } = await addOrganization(storage);
      let inserted = 0;
      return {
        // Users' and operators' tokens by turns.
        insert: (id = newId()) =>
          inserted++ % 2
            ? storage.write((records) => insertApiToken(records, organizationId, { id }))
            : insertOne(storage, { ...rows, make: async () => newApiToken({ id }) }),
        list,
        remove,
      };
    });
  });

  it("lists the tokens of the given users, all without one, within the scope", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: otherId } = await addOrganization(storage);
    const { a, b, foreign } = await storage.write(async (records) => ({
      a: await insertApiToken(records, organizationId),
      b: await insertApiToken(records, organizationId),
      foreign: await insertApiToken(records, otherId),
    }));
    const list = async (scope: string | typeof EVERY_ORGANIZATION, ...users: string[]) =>
      (await storage.read.apiTokens.list(scope, users, { limit: 100 })).items.map((token) => token.id);
    expect(await list(organizationId)).toEqual([a.id, b.id]);
    expect(await list(organizationId, b.userId)).toEqual([b.id]);
    expect(await list(organizationId, b.userId, a.userId, b.userId)).toEqual([a.id, b.id]);
    expect(await list(organizationId, foreign.userId)).toEqual([]);
    expect(await list(organizationId, newId())).toEqual([]);
    expect(await list(EVERY_ORGANIZATION, foreign.userId, a.userId)).toEqual([a.id, foreign.id]);
  });
}

function deletions(subject: Subject): void {
  it("deletes every token of one user and says how many", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { own, colleague } = await storage.write(async (records) => {
      const own = await insertApiToken(records, organizationId);
      await insertApiToken(records, organizationId, { userId: own.userId });
      return { own, colleague: await insertApiToken(records, organizationId) };
    });
    const deleteAll = () => storage.write((records) => records.apiTokens.deleteOfUser(own.userId));
    expect(await deleteAll()).toBe(2);
    expect(await deleteAll()).toBe(0);
    const left = await storage.read.apiTokens.list(organizationId, [], { limit: 10 });
    deepStrictEqual(left, { items: [colleague] });
  });

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);

    it("deletes what has run out before a time, of everybody", async () => {
      const { storage } = own;
      const { id: organizationId } = await addOrganization(storage);
      const later = await storage.write(async (records) => {
        await records.apiTokens.insert(newApiToken({ expiresAt: 9 }));
        await insertApiToken(records, organizationId, { expiresAt: 1 });
        return [
          await insertApiToken(records, organizationId, { expiresAt: 10 }),
          await insertApiToken(records, organizationId, { expiresAt: 11 }),
        ];
      });
      const deleteExpired = () => storage.write((records) => records.apiTokens.deleteExpired(10));
      expect(await deleteExpired()).toBe(2);
      expect(await deleteExpired()).toBe(0);
      deepStrictEqual(await storage.read.apiTokens.list(EVERY_ORGANIZATION, [], { limit: 10 }), { items: later });
    });
  });

  it("refuses a token of a user who does not exist", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const orphan = newApiToken({ organizationId, userId: newId() });
    await expect(subject.storage.write((records) => records.apiTokens.insert(orphan))).rejects.toThrow();
    expect(await subject.storage.read.apiTokens.findCredential(orphan.hash)).toBeUndefined();
  });
}

function touches(subject: Subject): void {
  const lastUse = async (id: string) => (await subject.storage.read.apiTokens.get(EVERY_ORGANIZATION, id))?.lastUsedAt;
  const touch = (uses: Record<string, number>) =>
    subject.storage.write((records) => records.apiTokens.touch(new Map(Object.entries(uses))));

  it("notes the last use and never moves it back", async () => {
    const used = await insertOne(subject.storage, rows, { lastUsedAt: undefined });
    const unused = await insertOne(subject.storage, rows, { lastUsedAt: undefined });
    for (const [at, expected] of [
      [0, 0],
      [5, 5],
      [4, 5],
      [5, 5],
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      [6, Number.MAX_SAFE_INTEGER],
    ] as const) {
      await touch({ [used.id]: at });
      expect(await lastUse(used.id)).toBe(expected);
    }
    expect(await lastUse(unused.id)).toBeUndefined();
    deepStrictEqual(await rows.get(subject.storage.read, used), { ...used, lastUsedAt: Number.MAX_SAFE_INTEGER });
  });

  it("touches several tokens at once and ignores the missing", async () => {
    const a = await insertOne(subject.storage, rows);
    const b = await insertOne(subject.storage, rows);
    const missing = newId();
    await touch({ [a.id]: 3, [missing]: 4, [b.id]: 5 });
    await touch({});
    expect([await lastUse(a.id), await lastUse(b.id), await lastUse(missing)]).toEqual([3, 5, undefined]);
  });

  it("keeps the latest of touches that meet, in whatever order they name the tokens", async () => {
    const a = await insertOne(subject.storage, rows);
    const b = await insertOne(subject.storage, rows);
    const meeting = Array.from({ length: 20 }, (_, at) => {
      const storage = at % 2 ? subject.storage : subject.other;
      const ids = at % 4 < 2 ? [a.id, b.id] : [b.id, a.id];
      return storage.write((records) => records.apiTokens.touch(new Map(ids.map((id) => [id, at]))));
    });
    await Promise.all(meeting);
    expect([await lastUse(a.id), await lastUse(b.id)]).toEqual([19, 19]);
  });
}
