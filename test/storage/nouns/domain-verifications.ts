import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { DomainVerificationRecord, Records } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { lockCases } from "../cases/locks.ts";
import { pageCases } from "../cases/pages.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyNumber, anyText, maybeNumber } from "../traps.ts";

/** The record of a pending verification. */
export function newDomainVerification(organizationId: string, changes: Partial<DomainVerificationRecord> = {}) {
  const id = changes.id ?? newId();
  const verification: DomainVerificationRecord = {
    id,
    organizationId,
    domain: `${id}.example.com`,
    state: "pending",
    verificationToken: "token",
    verifiedAt: undefined,
    lastCheckedAt: undefined,
    failures: 0,
    createdAt: 1,
    ...changes,
  };
  return verification;
}

/** Inserts a verification of the organization. */
export async function insertDomainVerification(
  records: Records,
  organizationId: string,
  changes: Partial<DomainVerificationRecord> = {},
) {
  const verification = newDomainVerification(organizationId, changes);
  await records.domainVerifications.insert(verification);
  return verification;
}

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newDomainVerification(organization.id);
  },
  insert: (records, record) => records.domainVerifications.insert(record),
  get: (records, { organizationId, id }) => records.domainVerifications.get(organizationId, id),
  lock: (records, { organizationId, id }) => records.domainVerifications.lock(organizationId, id),
  update: (records, record) => records.domainVerifications.update(record),
  delete: (records, { id }) => records.domainVerifications.delete(id),
  fixed: ["id", "organizationId"],
  fields: {
    domain: fc.domain(),
    state: fc.constantFrom("pending", "verified"),
    verificationToken: anyText,
    verifiedAt: maybeNumber,
    lastCheckedAt: maybeNumber,
    failures: fc.nat(1000),
    createdAt: anyNumber,
  },
} as const satisfies Rows<DomainVerificationRecord, "id" | "organizationId">;

/** `DomainVerificationStore`. */
export function domainVerifications(subject: Subject): void {
  rowCases(subject, rows);
  refusesDuplicate<DomainVerificationRecord>(subject, "a second verification of a domain in the organization", {
    ...rows,
    conflicting: async (_records, { organizationId, domain }) => newDomainVerification(organizationId, { domain }),
  });
  lockCases(subject, { ...rows, counter: "failures" });
  scopeCases(subject, {
    insertFor: (records, organizationId) => insertDomainVerification(records, organizationId),
    reads: {
      get: (records, scope, { id }) => records.domainVerifications.get(scope, id),
      lock: (records, scope, { id }) => records.domainVerifications.lock(scope, id),
    },
  });
  pageCases("list", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: otherId } = await addOrganization(storage);
    return {
      insert: (id = newId()) =>
        storage.write(async (records) => {
          const own = await insertDomainVerification(records, organizationId, { id });
          await insertDomainVerification(records, otherId, { id: `${id}-` });
          return own;
        }),
      list: (page) => storage.read.domainVerifications.list(organizationId, page),
      remove: ({ id }) => storage.write((records) => records.domainVerifications.delete(id)),
    };
  });
  proven(subject);
  due(subject);
}

function proven(subject: Subject): void {
  it("tells which domains an organization has proven, and who has proven a domain", async () => {
    const { storage } = subject;
    const [first, second, third] = [
      await addOrganization(storage),
      await addOrganization(storage),
      await addOrganization(storage),
    ];
    const domain = `${newId()}.example`;
    const [proven, pending, foreign] = [`proven.${domain}`, `pending.${domain}`, `foreign.${domain}`];
    await storage.write(async (records) => {
      await insertDomainVerification(records, second.id, { domain: proven, state: "verified" });
      await insertDomainVerification(records, first.id, { domain: proven, state: "verified" });
      await insertDomainVerification(records, first.id, { domain: pending });
      await insertDomainVerification(records, third.id, { domain: proven });
      await insertDomainVerification(records, third.id, { domain: foreign, state: "verified" });
    });
    const { domainVerifications } = storage.read;
    const asked = [pending, foreign, proven, proven.toUpperCase(), proven];
    expect(await domainVerifications.filterVerified(first.id, asked)).toEqual([proven]);
    expect(await domainVerifications.filterVerified(third.id, asked)).toEqual([foreign]);
    expect(await domainVerifications.filterVerified(first.id, [])).toEqual([]);
    expect(await domainVerifications.listOrganizationsOf(proven)).toEqual([first.id, second.id]);
    expect(await domainVerifications.listOrganizationsOf(pending)).toEqual([]);
    expect(await domainVerifications.listOrganizationsOf(proven.toUpperCase())).toEqual([]);
  });
}

function due(subject: Subject): void {
  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);

    it("lists proven domains that are due, longest ago first", async () => {
      const { storage } = own;
      const [a, b] = [await addOrganization(storage), await addOrganization(storage)];
      const due = await storage.write(async (records) => {
        const checked = (organizationId: string, lastCheckedAt: number | undefined, state: "pending" | "verified") =>
          insertDomainVerification(records, organizationId, { lastCheckedAt, state });
        const later = await checked(a.id, 20, "verified");
        const sooner = await checked(b.id, 10, "verified");
        await checked(a.id, 5, "pending");
        await checked(b.id, 30, "verified");
        await checked(b.id, 31, "verified");
        return [sooner, later];
      });
      const { domainVerifications } = storage.read;
      deepStrictEqual(await domainVerifications.listDue(30, 10), due);
      deepStrictEqual(await domainVerifications.listDue(30, 1), due.slice(0, 1));
      deepStrictEqual(await domainVerifications.listDue(10, 10), []);
    });
  });
}
