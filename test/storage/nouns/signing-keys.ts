import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Records, SigningKeyRecord } from "../../../src/storage/storage.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyDocument, anyNumber, anyText, KEYS_IN_ORDER, maybeNumber } from "../traps.ts";

/** A key's record. */
export function newSigningKey(changes: Partial<SigningKeyRecord> = {}): SigningKeyRecord {
  return {
    id: randomBytes(32).toString("base64url"),
    sealedPrivateKey: "sealed",
    publicJwk: { kty: "EC", crv: "P-256", x: "x", y: "y" },
    createdAt: 1,
    activeAt: 2,
    retiredAt: undefined,
    ...changes,
  };
}

async function get(records: Records, { id }: SigningKeyRecord): Promise<SigningKeyRecord | undefined> {
  return (await records.signingKeys.list()).find((key) => key.id === id);
}

const rows = {
  make: async () => newSigningKey(),
  insert: (records, record) => records.signingKeys.insert(record),
  get,
  fixed: ["id"],
  fields: {
    sealedPrivateKey: anyText,
    publicJwk: anyDocument,
    createdAt: anyNumber,
    activeAt: anyNumber,
    retiredAt: maybeNumber,
  },
} as const satisfies Rows<SigningKeyRecord, "id">;

/** `SigningKeyStore`. */
export function signingKeys(subject: Subject): void {
  rowCases(subject, rows);
  refusedOutsideTransactions<SigningKeyRecord>(subject, rows, {
    retire: (records) => records.signingKeys.retire(9),
    deleteRetired: (records) => records.signingKeys.deleteRetired(Number.MAX_SAFE_INTEGER),
  });
  describe("of an own database", () => {
    orders(openSubject(subject.engine, subject.wrap));
    retires(openSubject(subject.engine, subject.wrap));
  });
}

function orders(subject: Subject): void {
  it("lists every key by its creation, and keys of one moment by the bytes of their ids", async () => {
    const { storage } = subject;
    expect(await storage.read.signingKeys.list()).toEqual([]);
    const late = await insertOne(storage, rows, { createdAt: 3, id: "a" });
    for (const id of KEYS_IN_ORDER.toReversed()) await insertOne(storage, rows, { createdAt: 2, id });
    const early = await insertOne(storage, rows, { createdAt: 1, id: "z" });
    const ids = (await subject.other.read.signingKeys.list()).map(({ id }) => id);
    expect(ids).toEqual([early.id, ...KEYS_IN_ORDER, late.id]);
  });
}

function retires(subject: Subject): void {
  it("retires the keys that have no end, and deletes what has ended", async () => {
    const { storage } = subject;
    const ended = await insertOne(storage, rows, { createdAt: 1, retiredAt: 10 });
    const ending = await insertOne(storage, rows, { createdAt: 2, retiredAt: 11 });
    const current = await insertOne(storage, rows, { createdAt: 3 });
    await storage.write((records) => records.signingKeys.retire(30));
    const retired = { ...current, retiredAt: 30 };
    deepStrictEqual(await storage.read.signingKeys.list(), [ended, ending, retired]);

    const newest = await insertOne(storage, rows, { createdAt: 4 });
    expect(await storage.write((records) => records.signingKeys.deleteRetired(9))).toBe(0);
    expect(await storage.write((records) => records.signingKeys.deleteRetired(10))).toBe(1);
    deepStrictEqual(await subject.other.read.signingKeys.list(), [ending, retired, newest]);
    expect(await storage.write((records) => records.signingKeys.deleteRetired(Number.MAX_SAFE_INTEGER))).toBe(2);
    deepStrictEqual(await subject.other.read.signingKeys.list(), [newest]);
  });
}
