import type { Records } from "../../storage/storage.ts";

type SsoConfiguration = { readonly id: string; readonly organizationId: string };

/**
 * The account of the user whom a directory that provisions for this SSO configuration keeps under one of the ids, in the
 * order of the ids. An id that several users have names nobody.
 */
export async function findProvisionedAccount(
  records: Records,
  { id, organizationId }: SsoConfiguration,
  directoryIds: readonly string[],
): Promise<string | undefined> {
  const linked = await records.scimConfigurations.listIdsLinkedTo(organizationId, id);
  if (linked.length === 0) return undefined;
  for (const directoryId of directoryIds) {
    const [userId, ...others] = await records.scimUsers.findByExternalId(linked, directoryId);
    if (userId === undefined || others.length > 0) continue;
    return (await records.users.get(organizationId, userId))?.accountId;
  }
  return undefined;
}

/** Whether a directory that provisions for this SSO configuration keeps the user, and so vouches for the email. */
export async function isProvisionedFor(
  records: Records,
  { id, organizationId }: SsoConfiguration,
  userId: string,
): Promise<boolean> {
  const keeper = await records.scimUsers.findConfigurationOf(userId);
  if (keeper === undefined) return false;
  return (await records.scimConfigurations.listIdsLinkedTo(organizationId, id)).includes(keeper);
}
