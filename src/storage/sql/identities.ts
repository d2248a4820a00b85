import type { Kysely, Selectable } from "kysely";
import type { IdentityRecord, IdentityStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class IdentitySqlStore implements IdentityStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async find(issuer: string, subject: string): Promise<IdentityRecord | undefined> {
    const row = await this.#db
      .selectFrom("identities")
      .selectAll()
      .where("issuer", "=", issuer)
      .where("subject", "=", subject)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async listOfAccount(accountId: string): Promise<readonly IdentityRecord[]> {
    const query = this.#db.selectFrom("identities").selectAll().where("account_id", "=", accountId).orderBy("id");
    return (await query.execute()).map(toRecord);
  }

  async insert(identity: IdentityRecord): Promise<void> {
    const { id, accountId, issuer, subject, createdAt, lastUsedAt } = identity;
    const row = { id, account_id: accountId, issuer, subject, created_at: createdAt, last_used_at: lastUsedAt ?? null };
    await this.#db.insertInto("identities").values(row).execute();
  }

  async touch(id: string, at: number): Promise<void> {
    await this.#db
      .updateTable("identities")
      .set({ last_used_at: at })
      .where("id", "=", id)
      .where((e) => e.or([e("last_used_at", "is", null), e("last_used_at", "<", at)]))
      .execute();
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
