import { deepStrictEqual } from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { newSecretId } from "../../../src/lib/ids.ts";
import type { Records, TestSignInRecord } from "../../../src/storage/storage.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyNumber, anyText, maybeText } from "../traps.ts";
import { insertSsoConfiguration } from "./sso-configurations.ts";

/** Inserts a test of a configuration that is made with it. */
export async function insertTestSignIn(
  records: Records,
  organizationId: string,
  changes: Partial<TestSignInRecord> = {},
): Promise<TestSignInRecord> {
  const test = { ...(await newTestSignIn(records, organizationId)), ...changes };
  await records.testSignIns.insert(test);
  return test;
}

async function newTestSignIn(records: Records, organizationId: string): Promise<TestSignInRecord> {
  const { id: ssoConfigurationId } = await insertSsoConfiguration(records, organizationId);
  return {
    id: newSecretId(),
    organizationId,
    ssoConfigurationId,
    userId: undefined,
    sealedDraft: "draft",
    sealedResult: undefined,
    createdAt: 1,
    expiresAt: 2,
  };
}

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newTestSignIn(records, organization.id);
  },
  insert: (records, record) => records.testSignIns.insert(record),
  get: (records, { organizationId, id }) => records.testSignIns.get(organizationId, id),
  fixed: ["id", "organizationId", "ssoConfigurationId"],
  fields: {
    userId: maybeText,
    sealedDraft: anyText,
    sealedResult: maybeText,
    createdAt: anyNumber,
    expiresAt: anyNumber,
  },
} as const satisfies Rows<TestSignInRecord, "id" | "organizationId" | "ssoConfigurationId">;

/** `TestSignInStore`. */
export function testSignIns(subject: Subject): void {
  rowCases(subject, rows);
  scopeCases<TestSignInRecord>(subject, {
    insertFor: (records, organizationId) => insertTestSignIn(records, organizationId),
    reads: { get: (records, scope, { id }) => records.testSignIns.get(scope, id) },
  });
  refusedOutsideTransactions<TestSignInRecord>(subject, rows, {
    finish: (records, { id }) => records.testSignIns.finish(id, "result"),
    deleteExpired: (records) => records.testSignIns.deleteExpired(Number.MAX_SAFE_INTEGER),
  });

  it("is finished once, and says so", async () => {
    const test = await insertOne(subject.storage, rows);
    const finish = (result: string, storage = subject.storage, id = test.id) =>
      storage.write((records) => records.testSignIns.finish(id, result));
    expect(await finish("missing", subject.storage, newSecretId())).toBe(false);
    const finished = ["a", "b", "c", "d"].map((result, i) => finish(result, i % 2 ? subject.storage : subject.other));
    const outcomes = await Promise.all(finished);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const sealedResult = ["a", "b", "c", "d"][outcomes.indexOf(true)];
    expect(await finish("late")).toBe(false);
    deepStrictEqual(await rows.get(subject.storage.read, test), { ...test, sealedResult });
  });

  it("is finished by an empty result too", async () => {
    const test = await insertOne(subject.storage, rows);
    expect(await subject.storage.write((records) => records.testSignIns.finish(test.id, ""))).toBe(true);
    expect(await subject.storage.write((records) => records.testSignIns.finish(test.id, "late"))).toBe(false);
    deepStrictEqual(await rows.get(subject.storage.read, test), { ...test, sealedResult: "" });
  });

  it("goes with its configuration", async () => {
    const test = await insertOne(subject.storage, rows);
    await subject.storage.write((records) => records.ssoConfigurations.delete(test.ssoConfigurationId));
    expect(await rows.get(subject.storage.read, test)).toBeUndefined();
  });

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);

    it("deletes what has expired, at that moment too, and says how many", async () => {
      const { storage } = own;
      const { id } = await addOrganization(storage);
      const kept = await storage.write(async (records) => {
        for (const expiresAt of [9, 10]) await insertTestSignIn(records, id, { expiresAt });
        return insertTestSignIn(records, id, { expiresAt: 11 });
      });
      const deleteExpired = () => storage.write((records) => records.testSignIns.deleteExpired(10));
      expect(await deleteExpired()).toBe(2);
      expect(await deleteExpired()).toBe(0);
      deepStrictEqual(await rows.get(storage.read, kept), kept);
    });
  });
}
