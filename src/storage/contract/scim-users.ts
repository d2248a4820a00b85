import type { ScimFilter, ScimQuery, ScimRelated, ScimRow } from "./scim-filters.ts";

/** A user's provisioning record: what the directory said, and which SCIM configuration keeps it. */
export interface ScimUserRecord {
  /** The user's id. */
  readonly id: string;
  readonly organizationId: string;
  readonly scimConfigurationId: string;
  /** As sent. */
  readonly userName: string;
  /** The userName as it is compared; unique in the organization. */
  readonly userNameFolded: string;
  readonly externalId: string | undefined;
  readonly displayName: string | undefined;
  readonly displayNameFolded: string | undefined;
  readonly active: boolean;
  /** JSON of the attributes that have no column, as sent. */
  readonly attributes: string;
  /** JSON that conditions look at; never read back. */
  readonly folded: string;
  /** Counts the changes. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A record as it is read. */
export interface StoredScimUser extends Omit<ScimUserRecord, "folded"> {
  /** Counts up within the configuration, in the order in which records become visible. */
  readonly number: number;
}

/** How many records a configuration keeps. */
export interface ScimCounts {
  readonly users: number;
  readonly activeUsers: number;
  readonly groups: number;
}

/** Every method that changes records keeps the configuration's counts right. Another configuration's record is not found. */
export interface ScimUserStore {
  get(scimConfigurationId: string, id: string): Promise<StoredScimUser | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scimConfigurationId: string, id: string): Promise<StoredScimUser | undefined>;
  /** Which of the users any configuration of the organization keeps, in any order. */
  filterProvisioned(organizationId: string, ids: readonly string[]): Promise<readonly string[]>;
  /** The configuration that keeps the user, or undefined. */
  findConfigurationOf(id: string): Promise<string | undefined>;
  /** Whether a record of the organization has the userName. */
  hasUserName(organizationId: string, userNameFolded: string): Promise<boolean>;
  /** Ids of at most two users that the configurations keep under the externalId. */
  findByExternalId(scimConfigurationIds: readonly string[], externalId: string): Promise<readonly string[]>;
  list(scimConfigurationId: string, query: ScimQuery): Promise<readonly ScimRow<StoredScimUser>[]>;
  count(scimConfigurationId: string, filter: ScimFilter | undefined): Promise<number>;
  counts(scimConfigurationId: string): Promise<ScimCounts>;
  /** Names of those of the users that the configuration keeps, in any order. */
  listNames(scimConfigurationId: string, ids: readonly string[]): Promise<readonly ScimRelated[]>;
  /** The groups of each of the users, in the order of their ids. Users without a group are left out. */
  listGroups(ids: readonly string[]): Promise<ReadonlyMap<string, readonly ScimRelated[]>>;
  /** @throws DuplicateError when the id exists, or the userName in the organization. */
  insert(user: ScimUserRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. @throws DuplicateError */
  update(user: ScimUserRecord): Promise<void>;
  /** A missing row is no error. */
  delete(id: string): Promise<void>;
  /** Counts a change of each of the users that have a record: something that their resources show has changed. */
  touch(ids: readonly string[], now: number): Promise<void>;
  /** Leaves the suspensions of a configuration that goes to the admins, who alone can lift them from then on. */
  handOverSuspensions(scimConfigurationId: string, now: number): Promise<void>;
}
