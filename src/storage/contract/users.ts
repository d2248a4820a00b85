import type { Scope } from "./common.ts";

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
  readonly avatarUrl: string;
  /** How the person signs in: `custom` for an SSO configuration. */
  readonly loginProvider: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface UserStore {
  get(scope: Scope, id: string): Promise<UserRecord | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scope: Scope, id: string): Promise<UserRecord | undefined>;
  /** @throws DuplicateError when the id exists, or the account already has a user in the organization that has not left. */
  insert(user: UserRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(user: UserRecord): Promise<void>;
  /** How many active admins the organization has. */
  countActiveAdmins(organizationId: string): Promise<number>;
}
