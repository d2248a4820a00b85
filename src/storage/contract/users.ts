import type { Page, PageRequest, Scope } from "./common.ts";

export type Role = "admin" | "member";
export type UserStatus = "active" | "suspended" | "left";

/** An account's membership of one organization. Its id is the `userId` of the api. */
export interface UserRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly accountId: string;
  readonly role: Role;
  readonly status: UserStatus;
  /** Who suspended: each source lifts only its own suspension. */
  readonly suspendedByAdmin: boolean;
  readonly suspendedByScim: boolean;
  /** What this organization's identity provider or directory says about the person; counts only here. */
  readonly name: string;
  readonly email: string;
  /**
   * Whether this organization's identity provider or directory vouches for the email. It proves something only while the
   * organization has verified the email's domain.
   */
  readonly emailVerified: boolean;
  readonly avatarUrl: string;
  /** How the person signs in: `custom` for an SSO configuration. */
  readonly loginProvider: string;
  /**
   * The membership from which the person founded or joined this organization; undefined when a sign-in or directory of this
   * very organization brought them.
   */
  readonly originUserId?: string | undefined;
  /** When the person joined. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Which members a list keeps: those that meet every condition that is given. Absent and empty conditions keep all. */
export interface MemberFilter {
  /**
   * A part of the name or email, without regard to case: anywhere with three characters or more, at the beginning of a
   * word with fewer. Of a name the first 256 characters are searched, of an email the first 320.
   */
  readonly search?: string | undefined;
  readonly statuses?: readonly UserStatus[];
  readonly roles?: readonly Role[];
  readonly userIds?: readonly string[];
  /** Members of this group are kept. */
  readonly groupId?: string | undefined;
  /** Those who have accepted this version of the terms of service, or have not, are kept. */
  readonly terms?: { readonly versionId: string; readonly accepted: boolean } | undefined;
  /** Members of any of these groups are dropped. */
  readonly excludeGroupIds?: readonly string[];
  /** The whole email, without regard to case. */
  readonly email?: string | undefined;
  readonly loginProvider?: string | undefined;
}

/** The order of a list of members. Names are compared without regard to case, by the bytes of their UTF-8. */
export interface MemberOrder {
  readonly by: "name" | "joined";
  readonly descending: boolean;
  /** A member who comes first, before all others, whatever the order is. */
  readonly first?: string | undefined;
}

export interface UserStore {
  get(scope: Scope, id: string): Promise<UserRecord | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scope: Scope, id: string): Promise<UserRecord | undefined>;
  /** The account's latest user in the organization, whatever its status, or undefined. */
  getOfAccount(organizationId: string, accountId: string): Promise<UserRecord | undefined>;
  /** The account's users in all organizations, without those who left, in creation order. */
  listOfAccount(accountId: string): Promise<readonly UserRecord[]>;
  /**
   * The organization's users that pass the filter, in the order that is asked for; equals in creation order, which is
   * reversed in a descending list.
   */
  list(organizationId: string, filter: MemberFilter, order: MemberOrder, page: PageRequest): Promise<Page<UserRecord>>;
  /** How many users of the organization pass the filter; counting stops at `limit`. */
  count(organizationId: string, filter: MemberFilter, limit: number): Promise<number>;
  /** How many users the organization has, without those who left. */
  countMembers(organizationId: string): Promise<number>;
  /** @throws DuplicateError when the id exists, or the account already has a user in the organization that has not left. */
  insert(user: UserRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(user: UserRecord): Promise<void>;
  /** How many active admins the organization has. */
  countActiveAdmins(organizationId: string): Promise<number>;
}
