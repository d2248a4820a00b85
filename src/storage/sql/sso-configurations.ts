import { type Kysely, type Selectable, sql } from "kysely";
import {
  EVERY_ORGANIZATION,
  type Page,
  type PageRequest,
  type Scope,
  type SsoConfigurationRecord,
  type SsoConfigurationStore,
} from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import { deleteRow, insertRows, lockRow, selectRow, updateRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class SsoConfigurationSqlStore implements SsoConfigurationStore {
  static readonly keptRead = "get";
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scope: Scope, id: string): Promise<SsoConfigurationRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "sso_configurations", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<SsoConfigurationRecord | undefined> {
    const row = await lockRow(this.#engine, this.#db, "sso_configurations", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async list(organizationId: string, page: PageRequest): Promise<Page<SsoConfigurationRecord>> {
    return this.#page(organizationId, page);
  }

  async listServing(domain: string, { limit, after }: PageRequest): Promise<Page<SsoConfigurationRecord>> {
    const { dialect } = this.#engine;
    let query = this.#db
      .selectFrom("domain_verifications as d")
      .innerJoin("sso_configurations as s", "s.organization_id", "d.organization_id")
      .selectAll("s")
      .where("d.domain", "=", domain)
      .where("d.state", "=", "verified")
      .where("s.state", "=", "active")
      .where(sql<boolean>`${domain} in (select e.value from ${dialect.elements(sql.ref("s.email_domains"))} as e)`)
      .orderBy("s.id")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("s.id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async listActive(organizationId: string, { limit, after }: PageRequest): Promise<Page<SsoConfigurationRecord>> {
    let query = this.#db
      .selectFrom("sso_configurations")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .where("state", "=", "active")
      .orderBy("id")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async insert(configuration: SsoConfigurationRecord): Promise<void> {
    await insertRows(this.#engine, this.#db, "sso_configurations", [toRow(configuration)]);
  }

  async update(configuration: SsoConfigurationRecord): Promise<void> {
    await updateRow(this.#engine, this.#db, "sso_configurations", toRow(configuration));
  }

  async delete(id: string): Promise<void> {
    await deleteRow(this.#engine, this.#db, "sso_configurations", { id });
  }

  async #page(scope: Scope, { limit, after }: PageRequest): Promise<Page<SsoConfigurationRecord>> {
    let query = this.#db
      .selectFrom("sso_configurations")
      .selectAll()
      .orderBy("id")
      .limit(limit + 1);
    if (scope !== EVERY_ORGANIZATION) query = query.where("organization_id", "=", scope);
    if (after !== undefined) query = query.where("id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }
}

function toRecord(row: Selectable<Tables["sso_configurations"]>): SsoConfigurationRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    displayName: row.display_name,
    issuerUrl: row.issuer_url,
    clientId: row.client_id,
    clientSecret: row.client_secret,
    state: row.state,
    providerType: row.provider_type,
    claims: JSON.parse(row.claims),
    emailDomains: JSON.parse(row.email_domains),
    additionalScopes: JSON.parse(row.additional_scopes),
    claimsExpression: row.claims_expression,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: SsoConfigurationRecord): Tables["sso_configurations"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    display_name: record.displayName,
    issuer_url: record.issuerUrl,
    client_id: record.clientId,
    client_secret: record.clientSecret,
    state: record.state,
    provider_type: record.providerType,
    claims: JSON.stringify(record.claims),
    email_domains: JSON.stringify(record.emailDomains),
    additional_scopes: JSON.stringify(record.additionalScopes),
    claims_expression: record.claimsExpression,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
