import type { Insertable, Kysely } from "kysely";
import type { MemberFilter, MemberOrder, Page, PageRequest, Scope, UserRecord, UserStore } from "../storage.ts";
import { type Engine, flag } from "./engine.ts";
import type { Position, UserRow } from "./member-conditions.ts";
import { deleteGrams, emailKey, gramsOf, insertGrams, nameKey } from "./member-grams.ts";
import { countMembers, selectFirst, selectMembers } from "./members.ts";
import { insertRows, lockRow, selectRow, updateRow } from "./rows.ts";
import type { Tables } from "./schema.ts";
import { Together } from "./together.ts";

export class UserSqlStore implements UserStore {
  static readonly keptRead = "get";
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;
  readonly #inserts = new Together<Insertable<Tables["users"]>, undefined>((rows) => this.#insertAll(rows));

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scope: Scope, id: string): Promise<UserRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "users", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<UserRecord | undefined> {
    const row = await lockRow(this.#engine, this.#db, "users", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async getOfAccount(organizationId: string, accountId: string): Promise<UserRecord | undefined> {
    const row = await this.#db
      .selectFrom("users")
      .selectAll()
      .where("account_id", "=", accountId)
      .where("organization_id", "=", organizationId)
      .orderBy("number", "desc")
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async listOfAccount(accountId: string): Promise<readonly UserRecord[]> {
    const rows = await this.#db
      .selectFrom("users")
      .selectAll()
      .where("account_id", "=", accountId)
      .where("status", "<>", "left")
      .orderBy("number")
      .execute();
    return rows.map(toRecord);
  }

  async list(
    organizationId: string,
    filter: MemberFilter,
    order: MemberOrder,
    { limit, after }: PageRequest,
  ): Promise<Page<UserRecord>> {
    const query = { organizationId, filter, order };
    const position = after === undefined ? undefined : parsePosition(after);
    const first = after === undefined ? await selectFirst(this.#engine, this.#db, query) : undefined;
    const rows = await selectMembers(this.#engine, this.#db, query, limit + 1, position);
    if (first) rows.unshift(first);
    if (rows.length <= limit) return { items: rows.map(toRecord) };
    const kept = rows.slice(0, limit);
    const last = kept.at(-1);
    // After the member who comes first, the others begin at their beginning.
    const next = last === undefined || last === first ? [] : [positionOf(last, order)];
    return { items: kept.map(toRecord), next: JSON.stringify(next) };
  }

  async count(organizationId: string, filter: MemberFilter, limit: number): Promise<number> {
    return countMembers(this.#engine, this.#db, { organizationId, filter, order: BY_NAME }, limit);
  }

  async countMembers(organizationId: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom("users")
      .select((e) => e.fn.countAll<number>().as("count"))
      .where("organization_id", "=", organizationId)
      .where("status", "in", ["active", "suspended"])
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async insert(user: UserRecord): Promise<void> {
    await this.#inserts.add(toRow(user));
  }

  async update(user: UserRecord): Promise<void> {
    const row = toRow(user);
    const before = await selectRow(this.#engine, this.#db, "users", { id: row.id });
    if (!before) return;
    const found =
      before.name_key === row.name_key && before.email_key === row.email_key && before.created_at === row.created_at;
    if (!found) await deleteGrams(this.#engine, this.#db, row.id, gramsOf(before.name_key, before.email_key));
    await updateRow(this.#engine, this.#db, "users", row);
    const grams = gramsOf(row.name_key, row.email_key);
    if (!found) await insertGrams(this.#engine, this.#db, new Map([[before.number, grams]]));
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

  async #insertAll(rows: readonly Insertable<Tables["users"]>[]): Promise<readonly undefined[]> {
    const made = await insertRows(this.#engine, this.#db, "users", rows, ["id", "number"]);
    const numbers = new Map(made.map(({ id, number }) => [id, number]));
    const grams = rows.map(
      ({ id, name_key, email_key }) => [numbers.get(id) as number, gramsOf(name_key, email_key)] as const,
    );
    await insertGrams(this.#engine, this.#db, new Map(grams));
    return [];
  }
}

const BY_NAME: MemberOrder = { by: "name", descending: false };

function parsePosition(after: string): Position | undefined {
  return JSON.parse(after)[0];
}

function positionOf(row: UserRow, order: MemberOrder): Position {
  return [order.by === "name" ? row.name_key : row.created_at, row.id];
}

function toRecord(row: UserRow): UserRecord {
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
    emailVerified: row.email_verified === 1,
    avatarUrl: row.avatar_url,
    loginProvider: row.login_provider,
    originUserId: row.origin_user_id ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: UserRecord): Insertable<Tables["users"]> {
  return {
    id: record.id,
    organization_id: record.organizationId,
    account_id: record.accountId,
    role: record.role,
    status: record.status,
    suspended_by_admin: flag(record.suspendedByAdmin),
    suspended_by_scim: flag(record.suspendedByScim),
    name: record.name,
    name_key: nameKey(record.name),
    email: record.email,
    email_key: emailKey(record.email),
    email_verified: flag(record.emailVerified),
    avatar_url: record.avatarUrl,
    login_provider: record.loginProvider,
    origin_user_id: record.originUserId ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
