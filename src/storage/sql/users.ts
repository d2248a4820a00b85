import type { Kysely, Selectable } from "kysely";
import { EVERY_ORGANIZATION, type Scope, type UserRecord, type UserStore } from "../storage.ts";
import { type Engine, flag } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class UserSqlStore implements UserStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scope: Scope, id: string): Promise<UserRecord | undefined> {
    const row = await this.#byId(scope, id).executeTakeFirst();
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<UserRecord | undefined> {
    const query = this.#byId(scope, id);
    const row = await (this.#engine.dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    return row && toRecord(row);
  }

  async insert(user: UserRecord): Promise<void> {
    await this.#db.insertInto("users").values(toRow(user)).execute();
  }

  async update(user: UserRecord): Promise<void> {
    const { id, ...columns } = toRow(user);
    await this.#db.updateTable("users").set(columns).where("id", "=", id).execute();
  }

  async countActiveAdmins(organizationId: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom("users")
      .select((e) => e.fn.countAll<number>().as("count"))
      .where("organization_id", "=", organizationId)
      .where("role", "=", "admin")
      .where("status", "=", "active")
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  #byId(scope: Scope, id: string) {
    const query = this.#db.selectFrom("users").selectAll().where("id", "=", id);
    return scope === EVERY_ORGANIZATION ? query : query.where("organization_id", "=", scope);
  }
}

function toRecord(row: Selectable<Tables["users"]>): UserRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    accountId: row.account_id,
    role: row.role,
    status: row.status,
    suspendedByAdmin: row.suspended_by_admin === 1,
    suspendedByScim: row.suspended_by_scim === 1,
    name: row.name,
    email: row.email,
    avatarUrl: row.avatar_url,
    loginProvider: row.login_provider,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: UserRecord): Tables["users"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    account_id: record.accountId,
    role: record.role,
    status: record.status,
    suspended_by_admin: flag(record.suspendedByAdmin),
    suspended_by_scim: flag(record.suspendedByScim),
    name: record.name,
    email: record.email,
    avatar_url: record.avatarUrl,
    login_provider: record.loginProvider,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
