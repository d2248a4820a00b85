import type { ScimFilter, ScimQuery, ScimRelated, ScimRow } from "./scim-filters.ts";

/** A group's provisioning record. */
export interface ScimGroupRecord {
  /** The group's id. */
  readonly id: string;
  readonly organizationId: string;
  readonly scimConfigurationId: string;
  /** As sent. */
  readonly displayName: string;
  readonly displayNameFolded: string;
  readonly externalId: string | undefined;
  /** Counts the changes, also those of members. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A record as it is read. */
export interface StoredScimGroup extends ScimGroupRecord {
  /** Counts up within the configuration, in the order in which records become visible. */
  readonly number: number;
}

/** Every method that changes records keeps the configuration's counts right. Another configuration's record is not found. */
export interface ScimGroupStore {
  get(scimConfigurationId: string, id: string): Promise<StoredScimGroup | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scimConfigurationId: string, id: string): Promise<StoredScimGroup | undefined>;
  list(scimConfigurationId: string, query: ScimQuery): Promise<readonly ScimRow<StoredScimGroup>[]>;
  count(scimConfigurationId: string, filter: ScimFilter | undefined): Promise<number>;
  /** The members of each of the groups, in the order of their ids. Groups without a member are left out. */
  listMembers(ids: readonly string[]): Promise<ReadonlyMap<string, readonly ScimRelated[]>>;
  /** @throws DuplicateError when the id exists. */
  insert(group: ScimGroupRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(group: ScimGroupRecord): Promise<void>;
  /** Deletes the record alone. A missing row is no error. */
  delete(id: string): Promise<void>;
  /** Counts a change of each of the groups that have a record, which are locked until the transaction ends. */
  touch(ids: readonly string[], now: number): Promise<void>;
  /**
   * Adds those of the users that the group's configuration keeps and that are not in it yet. Hold the group's lock.
   * @returns who was added, and which ids are nobody's.
   */
  addMembers(
    group: Pick<ScimGroupRecord, "id" | "organizationId" | "scimConfigurationId">,
    userIds: readonly string[],
    now: number,
  ): Promise<{ readonly added: readonly string[]; readonly unknown: readonly string[] }>;
  /** Takes the users out of the group and says who was in it. Hold the group's lock. */
  removeMembers(groupId: string, userIds: readonly string[]): Promise<readonly string[]>;
  /** Ids of the group's members, in order. */
  listMemberIds(groupId: string): Promise<readonly string[]>;
}
