import type { Kysely } from "kysely";
import type { ExchangeTokenRecord, ExchangeTokenStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class ExchangeTokenSqlStore implements ExchangeTokenStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async find(hash: string): Promise<ExchangeTokenRecord | undefined> {
    const row = await this.#db.selectFrom("exchange_tokens").selectAll().where("hash", "=", hash).executeTakeFirst();
    return (
      row && {
        hash: row.hash,
        organizationId: row.organization_id,
        userId: row.user_id,
        sessionId: row.session_id,
        description: row.description,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }
    );
  }

  async insert(token: ExchangeTokenRecord): Promise<void> {
    await this.#db
      .insertInto("exchange_tokens")
      .values({
        hash: token.hash,
        organization_id: token.organizationId,
        user_id: token.userId,
        session_id: token.sessionId,
        description: token.description,
        created_at: token.createdAt,
        expires_at: token.expiresAt,
      })
      .execute();
  }

  async take(hash: string): Promise<boolean> {
    const row = await this.#db
      .deleteFrom("exchange_tokens")
      .where("hash", "=", hash)
      .returning("hash")
      .executeTakeFirst();
    return row !== undefined;
  }

  async deleteExpired(now: number): Promise<number> {
    const result = await this.#db.deleteFrom("exchange_tokens").where("expires_at", "<=", now).executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
