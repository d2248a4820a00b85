import type { Page, PageRequest, Scope } from "./common.ts";

/** A set of users of one organization. */
export interface GroupRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** The name as names are compared and ordered; unique in the organization. */
  readonly nameKey: string;
  readonly description: string;
  /** The SCIM configuration that keeps the group; undefined when people do. */
  readonly scimConfigurationId: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A group with what is counted along. */
export interface CountedGroup extends GroupRecord {
  /** Its memberships. */
  readonly memberCount: number;
}

/** Which groups {@link GroupStore.list} keeps: those that meet every condition that is given. */
export interface GroupFilter {
  /** A part of the name key. */
  readonly search?: string | undefined;
  /** Empty keeps all. */
  readonly ids?: readonly string[];
  readonly systemManaged?: boolean | undefined;
}

export interface GroupStore {
  get(scope: Scope, id: string): Promise<CountedGroup | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scope: Scope, id: string): Promise<CountedGroup | undefined>;
  /** The organization's group with this name key, or undefined. */
  getByNameKey(organizationId: string, nameKey: string): Promise<CountedGroup | undefined>;
  /** The organization's groups that pass the filter, in the order of their name keys. */
  list(organizationId: string, filter: GroupFilter, page: PageRequest): Promise<Page<CountedGroup>>;
  /** @throws DuplicateError when the id exists, or the organization has a group with the name key. */
  insert(group: GroupRecord): Promise<void>;
  /** Replaces every column of the row with this id but its count; a missing row stays missing. @throws DuplicateError */
  update(group: GroupRecord): Promise<void>;
  /** Deletes the group and its memberships. A missing row is no error. */
  delete(id: string): Promise<void>;
}
