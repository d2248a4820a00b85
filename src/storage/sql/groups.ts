import { type Kysely, type Selectable, sql } from "kysely";
import {
  type CountedGroup,
  EVERY_ORGANIZATION,
  type GroupFilter,
  type GroupRecord,
  type GroupStore,
  type Page,
  type PageRequest,
  type Scope,
} from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class GroupSqlStore implements GroupStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scope: Scope, id: string): Promise<CountedGroup | undefined> {
    const row = await this.#byId(scope, id).executeTakeFirst();
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<CountedGroup | undefined> {
    const query = this.#byId(scope, id);
    const row = await (this.#engine.dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    return row && toRecord(row);
  }

  async getByNameKey(organizationId: string, nameKey: string): Promise<CountedGroup | undefined> {
    const row = await this.#db
      .selectFrom("groups")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .where("name_key", "=", nameKey)
      .executeTakeFirst();
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
    await this.#db
      .insertInto("groups")
      .values({ ...toRow(group), member_count: 0 })
      .execute();
  }

  async update(group: GroupRecord): Promise<void> {
    const { id, ...columns } = toRow(group);
    await this.#db.updateTable("groups").set(columns).where("id", "=", id).execute();
  }

  async delete(id: string): Promise<void> {
    await this.#db.deleteFrom("groups").where("id", "=", id).execute();
  }

  #byId(scope: Scope, id: string) {
    const query = this.#db.selectFrom("groups").selectAll().where("id", "=", id);
    return scope === EVERY_ORGANIZATION ? query : query.where("organization_id", "=", scope);
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
