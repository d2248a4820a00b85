import type { Page, PageRequest } from "./common.ts";

export type ScimHoldState = "pending" | "approved" | "refused";

/** A stop of what a SCIM configuration would deactivate and delete, until an admin has decided. */
export interface ScimHoldRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly scimConfigurationId: string;
  readonly state: ScimHoldState;
  /** Users that were deactivated or deleted in the window before the hold. */
  readonly deprovisioned: number;
  /** Active users that the share was taken of. */
  readonly activeUsers: number;
  /** Requests that were answered with the hold so far. */
  readonly heldRequests: number;
  /** Who was to be deactivated or deleted last. */
  readonly lastUserId: string;
  /** Who decided; empty before. */
  readonly decidedBy: string;
  readonly decidedAt: number | undefined;
  /** Until when the decision counts. */
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
}

export interface ScimHoldStore {
  get(organizationId: string, id: string): Promise<ScimHoldRecord | undefined>;
  /** The configuration's newest hold, or undefined. */
  latest(scimConfigurationId: string): Promise<ScimHoldRecord | undefined>;
  /** The organization's holds, or one configuration's, newest first. */
  list(
    organizationId: string,
    scimConfigurationId: string | undefined,
    page: PageRequest,
  ): Promise<Page<ScimHoldRecord>>;
  /** @throws DuplicateError when the id exists. */
  insert(hold: ScimHoldRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(hold: ScimHoldRecord): Promise<void>;
  /** Notes that the configuration deactivated or deleted a user. */
  noteDeprovisioning(organizationId: string, scimConfigurationId: string, userId: string, at: number): Promise<void>;
  /** How many users the configuration has deactivated or deleted since the time; counting stops at `limit`. */
  countDeprovisionings(scimConfigurationId: string, since: number, limit: number): Promise<number>;
  /** Forgets what was noted before the time. */
  deleteDeprovisionings(before: number): Promise<void>;
}
