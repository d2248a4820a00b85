import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DuplicateError, type PendingSignInRecord, type Records } from "../../../src/storage/storage.ts";
import { addOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";
import { insertSsoConfiguration } from "./sso-configurations.ts";

/** Inserts a sign-in through a configuration that is made with it. */
export async function insertPendingSignIn(
  records: Records,
  organizationId: string,
  changes: Partial<PendingSignInRecord> = {},
): Promise<PendingSignInRecord> {
  const { id: ssoConfigurationId } = await insertSsoConfiguration(records, organizationId);
  const stateHash = `${randomBytes(32).toString("base64url")}a`;
  const signIn = {
    stateHash,
    organizationId,
    ssoConfigurationId,
    sealed: "sealed",
    createdAt: 1,
    expiresAt: 2,
    ...changes,
  };
  await records.pendingSignIns.insert(signIn);
  return signIn;
}

/** `PendingSignInStore`. A row can be read by taking it alone. */
export function pendingSignIns(subject: Subject): void {
  const take = (stateHash: string, storage = subject.storage) =>
    storage.write((records) => records.pendingSignIns.take(stateHash));
  const add = async (changes: Partial<PendingSignInRecord> = {}) => {
    const { id } = await addOrganization(subject.storage);
    return subject.storage.write((records) => insertPendingSignIn(records, id, changes));
  };

  it("gives back every field as it was inserted, once", async () => {
    const anyValues = fc.record({ sealed: anyText, createdAt: anyNumber, expiresAt: anyNumber });
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const signIn = await add(values);
        deepStrictEqual(await take(signIn.stateHash, subject.other), signIn);
        expect(await take(signIn.stateHash)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it("is taken by exactly one of many who try at once", async () => {
    const signIn = await add();
    const taken = Array.from({ length: 10 }, (_, i) => take(signIn.stateHash, i % 2 ? subject.storage : subject.other));
    deepStrictEqual(
      (await Promise.all(taken)).filter((found) => found !== undefined),
      [signIn],
    );
  });

  it("is not taken by a transaction that is rolled back, nor under another hash, nor outside of a transaction", async () => {
    const signIn = await add();
    const work = subject.storage.write(async (records) => {
      deepStrictEqual(await records.pendingSignIns.take(signIn.stateHash), signIn);
      throw new Error("own");
    });
    await expect(work).rejects.toThrow("own");
    for (const wrong of [signIn.stateHash.toUpperCase(), `${signIn.stateHash} `, ""]) {
      expect(await take(wrong)).toBeUndefined();
    }
    await expect(subject.storage.read.pendingSignIns.take(signIn.stateHash)).rejects.toThrow();
    await expect(subject.storage.read.pendingSignIns.deleteExpired(Number.MAX_SAFE_INTEGER)).rejects.toThrow();
    deepStrictEqual(await take(signIn.stateHash), signIn);
  });

  it("refuses a second sign-in with the same hash", async () => {
    const signIn = await add();
    await expect(add({ stateHash: signIn.stateHash, sealed: "other" })).rejects.toThrow(DuplicateError);
    deepStrictEqual(await take(signIn.stateHash), signIn);
  });

  it("goes with its configuration", async () => {
    const signIn = await add();
    await subject.storage.write((records) => records.ssoConfigurations.delete(signIn.ssoConfigurationId));
    expect(await take(signIn.stateHash)).toBeUndefined();
  });

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);

    it("deletes what has expired, at that moment too, and says how many", async () => {
      const { storage } = own;
      const { id } = await addOrganization(storage);
      const kept = await storage.write(async (records) => {
        for (const expiresAt of [9, 10]) await insertPendingSignIn(records, id, { expiresAt });
        return insertPendingSignIn(records, id, { expiresAt: 11 });
      });
      const deleteExpired = () => storage.write((records) => records.pendingSignIns.deleteExpired(10));
      expect(await deleteExpired()).toBe(2);
      expect(await deleteExpired()).toBe(0);
      deepStrictEqual(await take(kept.stateHash, storage), kept);
    });
  });
}
