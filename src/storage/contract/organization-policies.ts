/** The policies of an organization: one JSON document. */
export interface OrganizationPoliciesRecord {
  readonly organizationId: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface OrganizationPolicyStore {
  /** Undefined as long as nobody has set a policy. */
  get(organizationId: string): Promise<OrganizationPoliciesRecord | undefined>;
  /** Inserts or replaces the organization's row. */
  put(policies: OrganizationPoliciesRecord): Promise<void>;
}
