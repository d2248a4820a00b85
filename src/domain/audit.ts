import { newId } from "../lib/ids.ts";
import type { ActorPrincipal, AuditEntryRecord, Operation, Records, SubjectType } from "../storage/storage.ts";
import type { Environment } from "./environment.ts";
import type { Caller, Context } from "./principals.ts";

/** What stands in the audit log where a secret was set or replaced. The secret itself never reaches it. */
export const REDACTED = "[redacted]";

/** A change, as the audit log keeps it. The views are redacted by whoever makes them: they hold no secret. */
export interface Change {
  /** Undefined for what belongs to no organization. */
  readonly organizationId: string | undefined;
  readonly subjectType: SubjectType;
  readonly subjectId: string;
  readonly operation: Operation;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/**
 * Appends the audit entry of a change to the transaction of the change. Make it the last step: on PostgreSQL it holds
 * back other changes of the organization until the commit, so that entries become visible in order.
 */
export async function recordChange(
  { clock }: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  change: Change,
): Promise<void> {
  const entry: AuditEntryRecord = {
    id: newId(),
    organizationId: change.organizationId,
    ...actorOf(context.caller, change.organizationId),
    subjectId: change.subjectId,
    subjectType: change.subjectType,
    action: context.action,
    operation: change.operation,
    requestId: context.requestId,
    before: change.before,
    after: change.after,
    createdAt: clock.now(),
  };
  await records.auditEntries.append(entry);
}

/** A user's id means something in the user's own organization; in another one, which they join, the person acts. */
function actorOf(
  caller: Caller,
  organizationId: string | undefined,
): { actorId: string; actorPrincipal: ActorPrincipal } {
  switch (caller.kind) {
    case "user":
      return organizationId === undefined || organizationId === caller.organizationId
        ? { actorId: caller.userId, actorPrincipal: "user" }
        : { actorId: caller.accountId, actorPrincipal: "account" };
    case "operator":
      return { actorId: caller.credentialId, actorPrincipal: "service_account" };
    case "scim":
      return { actorId: caller.configurationId, actorPrincipal: "scim_configuration" };
    case "anonymous":
    case "system":
      return { actorId: "", actorPrincipal: "system" };
  }
}
