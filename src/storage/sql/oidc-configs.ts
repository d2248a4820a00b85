import type { Kysely } from "kysely";
import type { OidcConfigRecord, OidcConfigStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class OidcConfigSqlStore implements OidcConfigStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string): Promise<OidcConfigRecord | undefined> {
    const row = await this.#db
      .selectFrom("oidc_configs")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    if (!row) return undefined;
    return {
      organizationId: row.organization_id,
      version: row.version,
      extraSubFields: JSON.parse(row.extra_sub_fields),
    };
  }

  async put({ organizationId, version, extraSubFields }: OidcConfigRecord): Promise<void> {
    const columns = { version, extra_sub_fields: JSON.stringify(extraSubFields) };
    await this.#db
      .insertInto("oidc_configs")
      .values({ organization_id: organizationId, ...columns })
      .onConflict((conflict) => conflict.column("organization_id").doUpdateSet(columns))
      .execute();
  }
}
