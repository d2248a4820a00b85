import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReceivedClaimsRecord, Records } from "../../../src/storage/storage.ts";
import { refusedOutsideTransactions } from "../cases/read-only.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";
import { insertSsoConfiguration } from "./sso-configurations.ts";

/** Puts the claims of a configuration that is made with them. */
export async function putReceivedClaims(
  records: Records,
  organizationId: string,
  changes: Partial<ReceivedClaimsRecord> = {},
): Promise<ReceivedClaimsRecord> {
  const { id: ssoConfigurationId } = await insertSsoConfiguration(records, organizationId);
  const claims = { ssoConfigurationId, organizationId, sealed: "sealed", receivedAt: 1, ...changes };
  await records.receivedClaims.put(claims);
  return claims;
}

const get = (records: Records, { organizationId, ssoConfigurationId }: ReceivedClaimsRecord) =>
  records.receivedClaims.get(organizationId, ssoConfigurationId);

/** `ReceivedClaimsStore`. */
export function receivedClaims(subject: Subject): void {
  const add = async () => {
    const { id } = await addOrganization(subject.storage);
    return subject.storage.write((records) => putReceivedClaims(records, id));
  };

  it("is as it was put last, for each configuration", async () => {
    const first = await add();
    const other = await add();
    const anyValues = fc.record({ sealed: anyText, receivedAt: anyNumber });
    await fc.assert(
      fc.asyncProperty(anyValues, async (values) => {
        const claims = { ...first, ...values };
        await subject.storage.write((records) => records.receivedClaims.put(claims));
        deepStrictEqual(await get(subject.other.read, first), claims);
      }),
      { numRuns: 30 },
    );
    deepStrictEqual(await get(subject.storage.read, other), other);
  });

  it("is found through its own organization alone, and goes with its configuration", async () => {
    const claims = await add();
    const { organizationId } = await add();
    expect(await get(subject.storage.read, { ...claims, organizationId })).toBeUndefined();
    expect(await get(subject.storage.read, { ...claims, ssoConfigurationId: "" })).toBeUndefined();
    await subject.storage.write((records) => records.ssoConfigurations.delete(claims.ssoConfigurationId));
    expect(await get(subject.storage.read, claims)).toBeUndefined();
  });

  it("takes puts of one configuration that meet", async () => {
    const claims = await add();
    const puts = Array.from({ length: 10 }, (_, i) =>
      (i % 2 ? subject.storage : subject.other).write((records) => records.receivedClaims.put(claims)),
    );
    await Promise.all(puts);
    deepStrictEqual(await get(subject.storage.read, claims), claims);
  });

  refusedOutsideTransactions<ReceivedClaimsRecord>(
    subject,
    {
      async make(records) {
        const organization = newOrganization();
        await records.organizations.insert(organization);
        const { id: ssoConfigurationId } = await insertSsoConfiguration(records, organization.id);
        return { ssoConfigurationId, organizationId: organization.id, sealed: "sealed", receivedAt: 1 };
      },
      insert: (records, claims) => records.receivedClaims.put(claims),
      get,
    },
    {
      put: (records, claims) => records.receivedClaims.put({ ...claims, sealed: "other" }),
      deleteReceivedBefore: (records) => records.receivedClaims.deleteReceivedBefore(Number.MAX_SAFE_INTEGER),
    },
  );

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);

    it("deletes what was received before the time, and says how many", async () => {
      const { storage } = own;
      const { id } = await addOrganization(storage);
      const kept = await storage.write(async (records) => {
        for (const receivedAt of [8, 9]) await putReceivedClaims(records, id, { receivedAt });
        return putReceivedClaims(records, id, { receivedAt: 10 });
      });
      const deleteBefore = () => storage.write((records) => records.receivedClaims.deleteReceivedBefore(10));
      expect(await deleteBefore()).toBe(2);
      expect(await deleteBefore()).toBe(0);
      deepStrictEqual(await get(storage.read, kept), kept);
    });
  });
}
