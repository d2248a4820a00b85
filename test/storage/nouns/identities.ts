import { deepStrictEqual } from "node:assert/strict";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { IdentityRecord, Records } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { insertAccount } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, maybeNumber } from "../traps.ts";

/** A record of the account, which has to exist, with a subject of its own. */
export function newIdentity(accountId: string, changes: Partial<IdentityRecord> = {}): IdentityRecord {
  const id = changes.id ?? newId();
  return {
    id,
    accountId,
    issuer: "https://idp.example.com",
    subject: `subject ${id}`,
    createdAt: 1,
    lastUsedAt: undefined,
    ...changes,
  };
}

const rows = {
  make: async (records) => newIdentity((await insertAccount(records, undefined)).id),
  insert: (records, record) => records.identities.insert(record),
  get: (records, { issuer, subject }) => records.identities.find(issuer, subject),
  found: "by another key",
  fixed: ["id", "accountId", "issuer", "subject"],
  fields: { createdAt: anyNumber, lastUsedAt: maybeNumber },
} as const satisfies Rows<IdentityRecord, "id" | "accountId" | "issuer" | "subject">;

/** `IdentityStore`. */
export function identities(subject: Subject): void {
  rowCases(subject, rows);
  refusesDuplicate<IdentityRecord>(subject, "a second identity with the same issuer and subject", {
    ...rows,
    conflicting: async (records, first) => ({ ...(await rows.make(records)), subject: first.subject }),
  });
  refusedOutsideTransactions<IdentityRecord>(subject, rows, {
    touch: (records, { id }) => records.identities.touch(id, 9),
  });
  keys(subject);
  uses(subject);
}

function keys(subject: Subject): void {
  it("finds an identity by issuer and subject, character by character", async () => {
    const { storage } = subject;
    const identity = await insertOne(storage, rows, { issuer: "https://idp.example.com/a", subject: `${newId()}-é` });
    const { issuer, subject: name } = identity;
    for (const [wrongIssuer, wrongSubject] of [
      [`${issuer}/`, name],
      [issuer.toUpperCase(), name],
      [issuer, name.toUpperCase()],
      [issuer, name.normalize("NFD")],
      [issuer, `${name} `],
      [name, issuer],
      ["", ""],
    ] as const) {
      expect(await storage.read.identities.find(wrongIssuer, wrongSubject)).toBeUndefined();
    }
    const variant = await insertOne(storage, rows, { issuer, subject: name.toUpperCase() });
    const elsewhere = await insertOne(storage, rows, { issuer: `${issuer}/`, subject: name });
    for (const each of [identity, variant, elsewhere]) deepStrictEqual(await rows.get(storage.read, each), each);
  });

  it("lists an account's identities in creation order, and no other's", async () => {
    const { storage } = subject;
    const insert = async (records: Records, accountId: string, id = newId()) => {
      const identity = newIdentity(accountId, { id });
      await records.identities.insert(identity);
      return identity;
    };
    const { accountId, expected } = await storage.write(async (records) => {
      const { id: accountId } = await insertAccount(records, undefined);
      const { id: otherId } = await insertAccount(records, undefined);
      const last = await insert(records, accountId, `${accountId}-b`);
      await insert(records, otherId);
      return { accountId, expected: [await insert(records, accountId, `${accountId}-B`), last] };
    });
    deepStrictEqual(await storage.read.identities.listOfAccount(accountId), expected);
    deepStrictEqual(await storage.read.identities.listOfAccount(newId()), []);
  });
}

function uses(subject: Subject): void {
  it("notes the last use, never moves it back, and leaves a missing row missing", async () => {
    const { storage } = subject;
    const identity = await insertOne(storage, rows, { lastUsedAt: undefined });
    const touch = (id: string, at: number) => storage.write((records) => records.identities.touch(id, at));
    for (const [at, expected] of [
      [0, 0],
      [5, 5],
      [4, 5],
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ] as const) {
      await touch(identity.id, at);
      deepStrictEqual(await rows.get(storage.read, identity), { ...identity, lastUsedAt: expected });
    }
    const missing = await storage.write((records) => rows.make(records));
    await touch(missing.id, 5);
    expect(await rows.get(storage.read, missing)).toBeUndefined();
  });
}
