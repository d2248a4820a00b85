/**
 * The rows that the filter and sort compilers query, as both engines hold them: ids and documents are text, times are
 * milliseconds since the epoch, booleans are 0 or 1, text compares byte by byte (on PostgreSQL: collate "C").
 */

/** Table `scim_users`: a user's provisioning record. */
export interface ScimUserRow {
  /** The user's id, which is the SCIM id. */
  readonly id: string;
  readonly organization_id: string;
  readonly scim_configuration_id: string;
  readonly user_name: string;
  /** `fold(user_name)`; unique with organization_id. */
  readonly user_name_folded: string;
  readonly external_id: string | null;
  readonly display_name: string | null;
  readonly display_name_folded: string | null;
  readonly active: 0 | 1;
  /** JSON of the attributes that have no column, as sent, keyed as in a resource. */
  readonly attributes: string;
  /** JSON for filters, made by `foldedDocument`. Type jsonb on PostgreSQL, text on SQLite. */
  readonly folded: string;
  /** Counts the changes; the entity tag is made of it. */
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Table `scim_groups`: a group's provisioning record. */
export interface ScimGroupRow {
  /** The group's id, which is the SCIM id. */
  readonly id: string;
  readonly organization_id: string;
  readonly scim_configuration_id: string;
  readonly display_name: string;
  readonly display_name_folded: string;
  readonly external_id: string | null;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Table `group_memberships`: a row per membership, shared with GroupService; the columns that are used here. */
export interface GroupMembershipRow {
  readonly group_id: string;
  readonly user_id: string;
}
