import type { Kysely, Selectable } from "kysely";
import {
  EVERY_ORGANIZATION,
  type Page,
  type PageRequest,
  type ScimConfigurationRecord,
  type ScimConfigurationStore,
  type Scope,
} from "../storage.ts";
import { type Engine, flag, toPage } from "./engine.ts";
import { deleteRow, insertRows, lockRow, selectRow, updateRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class ScimConfigurationSqlStore implements ScimConfigurationStore {
  static readonly keptRead = "get";
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scope: Scope, id: string): Promise<ScimConfigurationRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "scim_configurations", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<ScimConfigurationRecord | undefined> {
    const row = await lockRow(this.#engine, this.#db, "scim_configurations", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async list(scope: Scope, { limit, after }: PageRequest): Promise<Page<ScimConfigurationRecord>> {
    let query = this.#db
      .selectFrom("scim_configurations")
      .selectAll()
      .orderBy("id")
      .limit(limit + 1);
    if (scope !== EVERY_ORGANIZATION) query = query.where("organization_id", "=", scope);
    if (after !== undefined) query = query.where("id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async listIdsLinkedTo(organizationId: string, ssoConfigurationId: string): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom("scim_configurations")
      .select("id")
      .where("organization_id", "=", organizationId)
      .where("sso_configuration_id", "=", ssoConfigurationId)
      .orderBy("id")
      .execute();
    return rows.map((row) => row.id);
  }

  async insert(configuration: ScimConfigurationRecord): Promise<void> {
    await insertRows(this.#engine, this.#db, "scim_configurations", [toRow(configuration)]);
  }

  async update(configuration: ScimConfigurationRecord): Promise<void> {
    await updateRow(this.#engine, this.#db, "scim_configurations", toRow(configuration));
  }

  async touch(uses: ReadonlyMap<string, number>): Promise<void> {
    // In one order, so that two replicas that touch the same tokens wait for each other instead of deadlocking.
    for (const [hash, at] of [...uses].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await this.#db
        .updateTable("scim_configurations")
        .set({ token_last_used_at: at })
        .where("token_hash", "=", hash)
        .where((e) => e.or([e("token_last_used_at", "is", null), e("token_last_used_at", "<", at)]))
        .execute();
    }
  }

  async delete(id: string): Promise<void> {
    await deleteRow(this.#engine, this.#db, "scim_configurations", { id });
  }
}

function toRecord(row: Selectable<Tables["scim_configurations"]>): ScimConfigurationRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    enabled: row.enabled === 1,
    ssoConfigurationId: row.sso_configuration_id ?? undefined,
    allowUnverifiedEmailAccountLinking: row.allow_unverified_email_account_linking === 1,
    tokenHash: row.token_hash,
    tokenExpiresAt: row.token_expires_at,
    tokenLifetime: row.token_lifetime,
    tokenLastUsedAt: row.token_last_used_at ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: ScimConfigurationRecord): Tables["scim_configurations"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    name: record.name,
    enabled: flag(record.enabled),
    sso_configuration_id: record.ssoConfigurationId ?? null,
    allow_unverified_email_account_linking: flag(record.allowUnverifiedEmailAccountLinking),
    token_hash: record.tokenHash,
    token_expires_at: record.tokenExpiresAt,
    token_lifetime: record.tokenLifetime,
    token_last_used_at: record.tokenLastUsedAt ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
