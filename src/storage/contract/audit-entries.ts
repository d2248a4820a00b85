import type { Page, PageRequest } from "./common.ts";

export type ActorPrincipal = "user" | "account" | "service_account" | "scim_configuration" | "system";
export type Operation = "create" | "update" | "delete" | "update_status";

/** What a change is about; names as in `gitpod.v1.ResourceType` without the prefix, lower case. */
export type SubjectType =
  | "organization"
  | "user"
  | "account"
  | "group"
  | "group_membership_changed"
  | "role_assignment_changed"
  | "personal_access_token"
  | "sso_config"
  | "scim_configuration"
  | "domain_verification"
  | "organization_policy"
  | "custom_domain"
  | "announcement_banner"
  | "session";

/** One line of the audit log, written in the transaction of the change it describes. */
export interface AuditEntryRecord {
  readonly id: string;
  /** Undefined for what belongs to no organization, such as an operator token. */
  readonly organizationId: string | undefined;
  /** Empty when nobody asked for it (`system`). */
  readonly actorId: string;
  readonly actorPrincipal: ActorPrincipal;
  readonly subjectId: string;
  readonly subjectType: SubjectType;
  /** What was done, such as `sso_configuration.update`. */
  readonly action: string;
  readonly operation: Operation;
  readonly requestId: string;
  /** Redacted views of the subject; undefined where there is none. */
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
  readonly createdAt: number;
}

/** What an entry is about, for those who follow the log. */
export interface AuditChange {
  /** Counts up within an organization, in the order in which entries become visible. */
  readonly sequence: number;
  readonly actorId: string;
  readonly subjectId: string;
  readonly subjectType: SubjectType;
  readonly operation: Operation;
}

/** What {@link AuditEntryStore.list} keeps; an empty list keeps everything. */
export interface AuditFilter {
  readonly actorIds?: readonly string[];
  readonly actorPrincipals?: readonly ActorPrincipal[];
  readonly subjectIds?: readonly string[];
  readonly subjectTypes?: readonly SubjectType[];
  /** Inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
}

export interface AuditEntryStore {
  /**
   * Appends the entry. Entries of one organization become visible in the order of their append: the append holds a lock
   * of the organization until the transaction ends, so make it the last step of a transaction.
   */
  append(entry: AuditEntryRecord): Promise<void>;
  get(organizationId: string, id: string): Promise<AuditEntryRecord | undefined>;
  /** The organization's entries that pass the filter, newest (or oldest) first. */
  list(
    organizationId: string,
    filter: AuditFilter,
    order: "newest" | "oldest",
    page: PageRequest,
  ): Promise<Page<AuditEntryRecord>>;
  /** The sequence of the organization's newest entry; 0 when it has none. */
  lastSequence(organizationId: string): Promise<number>;
  /** At most `limit` of the organization's changes behind the sequence, in the order of their append. */
  listChanges(organizationId: string, after: number, limit: number): Promise<readonly AuditChange[]>;
  /** Whether more than `count` of the organization's entries follow behind the sequence. */
  hasMoreThan(organizationId: string, after: number, count: number): Promise<boolean>;
  /** Who made the subject in the organization, as far as the log goes back; otherwise undefined. */
  findCreator(organizationId: string, subjectId: string): Promise<string | undefined>;
  /**
   * Looks at the `limit` oldest entries of all organizations, and deletes those from before the time.
   * @returns how many it has deleted.
   */
  deleteOldest(before: number, limit: number): Promise<number>;
}
