import type { Kysely } from "kysely";
import type { PendingSignInRecord, PendingSignInStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class PendingSignInSqlStore implements PendingSignInStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(signIn: PendingSignInRecord): Promise<void> {
    await this.#db
      .insertInto("pending_sign_ins")
      .values({
        state_hash: signIn.stateHash,
        organization_id: signIn.organizationId,
        sso_configuration_id: signIn.ssoConfigurationId,
        sealed: signIn.sealed,
        created_at: signIn.createdAt,
        expires_at: signIn.expiresAt,
      })
      .execute();
  }

  async take(stateHash: string): Promise<PendingSignInRecord | undefined> {
    const row = await this.#db
      .deleteFrom("pending_sign_ins")
      .where("state_hash", "=", stateHash)
      .returningAll()
      .executeTakeFirst();
    return (
      row && {
        stateHash: row.state_hash,
        organizationId: row.organization_id,
        ssoConfigurationId: row.sso_configuration_id,
        sealed: row.sealed,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }
    );
  }

  async deleteExpired(now: number): Promise<number> {
    const result = await this.#db.deleteFrom("pending_sign_ins").where("expires_at", "<=", now).executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
