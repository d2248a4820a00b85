import { ServiceError } from "../lib/errors.ts";
import type { Records, UserRecord as User } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import type { Context } from "./principals.ts";

/**
 * Refuses what would leave the organization without an active admin. Hold the organization's row first: of two admins who
 * leave at once, one does not.
 * @throws ServiceError `last_admin`.
 */
export async function requireAnotherAdmin(records: Records, user: User): Promise<void> {
  if (user.role !== "admin" || user.status !== "active") return;
  if ((await records.users.countActiveAdmins(user.organizationId)) > 1) return;
  throw new ServiceError(
    "last_admin",
    "this is the organization's last active admin: make somebody else an admin first, or delete the organization",
    { metadata: { user_id: user.id } },
  );
}

/** @throws ServiceError `membership_ended`. */
export function refuseEnded(user: User): void {
  if (user.status !== "left") return;
  throw new ServiceError("membership_ended", "the person has left the organization: they have to join it again", {
    metadata: { user_id: user.id },
  });
}

/**
 * Ends a membership within a transaction: the status is LEFT, the user is in no group, and tokens and sessions open nothing
 * from the next call on. A membership that has ended stays as it is.
 */
export async function endMembership(
  environment: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  before: User,
): Promise<User> {
  if (before.status === "left") return before;
  const after: User = { ...before, status: "left", updatedAt: environment.clock.now() };
  await revokeCredentials(records, before.id);
  await records.groupMemberships.deleteOfUser(before.id);
  await records.users.update(after);
  await recordChange(environment, records, context, {
    organizationId: after.organizationId,
    subjectType: "user",
    subjectId: after.id,
    operation: "delete",
    before: userView(before),
    after: userView(after),
  });
  return after;
}

/** Ends everything that the user could call with, within a transaction. */
export async function revokeCredentials(records: Records, userId: string): Promise<void> {
  await records.apiTokens.deleteOfUser(userId);
  await records.sessions.deleteOfUser(userId);
}

/**
 * The status of a user with these suspensions. Each source lifts only its own; a membership that has ended stays so.
 */
export function statusOf(user: Pick<User, "status" | "suspendedByAdmin" | "suspendedByScim">): User["status"] {
  if (user.status === "left") return "left";
  return user.suspendedByAdmin || user.suspendedByScim ? "suspended" : "active";
}

/** What the audit log shows of a user. */
export function userView(user: User): Record<string, unknown> {
  return { accountId: user.accountId, name: user.name, email: user.email, role: user.role, status: user.status };
}
