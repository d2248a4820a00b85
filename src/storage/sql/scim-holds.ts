import type { Kysely, Selectable } from "kysely";
import type { Page, PageRequest, ScimHoldRecord, ScimHoldStore } from "../storage.ts";
import { toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class ScimHoldSqlStore implements ScimHoldStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string, id: string): Promise<ScimHoldRecord | undefined> {
    const row = await this.#db
      .selectFrom("scim_holds")
      .selectAll()
      .where("id", "=", id)
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async latest(scimConfigurationId: string): Promise<ScimHoldRecord | undefined> {
    const row = await this.#db
      .selectFrom("scim_holds")
      .selectAll()
      .where("scim_configuration_id", "=", scimConfigurationId)
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async list(
    organizationId: string,
    scimConfigurationId: string | undefined,
    { limit, after }: PageRequest,
  ): Promise<Page<ScimHoldRecord>> {
    let query = this.#db
      .selectFrom("scim_holds")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .orderBy("id", "desc")
      .limit(limit + 1);
    if (scimConfigurationId !== undefined) query = query.where("scim_configuration_id", "=", scimConfigurationId);
    if (after !== undefined) query = query.where("id", "<", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async insert(hold: ScimHoldRecord): Promise<void> {
    await this.#db.insertInto("scim_holds").values(toRow(hold)).execute();
  }

  async update(hold: ScimHoldRecord): Promise<void> {
    const { id, ...columns } = toRow(hold);
    await this.#db.updateTable("scim_holds").set(columns).where("id", "=", id).execute();
  }

  async noteDeprovisioning(
    organizationId: string,
    scimConfigurationId: string,
    userId: string,
    at: number,
  ): Promise<void> {
    await this.#db
      .insertInto("scim_deprovisionings")
      .values({
        organization_id: organizationId,
        scim_configuration_id: scimConfigurationId,
        user_id: userId,
        created_at: at,
      })
      .execute();
  }

  async countDeprovisionings(scimConfigurationId: string, since: number, limit: number): Promise<number> {
    const counted = this.#db
      .selectFrom("scim_deprovisionings")
      .select("number")
      .where("scim_configuration_id", "=", scimConfigurationId)
      .where("created_at", ">=", since)
      .limit(limit)
      .as("counted");
    const { count } = await this.#db
      .selectFrom(counted)
      .select((e) => e.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async deleteDeprovisionings(before: number): Promise<void> {
    await this.#db.deleteFrom("scim_deprovisionings").where("created_at", "<", before).execute();
  }
}

function toRecord(row: Selectable<Tables["scim_holds"]>): ScimHoldRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    scimConfigurationId: row.scim_configuration_id,
    state: row.state,
    deprovisioned: row.deprovisioned,
    activeUsers: row.active_users,
    heldRequests: row.held_requests,
    lastUserId: row.last_user_id,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    createdAt: row.created_at,
  };
}

function toRow(record: ScimHoldRecord): Tables["scim_holds"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    scim_configuration_id: record.scimConfigurationId,
    state: record.state,
    deprovisioned: record.deprovisioned,
    active_users: record.activeUsers,
    held_requests: record.heldRequests,
    last_user_id: record.lastUserId,
    decided_by: record.decidedBy,
    decided_at: record.decidedAt ?? null,
    expires_at: record.expiresAt ?? null,
    created_at: record.createdAt,
  };
}
