import { newId } from "../../lib/ids.ts";
import type { AccountRecord, UserRecord } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import { revokeCredentials, statusOf } from "../memberships.ts";
import type { ScimUserColumns } from "./columns.ts";
import { countDeprovisioning } from "./deprovisioning-guard.ts";
import { findKnownPerson } from "./linking.ts";
import type { ProvisionedPerson } from "./person.ts";
import { contextOf, type Work } from "./session.ts";

/** A member of the organization that a create has made or adopted. */
export interface ProvisionedMember {
  readonly user: UserRecord;
  readonly adopted: boolean;
}

/** Makes the person of a new SCIM user a member, or adopts the member who is known to be the person. */
export async function provisionMember(
  work: Work,
  columns: ScimUserColumns,
  person: ProvisionedPerson,
): Promise<ProvisionedMember> {
  const known = await findKnownPerson(work, columns, person);
  if (known?.user) return { user: await updateMember(work, known.user.id, person), adopted: true };
  const accountId = known?.accountId ?? (await insertAccount(work, person)).id;
  return { user: await insertMember(work, accountId, person), adopted: false };
}

/**
 * Makes a member what the directory says. Suspending ends sessions and tokens in the same transaction; lifting undoes the
 * directory's own suspension, not an admin's.
 */
export async function updateMember(work: Work, userId: string, person: ProvisionedPerson): Promise<UserRecord> {
  const { environment, records, configuration } = work;
  const before = await records.users.lock(configuration.organizationId, userId);
  if (!before) throw new Error("a provisioning record without its user");
  const { name, email, active } = person;
  const changed = { ...before, name, email, emailVerified: email !== "", suspendedByScim: !active };
  const after: UserRecord = { ...changed, status: statusOf(changed) };
  if (JSON.stringify(after) === JSON.stringify(before)) return before;
  if (after.suspendedByScim && !before.suspendedByScim) {
    await countDeprovisioning(work, userId);
    await revokeCredentials(records, userId);
  }
  const updated = { ...after, updatedAt: environment.clock.now() };
  await noteLastAdmin(work, before, updated);
  await records.users.update(updated);
  await refreshAccount(work, updated);
  return updated;
}

/** Ends the membership: the status is LEFT, and tokens and sessions open nothing from the next call on. */
export async function endMember(work: Work, userId: string): Promise<UserRecord> {
  const { environment, records, configuration } = work;
  const before = await records.users.lock(configuration.organizationId, userId);
  if (!before) throw new Error("a provisioning record without its user");
  if (!before.suspendedByScim) await countDeprovisioning(work, userId);
  const after: UserRecord = { ...before, status: "left", updatedAt: environment.clock.now() };
  await revokeCredentials(records, userId);
  await noteLastAdmin(work, before, after);
  await records.users.update(after);
  return after;
}

async function insertAccount({ environment, records, configuration }: Work, person: ProvisionedPerson) {
  const now = environment.clock.now();
  const account: AccountRecord = {
    id: newId(),
    name: person.name,
    email: person.email,
    avatarUrl: "",
    organizationId: configuration.organizationId,
    createdAt: now,
    updatedAt: now,
  };
  await records.accounts.insert(account);
  return account;
}

async function insertMember(
  { environment, records, configuration }: Work,
  accountId: string,
  { name, email, active }: ProvisionedPerson,
): Promise<UserRecord> {
  const now = environment.clock.now();
  const user: UserRecord = {
    id: newId(),
    organizationId: configuration.organizationId,
    accountId,
    role: "member",
    status: active ? "active" : "suspended",
    suspendedByAdmin: false,
    suspendedByScim: !active,
    name,
    email,
    emailVerified: email !== "",
    avatarUrl: "",
    loginProvider: "custom",
    createdAt: now,
    updatedAt: now,
  };
  await records.users.insert(user);
  return user;
}

/** What this organization's directory says about a person counts elsewhere only when the account is its own. */
async function refreshAccount({ environment, records }: Work, { accountId, organizationId, name, email }: UserRecord) {
  const account = await records.accounts.get(accountId);
  if (account?.organizationId !== organizationId || (account.name === name && account.email === email)) return;
  await records.accounts.update({ ...account, name, email, updatedAt: environment.clock.now() });
}

/** The directory is obeyed even when nobody is left who could administer the organization; the log tells of it. */
async function noteLastAdmin(work: Work, before: UserRecord, after: UserRecord): Promise<void> {
  const { environment, records, configuration, requestId } = work;
  if (before.role !== "admin" || before.status !== "active" || after.status === "active") return;
  const { organizationId } = configuration;
  if ((await records.users.countActiveAdmins(organizationId)) > 1) return;
  const context = contextOf(work, "scim_user.remove_last_admin");
  environment.log.warn({ requestId, organizationId, userId: before.id }, "SCIM takes away the last active admin");
  await recordChange(environment, records, context, {
    organizationId,
    subjectType: "organization",
    subjectId: organizationId,
    operation: "update_status",
    after: { lastAdminUserId: before.id, status: after.status },
  });
}
