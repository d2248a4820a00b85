import type { Kysely, Selectable } from "kysely";
import type { Page, PageRequest, ScimRequestFilter, ScimRequestRecord, ScimRequestStore } from "../storage.ts";
import { toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

/** Rows of one statement: SQLite takes 32,766 parameters, nineteen for each request. */
const CHUNK = 500;

export class ScimRequestSqlStore implements ScimRequestStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string, id: string): Promise<ScimRequestRecord | undefined> {
    const row = await this.#db
      .selectFrom("scim_requests")
      .selectAll()
      .where("id", "=", id)
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async list(
    organizationId: string,
    { scimConfigurationId, resourceId, failed }: ScimRequestFilter,
    { limit, after }: PageRequest,
  ): Promise<Page<ScimRequestRecord>> {
    let query = this.#db
      .selectFrom("scim_requests")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .where("scim_configuration_id", "=", scimConfigurationId)
      .orderBy("id", "desc")
      .limit(limit + 1);
    if (resourceId !== undefined) query = query.where("resource_id", "=", resourceId);
    if (failed !== undefined) query = query.where("status", failed ? ">=" : "<", 400);
    if (after !== undefined) query = query.where("id", "<", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async insertAll(requests: readonly ScimRequestRecord[]): Promise<void> {
    const ids = [...new Set(requests.map(({ scimConfigurationId }) => scimConfigurationId))];
    if (ids.length === 0) return;
    const rows = await this.#db.selectFrom("scim_configurations").select("id").where("id", "in", ids).execute();
    const known = new Set(rows.map(({ id }) => id));
    const kept = requests.filter(({ scimConfigurationId }) => known.has(scimConfigurationId)).map(toRow);
    for (let start = 0; start < kept.length; start += CHUNK) {
      await this.#db
        .insertInto("scim_requests")
        .values(kept.slice(start, start + CHUNK))
        .execute();
    }
  }

  async deleteBefore(before: number, limit: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom("scim_requests")
      .where("id", "in", (e) =>
        e.selectFrom("scim_requests").select("id").where("created_at", "<", before).orderBy("created_at").limit(limit),
      )
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}

function toRecord(row: Selectable<Tables["scim_requests"]>): ScimRequestRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    scimConfigurationId: row.scim_configuration_id,
    requestId: row.request_id,
    method: row.method,
    path: row.path,
    query: row.query,
    body: row.body,
    userAgent: row.user_agent,
    status: row.status,
    scimType: row.scim_type,
    detail: row.detail,
    normalizations: JSON.parse(row.normalizations),
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    before: row.before === null ? undefined : JSON.parse(row.before),
    after: row.after === null ? undefined : JSON.parse(row.after),
    durationMs: row.duration_ms,
    createdAt: row.created_at,
  };
}

function toRow(record: ScimRequestRecord): Tables["scim_requests"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    scim_configuration_id: record.scimConfigurationId,
    request_id: record.requestId,
    method: record.method,
    path: record.path,
    query: record.query,
    body: record.body,
    user_agent: record.userAgent,
    status: record.status,
    scim_type: record.scimType,
    detail: record.detail,
    normalizations: JSON.stringify(record.normalizations),
    resource_type: record.resourceType,
    resource_id: record.resourceId,
    before: record.before === undefined ? null : JSON.stringify(record.before),
    after: record.after === undefined ? null : JSON.stringify(record.after),
    duration_ms: record.durationMs,
    created_at: record.createdAt,
  };
}
