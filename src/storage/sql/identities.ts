import type { Kysely, Selectable } from "kysely";
import type { IdentityRecord, IdentityStore } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { insertRows, selectRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class IdentitySqlStore implements IdentityStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async find(issuer: string, subject: string): Promise<IdentityRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "identities", { issuer, subject });
    return row && toRecord(row);
  }

  async listOfAccount(accountId: string): Promise<readonly IdentityRecord[]> {
    const query = this.#db.selectFrom("identities").selectAll().where("account_id", "=", accountId).orderBy("id");
    return (await query.execute()).map(toRecord);
  }

  async insert(identity: IdentityRecord): Promise<void> {
    const { id, accountId, issuer, subject, createdAt, lastUsedAt } = identity;
    const row = { id, account_id: accountId, issuer, subject, created_at: createdAt, last_used_at: lastUsedAt ?? null };
    await insertRows(this.#engine, this.#db, "identities", [row]);
  }

  async touch(id: string, at: number): Promise<void> {
    await this.#engine.run(this.#db, "identities.touch", [at, id, at], (db) =>
      db
        .updateTable("identities")
        .set({ last_used_at: at })
        .where("id", "=", id)
        .where((e) => e.or([e("last_used_at", "is", null), e("last_used_at", "<", at)])),
    );
  }
}

function toRecord(row: Selectable<Tables["identities"]>): IdentityRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    issuer: row.issuer,
    subject: row.subject,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
