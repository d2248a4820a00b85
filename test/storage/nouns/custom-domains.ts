import fc from "fast-check";
import { newId } from "../../../src/lib/ids.ts";
import type { CustomDomainRecord, Records } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText } from "../traps.ts";

/** A record of the organization, which has to exist. */
export function newCustomDomain(organizationId: string): CustomDomainRecord {
  return {
    id: newId(),
    organizationId,
    domainName: "dev.example.com",
    provider: "aws",
    cloudAccountId: "123456789012",
    createdAt: 1,
    updatedAt: 2,
  };
}

/** Inserts a domain of the organization. */
export function insertCustomDomain(records: Records, organizationId: string): Promise<void> {
  return records.customDomains.insert(newCustomDomain(organizationId));
}

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newCustomDomain(organization.id);
  },
  insert: (records, record) => records.customDomains.insert(record),
  get: (records, { organizationId }) => records.customDomains.get(organizationId),
  found: "by organization",
  update: (records, record) => records.customDomains.update(record),
  delete: (records, { id }) => records.customDomains.delete(id),
  fixed: ["id", "organizationId"],
  fields: {
    domainName: anyText,
    provider: fc.constantFrom("unspecified", "aws", "gcp"),
    cloudAccountId: anyText,
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
} as const satisfies Rows<CustomDomainRecord, "id" | "organizationId">;

/** `CustomDomainStore`. */
export function customDomains(subject: Subject): void {
  rowCases(subject, rows);
  refusesDuplicate<CustomDomainRecord>(subject, "a second domain of the organization", {
    ...rows,
    conflicting: async (_records, { organizationId }) => newCustomDomain(organizationId),
  });
}
