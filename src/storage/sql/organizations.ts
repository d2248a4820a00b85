import type { Kysely, Selectable } from "kysely";
import type { OrganizationRecord, OrganizationStore, Page, PageRequest } from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class OrganizationSqlStore implements OrganizationStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(id: string): Promise<OrganizationRecord | undefined> {
    const row = await this.#db.selectFrom("organizations").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toRecord(row);
  }

  async lock(id: string): Promise<OrganizationRecord | undefined> {
    const query = this.#db.selectFrom("organizations").selectAll().where("id", "=", id);
    const row = await (this.#engine.dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    return row && toRecord(row);
  }

  async list({ limit, after }: PageRequest): Promise<Page<OrganizationRecord>> {
    let query = this.#db
      .selectFrom("organizations")
      .selectAll()
      .orderBy("id")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async insert(organization: OrganizationRecord): Promise<void> {
    await this.#db.insertInto("organizations").values(toRow(organization)).execute();
  }

  async update(organization: OrganizationRecord): Promise<void> {
    const { id, ...columns } = toRow(organization);
    await this.#db.updateTable("organizations").set(columns).where("id", "=", id).execute();
  }

  async delete(id: string): Promise<void> {
    await this.#db.deleteFrom("organizations").where("id", "=", id).execute();
  }
}

function toRecord(row: Selectable<Tables["organizations"]>): OrganizationRecord {
  return {
    id: row.id,
    name: row.name,
    inviteDomains: JSON.parse(row.invite_domains),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: OrganizationRecord): Tables["organizations"] {
  return {
    id: record.id,
    name: record.name,
    invite_domains: JSON.stringify(record.inviteDomains),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
