import type { Records } from "../../../src/storage/storage.ts";
import { singletonCases } from "../cases/singletons.ts";
import type { Subject } from "../subject.ts";
import { anyDocument } from "../traps.ts";

/** Puts one policy of the organization. */
export function putOrganizationPolicies(records: Records, organizationId: string): Promise<void> {
  return records.organizationPolicies.put({ organizationId, document: { maximumRunningEnvironmentsPerUser: "3" } });
}

/** `OrganizationPolicyStore`. */
export function organizationPolicies(subject: Subject): void {
  singletonCases(subject, {
    get: (records, organizationId) => records.organizationPolicies.get(organizationId),
    put: (records, policies) => records.organizationPolicies.put(policies),
    fields: { document: anyDocument },
  });
}
