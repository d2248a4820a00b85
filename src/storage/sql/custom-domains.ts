import type { Kysely, Selectable } from "kysely";
import type { CustomDomainRecord, CustomDomainStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class CustomDomainSqlStore implements CustomDomainStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string): Promise<CustomDomainRecord | undefined> {
    const row = await this.#db
      .selectFrom("custom_domains")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async insert(domain: CustomDomainRecord): Promise<void> {
    await this.#db.insertInto("custom_domains").values(toRow(domain)).execute();
  }

  async update(domain: CustomDomainRecord): Promise<void> {
    const { id, ...columns } = toRow(domain);
    await this.#db.updateTable("custom_domains").set(columns).where("id", "=", id).execute();
  }

  async delete(id: string): Promise<void> {
    await this.#db.deleteFrom("custom_domains").where("id", "=", id).execute();
  }
}

function toRecord(row: Selectable<Tables["custom_domains"]>): CustomDomainRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    domainName: row.domain_name,
    provider: row.provider,
    cloudAccountId: row.cloud_account_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: CustomDomainRecord): Tables["custom_domains"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    domain_name: record.domainName,
    provider: record.provider,
    cloud_account_id: record.cloudAccountId,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
