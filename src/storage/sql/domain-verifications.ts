import type { Kysely, Selectable } from "kysely";
import type { DomainVerificationRecord, DomainVerificationStore, Page, PageRequest, Scope } from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import { lockRow, selectRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class DomainVerificationSqlStore implements DomainVerificationStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scope: Scope, id: string): Promise<DomainVerificationRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "domain_verifications", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<DomainVerificationRecord | undefined> {
    const row = await lockRow(this.#engine, this.#db, "domain_verifications", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async list(organizationId: string, { limit, after }: PageRequest): Promise<Page<DomainVerificationRecord>> {
    let query = this.#db
      .selectFrom("domain_verifications")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .orderBy("id")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async filterVerified(organizationId: string, domains: readonly string[]): Promise<readonly string[]> {
    if (domains.length === 0) return [];
    const rows = await this.#db
      .selectFrom("domain_verifications")
      .select("domain")
      .where("organization_id", "=", organizationId)
      .where("domain", "in", [...domains])
      .where("state", "=", "verified")
      .execute();
    return rows.map((row) => row.domain);
  }

  async listOrganizationsOf(domain: string): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom("domain_verifications")
      .select("organization_id")
      .where("domain", "=", domain)
      .where("state", "=", "verified")
      .orderBy("organization_id")
      .execute();
    return rows.map((row) => row.organization_id);
  }

  async listDue(checkedBefore: number, limit: number): Promise<readonly DomainVerificationRecord[]> {
    const rows = await this.#db
      .selectFrom("domain_verifications")
      .selectAll()
      .where("state", "=", "verified")
      .where("last_checked_at", "<", checkedBefore)
      .orderBy("last_checked_at")
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(toRecord);
  }

  async insert(verification: DomainVerificationRecord): Promise<void> {
    await this.#db.insertInto("domain_verifications").values(toRow(verification)).execute();
  }

  async update(verification: DomainVerificationRecord): Promise<void> {
    const { id, ...columns } = toRow(verification);
    await this.#db.updateTable("domain_verifications").set(columns).where("id", "=", id).execute();
  }

  async delete(id: string): Promise<void> {
    await this.#db.deleteFrom("domain_verifications").where("id", "=", id).execute();
  }
}

function toRecord(row: Selectable<Tables["domain_verifications"]>): DomainVerificationRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    domain: row.domain,
    state: row.state,
    verificationToken: row.verification_token,
    verifiedAt: row.verified_at ?? undefined,
    lastCheckedAt: row.last_checked_at ?? undefined,
    failures: row.failures,
    createdAt: row.created_at,
  };
}

function toRow(record: DomainVerificationRecord): Tables["domain_verifications"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    domain: record.domain,
    state: record.state,
    verification_token: record.verificationToken,
    verified_at: record.verifiedAt ?? null,
    last_checked_at: record.lastCheckedAt ?? null,
    failures: record.failures,
    created_at: record.createdAt,
  };
}
