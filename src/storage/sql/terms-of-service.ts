import type { Kysely, Selectable } from "kysely";
import type {
  Page,
  PageRequest,
  TermsAcceptanceRecord,
  TermsOfServiceRecord,
  TermsOfServiceStore,
  TermsVersionRecord,
} from "../storage.ts";
import { flag, toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class TermsOfServiceSqlStore implements TermsOfServiceStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string): Promise<TermsOfServiceRecord | undefined> {
    const row = await this.#db
      .selectFrom("terms_of_service")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && { organizationId: row.organization_id, enabled: row.enabled === 1 };
  }

  async put({ organizationId, enabled }: TermsOfServiceRecord): Promise<void> {
    const columns = { enabled: flag(enabled) };
    await this.#db
      .insertInto("terms_of_service")
      .values({ organization_id: organizationId, ...columns })
      .onConflict((conflict) => conflict.column("organization_id").doUpdateSet(columns))
      .execute();
  }

  async currentVersion(organizationId: string): Promise<TermsVersionRecord | undefined> {
    const row = await this.#versions(organizationId).orderBy("version", "desc").limit(1).executeTakeFirst();
    return row && toVersion(row);
  }

  async getVersion(organizationId: string, version: number): Promise<TermsVersionRecord | undefined> {
    const row = await this.#versions(organizationId).where("version", "=", version).executeTakeFirst();
    return row && toVersion(row);
  }

  async listVersions(organizationId: string, { limit, after }: PageRequest): Promise<Page<TermsVersionRecord>> {
    let query = this.#versions(organizationId)
      .orderBy("version", "desc")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("version", "<", Number(after));
    return toPage(await query.execute(), limit, toVersion, (row) => String(row.version));
  }

  async insertVersion(version: TermsVersionRecord): Promise<void> {
    await this.#db
      .insertInto("terms_of_service_versions")
      .values({
        id: version.id,
        organization_id: version.organizationId,
        version: version.version,
        markdown: version.markdown,
        created_by_user_id: version.createdByUserId,
        created_at: version.createdAt,
      })
      .execute();
  }

  async getAcceptance(userId: string, version: number): Promise<TermsAcceptanceRecord | undefined> {
    const row = await this.#db
      .selectFrom("terms_of_service_acceptances")
      .selectAll()
      .where("user_id", "=", userId)
      .where("version", "=", version)
      .executeTakeFirst();
    return row && toAcceptance(row);
  }

  async newestAcceptances(userIds: readonly string[]): Promise<readonly TermsAcceptanceRecord[]> {
    if (userIds.length === 0) return [];
    const rows = await this.#db
      .selectFrom("terms_of_service_acceptances as a")
      .selectAll()
      .where("a.user_id", "in", [...userIds])
      .where("a.version", "=", (e) =>
        e
          .selectFrom("terms_of_service_acceptances as b")
          .select((m) => m.fn.max("b.version").as("newest"))
          .whereRef("b.user_id", "=", "a.user_id"),
      )
      .execute();
    return rows.map(toAcceptance);
  }

  async insertAcceptance(acceptance: TermsAcceptanceRecord): Promise<void> {
    await this.#db
      .insertInto("terms_of_service_acceptances")
      .values({
        organization_id: acceptance.organizationId,
        user_id: acceptance.userId,
        version: acceptance.version,
        version_id: acceptance.versionId,
        accepted_at: acceptance.acceptedAt,
      })
      .execute();
  }

  #versions(organizationId: string) {
    return this.#db.selectFrom("terms_of_service_versions").selectAll().where("organization_id", "=", organizationId);
  }
}

function toVersion(row: Selectable<Tables["terms_of_service_versions"]>): TermsVersionRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    version: row.version,
    markdown: row.markdown,
    createdByUserId: row.created_by_user_id,
    createdAt: row.created_at,
  };
}

function toAcceptance(row: Selectable<Tables["terms_of_service_acceptances"]>): TermsAcceptanceRecord {
  return {
    organizationId: row.organization_id,
    userId: row.user_id,
    version: row.version,
    versionId: row.version_id,
    acceptedAt: row.accepted_at,
  };
}
