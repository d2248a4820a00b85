import type { Kysely } from "kysely";
import type { PendingSignInRecord, PendingSignInStore } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { insertRows } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class PendingSignInSqlStore implements PendingSignInStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async insert(signIn: PendingSignInRecord): Promise<void> {
    const row = {
      state_hash: signIn.stateHash,
      organization_id: signIn.organizationId,
      sso_configuration_id: signIn.ssoConfigurationId,
      sealed: signIn.sealed,
      created_at: signIn.createdAt,
      expires_at: signIn.expiresAt,
    };
    await insertRows(this.#engine, this.#db, "pending_sign_ins", [row]);
  }

  async take(stateHash: string): Promise<PendingSignInRecord | undefined> {
    const [row] = await this.#engine.rows(this.#db, "pending_sign_ins.take", [stateHash], (db) =>
      db.deleteFrom("pending_sign_ins").where("state_hash", "=", stateHash).returningAll(),
    );
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
