import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { expect, it } from "vitest";
import { newSecretId } from "../../../src/lib/ids.ts";
import type { OrganizationInviteRecord, Records } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { singletonCases } from "../cases/singletons.ts";
import { addOrganization, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber } from "../traps.ts";

/** An invite's record. */
export function newOrganizationInvite(organizationId: string): OrganizationInviteRecord {
  return { id: newSecretId(), organizationId, createdAt: 1 };
}

/** Puts an invite of the organization. */
export function putOrganizationInvite(records: Records, organizationId: string): Promise<void> {
  return records.organizationInvites.put(newOrganizationInvite(organizationId));
}

/** `OrganizationInviteStore`. */
export function organizationInvites(subject: Subject): void {
  singletonCases(subject, {
    get: (records, organizationId) => records.organizationInvites.get(organizationId),
    put: (records, invite) => records.organizationInvites.put(invite),
    fields: { id: fc.uuid({ version: 4 }), createdAt: anyNumber },
  });

  refusesDuplicate<OrganizationInviteRecord>(subject, "the id of another organization's invite", {
    async make(records) {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      return newOrganizationInvite(organization.id);
    },
    insert: (records, invite) => records.organizationInvites.put(invite),
    get: (records, { organizationId }) => records.organizationInvites.get(organizationId),
    async conflicting(records, { id }) {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      return { ...newOrganizationInvite(organization.id), id };
    },
  });

  it("finds an invite by its exact id until it is replaced", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const first = { ...newOrganizationInvite(organizationId), id: `${newSecretId()}-a` };
    const second = newOrganizationInvite(organizationId);
    await storage.write((records) => records.organizationInvites.put(first));
    deepStrictEqual(await storage.read.organizationInvites.find(first.id), first);
    expect(await storage.read.organizationInvites.find(first.id.toUpperCase())).toBeUndefined();

    await storage.write((records) => records.organizationInvites.put(second));
    expect(await storage.read.organizationInvites.find(first.id)).toBeUndefined();
    deepStrictEqual(await storage.read.organizationInvites.find(second.id), second);
  });
}
