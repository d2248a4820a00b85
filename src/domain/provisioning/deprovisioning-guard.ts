import { newId } from "../../lib/ids.ts";
import type { ScimHoldRecord } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import type { Environment } from "../environment.ts";
import { ScimError } from "./errors.ts";
import { contextOf, type ScimSession, type Work } from "./session.ts";

/** When so many of a configuration's users go that somebody should look first. */
export interface GuardSettings {
  /** Percent of the active users that may be deactivated or deleted in a window; 100 turns the guard off. */
  readonly percent: number;
  /** So many may always be. */
  readonly minimum: number;
  readonly windowMs: number;
}

/** Thrown out of a transaction that would have deactivated or deleted one user too many. Nothing of it remains. */
export class DeprovisioningHeld extends Error {
  override readonly name = "DeprovisioningHeld";
  readonly userId: string;
  readonly deprovisioned: number;
  readonly activeUsers: number;

  constructor(userId: string, deprovisioned: number, activeUsers: number) {
    super("too many users would be deprovisioned at once");
    this.userId = userId;
    this.deprovisioned = deprovisioned;
    this.activeUsers = activeUsers;
  }
}

/** Seconds after which a held request may be sent again. */
const RETRY_SECONDS = 300;

/**
 * Counts that an active user is about to be deactivated or deleted.
 * @throws DeprovisioningHeld when an admin has to decide first, ScimError 403 when one has refused.
 */
export async function countDeprovisioning(work: Work, userId: string): Promise<void> {
  const { environment, records, configuration } = work;
  const { percent, minimum, windowMs } = environment.settings.scim.guard;
  if (percent >= 100) return;
  await records.locks.hold(lockName(configuration.id));
  const now = environment.clock.now();
  const latest = await records.scimHolds.latest(configuration.id);
  const decided = latest?.expiresAt !== undefined && now < latest.expiresAt ? latest.state : undefined;
  if (decided === "refused") throw refused(latest?.expiresAt ?? now);
  if (decided === undefined) {
    const since = Math.max(now - windowMs, latest?.expiresAt ?? 0);
    const { activeUsers } = await records.scimUsers.counts(configuration.id);
    const limit = activeUsers + minimum;
    const deprovisioned = await records.scimHolds.countDeprovisionings(configuration.id, since, limit);
    const allowed = Math.max(minimum, Math.floor(((activeUsers + deprovisioned) * percent) / 100));
    if (latest?.state === "pending" || deprovisioned >= allowed) {
      throw new DeprovisioningHeld(userId, deprovisioned, activeUsers);
    }
  }
  await records.scimHolds.noteDeprovisioning(configuration.organizationId, configuration.id, userId, now);
}

/** Writes the hold down, with an event when it is new, and makes the answer of the request. */
export async function recordHold(
  environment: Environment,
  session: ScimSession,
  held: DeprovisioningHeld,
): Promise<ScimError> {
  const { id: scimConfigurationId, organizationId } = session.configuration;
  await environment.storage.write(async (records) => {
    await records.locks.hold(lockName(scimConfigurationId));
    const latest = await records.scimHolds.latest(scimConfigurationId);
    if (latest?.state === "pending") {
      const heldRequests = latest.heldRequests + 1;
      await records.scimHolds.update({ ...latest, heldRequests, lastUserId: held.userId });
      return;
    }
    const hold: ScimHoldRecord = {
      id: newId(),
      organizationId,
      scimConfigurationId,
      state: "pending",
      deprovisioned: held.deprovisioned,
      activeUsers: held.activeUsers,
      heldRequests: 1,
      lastUserId: held.userId,
      decidedBy: "",
      decidedAt: undefined,
      expiresAt: undefined,
      createdAt: environment.clock.now(),
    };
    await records.scimHolds.insert(hold);
    await recordChange(environment, records, contextOf(session, "scim_hold.create"), {
      organizationId,
      subjectType: "scim_configuration",
      subjectId: scimConfigurationId,
      operation: "update_status",
      after: holdView(hold),
    });
  });
  return new ScimError(
    429,
    "So many users would be deactivated or deleted that an admin has to approve it first. Nothing was changed; try again later.",
    { retryAfterSeconds: RETRY_SECONDS },
  );
}

/** What the audit log shows of a hold. */
export function holdView(hold: ScimHoldRecord): Record<string, unknown> {
  const { id, state, deprovisioned, activeUsers, heldRequests } = hold;
  return { holdId: id, state, deprovisioned, activeUsers, heldRequests };
}

/** Name of the lock under which a configuration's deprovisionings are counted. */
export function lockName(scimConfigurationId: string): string {
  return `deprovisionings of ${scimConfigurationId}`;
}

function refused(until: number): ScimError {
  const time = new Date(until).toISOString();
  return new ScimError(403, `An admin has refused to deactivate and delete further users until ${time}.`);
}
