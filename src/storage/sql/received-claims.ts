import type { Kysely } from "kysely";
import type { ReceivedClaimsRecord, ReceivedClaimsStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class ReceivedClaimsSqlStore implements ReceivedClaimsStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string, ssoConfigurationId: string): Promise<ReceivedClaimsRecord | undefined> {
    const row = await this.#db
      .selectFrom("received_claims")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .where("sso_configuration_id", "=", ssoConfigurationId)
      .executeTakeFirst();
    return (
      row && {
        ssoConfigurationId: row.sso_configuration_id,
        organizationId: row.organization_id,
        sealed: row.sealed,
        receivedAt: row.received_at,
      }
    );
  }

  async put({ ssoConfigurationId, organizationId, sealed, receivedAt }: ReceivedClaimsRecord): Promise<void> {
    const columns = { organization_id: organizationId, sealed, received_at: receivedAt };
    await this.#db
      .insertInto("received_claims")
      .values({ sso_configuration_id: ssoConfigurationId, ...columns })
      .onConflict((conflict) => conflict.column("sso_configuration_id").doUpdateSet(columns))
      .execute();
  }

  async deleteReceivedBefore(time: number): Promise<number> {
    const result = await this.#db.deleteFrom("received_claims").where("received_at", "<", time).executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
