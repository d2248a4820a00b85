/** What the rows of most nouns belong to. No test framework here: the programs in `children/` use it too. */
import { newId } from "../../src/lib/ids.ts";
import type { AccountRecord, OrganizationRecord, Records, Storage } from "../../src/storage/storage.ts";

/** An organization's record. */
export function newOrganization(changes: Partial<OrganizationRecord> = {}): OrganizationRecord {
  return { id: newId(), name: "Example", inviteDomains: ["example.com"], createdAt: 1, updatedAt: 2, ...changes };
}

/** Commits an organization. */
export async function addOrganization(
  storage: Storage,
  changes: Partial<OrganizationRecord> = {},
): Promise<OrganizationRecord> {
  const organization = newOrganization(changes);
  await storage.write((records) => records.organizations.insert(organization));
  return organization;
}

/** An account's record, of no organization. */
export function newAccount(changes: Partial<AccountRecord> = {}): AccountRecord {
  return {
    id: newId(),
    name: "Ada",
    email: "ada@example.com",
    avatarUrl: "https://example.com/ada.png",
    organizationId: undefined,
    createdAt: 1,
    updatedAt: 2,
    ...changes,
  };
}

/** Inserts an account that the organization owns. */
export async function insertAccount(records: Records, organizationId: string | undefined): Promise<AccountRecord> {
  const account = newAccount({ organizationId });
  await records.accounts.insert(account);
  return account;
}
