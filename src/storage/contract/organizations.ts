import type { Page, PageRequest } from "./common.ts";

/** An organization: the tenant that everything else belongs to. */
export interface OrganizationRecord {
  readonly id: string;
  readonly name: string;
  /** Email domains whose owners may join without an invite; lower case. */
  readonly inviteDomains: readonly string[];
  /** Milliseconds since the epoch, as every time in storage. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OrganizationStore {
  /** The organization, or undefined. */
  get(id: string): Promise<OrganizationRecord | undefined>;
  /** Like {@link get}, and no other transaction changes or deletes the row before this one ends. Transactions only. */
  lock(id: string): Promise<OrganizationRecord | undefined>;
  /** Every organization, oldest first. */
  list(page: PageRequest): Promise<Page<OrganizationRecord>>;
  /**
   * The organizations that name the domain among their invite domains and of which the account has never been a user,
   * oldest first.
   */
  listInviting(domain: string, accountId: string, page: PageRequest): Promise<Page<OrganizationRecord>>;
  /** @throws DuplicateError when the id exists. */
  insert(organization: OrganizationRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(organization: OrganizationRecord): Promise<void>;
  /** Deletes the organization and, by foreign keys, everything that carries its id. A missing row is no error. */
  delete(id: string): Promise<void>;
}
