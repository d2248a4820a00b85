import { notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import type { GroupMembershipRecord, NamedMembership, Page, PageRequest } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { lockManual } from "./groups.ts";
import { refuseEnded } from "./memberships.ts";
import { type Context, scopeOf } from "./principals.ts";

export type GroupMembership = NamedMembership;

/** Who is in which group. Whoever leaves the organization leaves its groups. */
export function createGroupMemberships(environment: Environment) {
  const { storage, clock } = environment;

  return {
    /**
     * Puts a member of the organization into a group.
     * @throws ServiceError `not_found` (group, user), `group_system_managed`, `membership_ended`, `already_member`.
     */
    async create(context: Context, groupId: string, userId: string): Promise<GroupMembership> {
      return storage.write(async (records) => {
        const group = await lockManual(records, context, groupId);
        // Locked, so that a person who leaves at the same moment does not stay behind in the group.
        const user = await records.users.lock(group.organizationId, userId);
        if (!user) throw notFound("user");
        refuseEnded(user);
        if (await records.groupMemberships.find(group.organizationId, groupId, userId)) {
          throw new ServiceError("already_member", "the user is in this group already: there is nothing to do", {
            metadata: { user_id: userId, group_id: groupId },
          });
        }
        const { organizationId } = group;
        const membership: GroupMembershipRecord = {
          id: newId(),
          organizationId,
          groupId,
          userId,
          createdAt: clock.now(),
        };
        await records.groupMemberships.insert(membership);
        await recordChange(environment, records, context, {
          ...membershipSubject(membership),
          operation: "create",
          after: membershipView(membership),
        });
        return { ...membership, name: user.name, avatarUrl: user.avatarUrl };
      });
    },

    /** @throws ServiceError `not_found`, also when the user is not in the group. */
    async get({ caller }: Context, groupId: string, userId: string): Promise<GroupMembership> {
      const found = await storage.read.groupMemberships.find(scopeOf(caller), groupId, userId);
      if (!found) throw notFound("membership");
      return found;
    },

    /**
     * The members of a group: in the order in which they joined it, or by name when they are searched for.
     * @param search as in a list of an organization's members; empty keeps all.
     * @throws ServiceError `not_found` (group).
     */
    async list(
      { caller }: Context,
      groupId: string,
      search: string,
      page: PageRequest,
    ): Promise<Page<GroupMembership>> {
      const scope = scopeOf(caller);
      const group = await storage.read.groups.get(scope, groupId);
      if (!group) throw notFound("group");
      if (search === "") return storage.read.groupMemberships.list(scope, groupId, page);
      const found = await storage.read.users.list(
        group.organizationId,
        { search, groupId },
        { by: "name", descending: false },
        page,
      );
      const userIds = found.items.map((user) => user.id);
      const memberships = await storage.read.groupMemberships.listOfUsers(scope, groupId, userIds);
      const byUser = new Map(memberships.map((membership) => [membership.userId, membership]));
      // Whoever was taken out between the two reads is not shown.
      const items = userIds.flatMap((userId) => byUser.get(userId) ?? []);
      return found.next === undefined ? { items } : { items, next: found.next };
    },

    /**
     * Takes a user out of a group.
     * @throws ServiceError `not_found`, `group_system_managed`.
     */
    async delete(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const before = await records.groupMemberships.get(scopeOf(context.caller), id);
        if (!before) throw notFound("membership");
        await lockManual(records, context, before.groupId);
        // Somebody else may have been faster, before the lock.
        if (!(await records.groupMemberships.delete(id))) throw notFound("membership");
        await recordChange(environment, records, context, {
          ...membershipSubject(before),
          operation: "delete",
          before: membershipView(before),
        });
      });
    },
  };
}

export type GroupMemberships = ReturnType<typeof createGroupMemberships>;

/** What an audit entry about a membership is about. */
export function membershipSubject(membership: GroupMembershipRecord) {
  return {
    organizationId: membership.organizationId,
    subjectType: "group_membership_changed",
    subjectId: membership.id,
  } as const;
}

/** What the audit log shows of a membership. */
export function membershipView({ groupId, userId }: GroupMembershipRecord): Record<string, unknown> {
  return { groupId, userId };
}
