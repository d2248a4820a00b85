import { type Kysely, type Selectable, sql } from "kysely";
import type { CountedGroup, GroupFilter, GroupRecord, GroupStore, Page, PageRequest, Scope } from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import { deleteRow, insertRows, lockRow, selectRow, updateRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class GroupSqlStore implements GroupStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scope: Scope, id: string): Promise<CountedGroup | undefined> {
    const row = await selectRow(this.#engine, this.#db, "groups", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<CountedGroup | undefined> {
    const row = await lockRow(this.#engine, this.#db, "groups", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async getByNameKey(organizationId: string, nameKey: string): Promise<CountedGroup | undefined> {
    const key = { organization_id: organizationId, name_key: nameKey };
    const row = await selectRow(this.#engine, this.#db, "groups", key);
    return row && toRecord(row);
  }

  async list(
    organizationId: string,
    { search, ids, systemManaged }: GroupFilter,
    { limit, after }: PageRequest,
  ): Promise<Page<CountedGroup>> {
    let query = this.#db
      .selectFrom("groups")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .orderBy("name_key")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("name_key", ">", after);
    if (search) query = query.where(this.#engine.dialect.contains(sql<string>`name_key`, search));
    if (ids?.length) query = query.where("id", "in", [...ids]);
    if (systemManaged !== undefined) {
      query = query.where("scim_configuration_id", systemManaged ? "is not" : "is", null);
    }
    return toPage(await query.execute(), limit, toRecord, (row) => row.name_key);
  }

  async insert(group: GroupRecord): Promise<void> {
    await insertRows(this.#engine, this.#db, "groups", [{ ...toRow(group), member_count: 0 }]);
  }

  async update(group: GroupRecord): Promise<void> {
    await updateRow(this.#engine, this.#db, "groups", toRow(group));
  }

  async delete(id: string): Promise<void> {
    await deleteRow(this.#engine, this.#db, "groups", { id });
  }
}

function toRecord(row: Selectable<Tables["groups"]>): CountedGroup {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    nameKey: row.name_key,
    description: row.description,
    scimConfigurationId: row.scim_configuration_id ?? undefined,
    memberCount: row.member_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: GroupRecord): Omit<Tables["groups"], "member_count"> {
  return {
    id: record.id,
    organization_id: record.organizationId,
    name: record.name,
    name_key: record.nameKey,
    description: record.description,
    scim_configuration_id: record.scimConfigurationId ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
