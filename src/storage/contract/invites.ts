/** The shared invite of an organization. There is one at a time. */
export interface OrganizationInviteRecord {
  /** Whoever holds it can join: a UUIDv4 that is never logged. */
  readonly id: string;
  readonly organizationId: string;
  readonly createdAt: number;
}

export interface OrganizationInviteStore {
  /** The organization's invite, or undefined as long as nobody has asked for one. */
  get(organizationId: string): Promise<OrganizationInviteRecord | undefined>;
  /** The invite with this id, or undefined when it does not exist or was replaced. */
  find(id: string): Promise<OrganizationInviteRecord | undefined>;
  /** Inserts or replaces the organization's invite. @throws DuplicateError when another organization's has the id. */
  put(invite: OrganizationInviteRecord): Promise<void>;
}
