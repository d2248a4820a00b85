import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { ExchangeTokenRecord, Records } from "../../../src/storage/storage.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";
import { insertUser } from "./users.ts";

const newHash = () => randomBytes(32).toString("base64url");

/** Makes the record of a token, of a user and a session that are inserted with it. */
async function makeExchangeToken(records: Records, organizationId: string): Promise<ExchangeTokenRecord> {
  const { id: userId } = await insertUser(records, organizationId);
  const sessionId = newId();
  await records.sessions.insert({
    id: sessionId,
    organizationId,
    userId,
    ssoConfigurationId: undefined,
    hash: newHash(),
    userAgent: "",
    ipAddress: "",
    createdAt: 1,
    lastUsedAt: 1,
    expiresAt: 2,
  });
  return { hash: newHash(), organizationId, userId, sessionId, description: "laptop", createdAt: 1, expiresAt: 2 };
}

/** Inserts a token into the organization. */
export async function insertExchangeToken(records: Records, organizationId: string): Promise<ExchangeTokenRecord> {
  const token = await makeExchangeToken(records, organizationId);
  await records.exchangeTokens.insert(token);
  return token;
}

/** A token, whose hash is what other rows' id is. */
type Row = Omit<ExchangeTokenRecord, "hash"> & { readonly id: string };

const toRow = ({ hash, ...rest }: ExchangeTokenRecord): Row => ({ id: hash, ...rest });
const toRecord = ({ id, ...rest }: Row): ExchangeTokenRecord => ({ hash: id, ...rest });

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return toRow(await makeExchangeToken(records, organization.id));
  },
  insert: (records, row) => records.exchangeTokens.insert(toRecord(row)),
  async get(records, { id }) {
    const found = await records.exchangeTokens.find(id);
    return found && toRow(found);
  },
  fixed: ["id", "organizationId", "userId", "sessionId"],
  fields: { description: anyText, createdAt: anyNumber, expiresAt: anyNumber },
} as const satisfies Rows<Row, "id" | "organizationId" | "userId" | "sessionId">;

/** `ExchangeTokenStore`. */
export function exchangeTokens(subject: Subject): void {
  rowCases(subject, rows);
  refusedOutsideTransactions<Row>(subject, rows, {
    take: (records, { id }) => records.exchangeTokens.take(id),
    deleteExpired: (records) => records.exchangeTokens.deleteExpired(Number.MAX_SAFE_INTEGER),
  });
  takes(subject);
  goes(subject);
  describe("of an own database", () => expires(openSubject(subject.engine, subject.wrap)));
}

function takes(subject: Subject): void {
  it("is taken by exactly one of many who try at once", async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await insertOne(subject.storage, rows);
      const attempts = Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? subject.storage : subject.other).write((records) => records.exchangeTokens.take(id)),
      );
      expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
      expect(await subject.other.read.exchangeTokens.find(id)).toBeUndefined();
    }
  });

  it("is not taken by a transaction that is rolled back, nor by another hash", async () => {
    const row = await insertOne(subject.storage, rows);
    const work = subject.storage.write(async (records) => {
      expect(await records.exchangeTokens.take(row.id)).toBe(true);
      throw new Error("own");
    });
    await expect(work).rejects.toThrow("own");
    expect(await subject.storage.write((records) => records.exchangeTokens.take(newHash()))).toBe(false);
    deepStrictEqual(await rows.get(subject.other.read, row), row);
  });
}

function goes(subject: Subject): void {
  it("goes with its session, and with its user's sessions", async () => {
    const { storage } = subject;
    const [one, another, kept] = [
      await insertOne(storage, rows),
      await insertOne(storage, rows),
      await insertOne(storage, rows),
    ];
    await storage.write((records) => records.sessions.delete(one.sessionId));
    await storage.write((records) => records.sessions.deleteOfUser(another.userId));
    expect(await rows.get(subject.other.read, one)).toBeUndefined();
    expect(await rows.get(subject.other.read, another)).toBeUndefined();
    deepStrictEqual(await rows.get(subject.other.read, kept), kept);
  });
}

function expires(subject: Subject): void {
  it("is deleted when it has expired, and not before", async () => {
    const { storage } = subject;
    const sooner = await insertOne(storage, rows, { expiresAt: 10 });
    const later = await insertOne(storage, rows, { expiresAt: 11 });
    const deleteExpired = (now: number) => storage.write((records) => records.exchangeTokens.deleteExpired(now));
    expect(await deleteExpired(9)).toBe(0);
    expect(await deleteExpired(10)).toBe(1);
    expect(await rows.get(subject.other.read, sooner)).toBeUndefined();
    deepStrictEqual(await rows.get(subject.other.read, later), later);
    expect(await deleteExpired(12)).toBe(1);
  });
}
