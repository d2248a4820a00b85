import { notFound, ServiceError } from "../../lib/errors.ts";
import type { Page, PageRequest, Records, ScimHoldRecord } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import type { Environment } from "../environment.ts";
import { type Context, organizationOf } from "../principals.ts";
import { holdView, lockName } from "./deprovisioning-guard.ts";

/** Stops of mass deprovisionings, which an admin decides about. */
export function createHolds(environment: Environment) {
  const { storage, clock, settings } = environment;

  async function lockHold(records: Records, context: Context, id: string): Promise<ScimHoldRecord> {
    const organizationId = organizationOf(context.caller);
    const found = await records.scimHolds.get(organizationId, id);
    if (!found) throw notFound("SCIM hold");
    await records.locks.hold(lockName(found.scimConfigurationId));
    const locked = await records.scimHolds.get(organizationId, id);
    if (!locked) throw notFound("SCIM hold");
    return locked;
  }

  return {
    /**
     * Stops of mass deprovisionings, newest first.
     * @throws ServiceError `organization_required` for the operator that names none.
     */
    async list(
      { caller }: Context,
      scimConfigurationId: string | undefined,
      page: PageRequest,
    ): Promise<Page<ScimHoldRecord>> {
      return storage.read.scimHolds.list(organizationOf(caller), scimConfigurationId, page);
    },

    /**
     * Decides about a hold. Approved, the directory may deactivate and delete for a window of time; refused, it may not.
     * @throws ServiceError `not_found`, `conflict` when somebody else has decided already.
     */
    async decide(context: Context, id: string, state: "approved" | "refused"): Promise<ScimHoldRecord> {
      return storage.write(async (records) => {
        const before = await lockHold(records, context, id);
        if (before.state === state) return before;
        if (before.state !== "pending") {
          throw new ServiceError("conflict", `the hold is ${before.state} already: what is decided stays so`);
        }
        const now = clock.now();
        const { caller } = context;
        const decidedBy =
          caller.kind === "user" ? caller.userId : caller.kind === "operator" ? caller.credentialId : "";
        const after: ScimHoldRecord = {
          ...before,
          state,
          decidedBy,
          decidedAt: now,
          expiresAt: now + settings.scim.guard.windowMs,
        };
        await records.scimHolds.update(after);
        await recordChange(environment, records, context, {
          organizationId: after.organizationId,
          subjectType: "scim_configuration",
          subjectId: after.scimConfigurationId,
          operation: "update_status",
          before: holdView(before),
          after: holdView(after),
        });
        return after;
      });
    },
  };
}
