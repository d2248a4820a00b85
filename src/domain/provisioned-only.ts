import type { Records } from "../storage/storage.ts";

/**
 * Whether an organization takes only people whom its directory provisions: its policies say so, and there is an enabled
 * SCIM configuration that could do it. Who is a member already stays one.
 */
export async function acceptsOnlyProvisioned(
  records: Pick<Records, "organizationPolicies" | "scimConfigurations">,
  organizationId: string,
): Promise<boolean> {
  const policies = await records.organizationPolicies.get(organizationId);
  if (policies?.document.restrictAccountCreationToScim !== true) return false;
  const configurations = await records.scimConfigurations.list(organizationId, { limit: 1000 });
  return configurations.items.some(({ enabled }) => enabled);
}
