import type { Page, PageRequest, Scope } from "./common.ts";

/** One user in one group. */
export interface GroupMembershipRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly groupId: string;
  readonly userId: string;
  readonly createdAt: number;
}

/** A membership with what is shown of its user. */
export interface NamedMembership extends GroupMembershipRecord {
  readonly name: string;
  readonly avatarUrl: string;
}

/** Every method that changes memberships keeps the `memberCount` of their groups right. */
export interface GroupMembershipStore {
  get(scope: Scope, id: string): Promise<NamedMembership | undefined>;
  /** The user's membership of the group, or undefined. */
  find(scope: Scope, groupId: string, userId: string): Promise<NamedMembership | undefined>;
  /** The group's memberships in creation order. */
  list(scope: Scope, groupId: string, page: PageRequest): Promise<Page<NamedMembership>>;
  /** The memberships of those of the users that are in the group, in any order. An empty list asks for none. */
  listOfUsers(scope: Scope, groupId: string, userIds: readonly string[]): Promise<readonly NamedMembership[]>;
  /** The ids of the groups that the user is in, in order. */
  listGroupIds(userId: string): Promise<readonly string[]>;
  /** @throws DuplicateError when the id exists, or the user is in the group. */
  insert(membership: GroupMembershipRecord): Promise<void>;
  /** Says whether there was such a membership. */
  delete(id: string): Promise<boolean>;
  /** Takes the user out of every group. */
  deleteOfUser(userId: string): Promise<void>;
}
