import type { Kysely, Selectable } from "kysely";
import type { AccountRecord, AccountStore } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { insertRows, selectRow, updateRow } from "./rows.ts";
import type { Tables } from "./schema.ts";
import { Together } from "./together.ts";

export class AccountSqlStore implements AccountStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;
  readonly #inserts: Together<Tables["accounts"], unknown>;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
    this.#inserts = new Together<Tables["accounts"], unknown>((rows) => insertRows(engine, db, "accounts", rows));
  }

  async get(id: string): Promise<AccountRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "accounts", { id });
    return row && toRecord(row);
  }

  async insert(account: AccountRecord): Promise<void> {
    await this.#inserts.add(toRow(account));
  }

  async update(account: AccountRecord): Promise<void> {
    await updateRow(this.#engine, this.#db, "accounts", toRow(account));
  }
}

function toRecord(row: Selectable<Tables["accounts"]>): AccountRecord {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    avatarUrl: row.avatar_url,
    organizationId: row.organization_id ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: AccountRecord): Tables["accounts"] {
  return {
    id: record.id,
    name: record.name,
    email: record.email,
    avatar_url: record.avatarUrl,
    organization_id: record.organizationId ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
