import type { Insertable, Kysely, Selectable } from "kysely";
import type { OrganizationRecord, OrganizationStore, Page, PageRequest } from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import { deleteGramsOfOrganization } from "./member-grams.ts";
import { lockRow, selectRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class OrganizationSqlStore implements OrganizationStore {
  static readonly keptRead = "get";
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(id: string): Promise<OrganizationRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "organizations", { id });
    return row && toRecord(row);
  }

  async lock(id: string): Promise<OrganizationRecord | undefined> {
    const row = await lockRow(this.#engine, this.#db, "organizations", { id }, "no key update");
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

  async listInviting(
    domain: string,
    accountId: string,
    { limit, after }: PageRequest,
  ): Promise<Page<OrganizationRecord>> {
    let query = this.#db
      .selectFrom("organization_invite_domains as d")
      .innerJoin("organizations as o", "o.id", "d.organization_id")
      .selectAll("o")
      .where("d.domain", "=", domain)
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom("users as u")
              .select("u.id")
              .where("u.account_id", "=", accountId)
              .whereRef("u.organization_id", "=", "d.organization_id"),
          ),
        ),
      )
      .orderBy("d.organization_id")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("d.organization_id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async insert(organization: OrganizationRecord): Promise<void> {
    await this.#db.insertInto("organizations").values(toRow(organization)).execute();
    await this.#insertInviteDomains(organization);
  }

  async update(organization: OrganizationRecord): Promise<void> {
    const { id, ...columns } = toRow(organization);
    const result = await this.#db.updateTable("organizations").set(columns).where("id", "=", id).executeTakeFirst();
    if (Number(result.numUpdatedRows) === 0) return;
    await this.#db.deleteFrom("organization_invite_domains").where("organization_id", "=", id).execute();
    await this.#insertInviteDomains(organization);
  }

  async delete(id: string): Promise<void> {
    // Whoever adds a user holds the row too: none comes between the two.
    await this.lock(id);
    await deleteGramsOfOrganization(this.#db, id);
    await this.#db.deleteFrom("organizations").where("id", "=", id).execute();
  }

  async #insertInviteDomains({ id, inviteDomains }: OrganizationRecord): Promise<void> {
    // What is longer is no domain (RFC 1035, section 2.3.4), and no index would hold it.
    const domains = [...new Set(inviteDomains)].filter((domain) => domain.length <= 253);
    const rows = domains.map((domain) => ({ domain, organization_id: id }));
    if (rows.length > 0) await this.#db.insertInto("organization_invite_domains").values(rows).execute();
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

function toRow(record: OrganizationRecord): Insertable<Tables["organizations"]> {
  return {
    id: record.id,
    name: record.name,
    invite_domains: JSON.stringify(record.inviteDomains),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
