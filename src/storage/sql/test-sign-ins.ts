import type { Kysely } from "kysely";
import { EVERY_ORGANIZATION, type Scope, type TestSignInRecord, type TestSignInStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class TestSignInSqlStore implements TestSignInStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(scope: Scope, id: string): Promise<TestSignInRecord | undefined> {
    const query = this.#db.selectFrom("test_sign_ins").selectAll().where("id", "=", id);
    const scoped = scope === EVERY_ORGANIZATION ? query : query.where("organization_id", "=", scope);
    const row = await scoped.executeTakeFirst();
    return (
      row && {
        id: row.id,
        organizationId: row.organization_id,
        ssoConfigurationId: row.sso_configuration_id,
        userId: row.user_id ?? undefined,
        sealedDraft: row.sealed_draft,
        sealedResult: row.sealed_result ?? undefined,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }
    );
  }

  async insert(test: TestSignInRecord): Promise<void> {
    await this.#db
      .insertInto("test_sign_ins")
      .values({
        id: test.id,
        organization_id: test.organizationId,
        sso_configuration_id: test.ssoConfigurationId,
        user_id: test.userId ?? null,
        sealed_draft: test.sealedDraft,
        sealed_result: test.sealedResult ?? null,
        created_at: test.createdAt,
        expires_at: test.expiresAt,
      })
      .execute();
  }

  async finish(id: string, sealedResult: string): Promise<boolean> {
    const query = this.#db.updateTable("test_sign_ins").set({ sealed_result: sealedResult });
    const result = await query.where("id", "=", id).where("sealed_result", "is", null).executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async deleteExpired(now: number): Promise<number> {
    const result = await this.#db.deleteFrom("test_sign_ins").where("expires_at", "<=", now).executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
