import type { Kysely } from "kysely";
import type { SigningKeyRecord, SigningKeyStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class SigningKeySqlStore implements SigningKeyStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async list(): Promise<readonly SigningKeyRecord[]> {
    const rows = await this.#db.selectFrom("signing_keys").selectAll().orderBy("created_at").orderBy("id").execute();
    return rows.map((row) => ({
      id: row.id,
      sealedPrivateKey: row.sealed_private_key,
      publicJwk: JSON.parse(row.public_jwk),
      createdAt: row.created_at,
      activeAt: row.active_at,
      retiredAt: row.retired_at ?? undefined,
    }));
  }

  async insert(key: SigningKeyRecord): Promise<void> {
    await this.#db
      .insertInto("signing_keys")
      .values({
        id: key.id,
        sealed_private_key: key.sealedPrivateKey,
        public_jwk: JSON.stringify(key.publicJwk),
        created_at: key.createdAt,
        active_at: key.activeAt,
        retired_at: key.retiredAt ?? null,
      })
      .execute();
  }

  async retire(retiredAt: number): Promise<void> {
    await this.#db.updateTable("signing_keys").set({ retired_at: retiredAt }).where("retired_at", "is", null).execute();
  }

  async deleteRetired(now: number): Promise<number> {
    const result = await this.#db.deleteFrom("signing_keys").where("retired_at", "<=", now).executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
