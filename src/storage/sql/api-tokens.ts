import type { Kysely, Selectable } from "kysely";
import {
  type ApiTokenRecord,
  type ApiTokenStore,
  EVERY_ORGANIZATION,
  type Page,
  type PageRequest,
  type Scope,
  type TokenCredential,
} from "../storage.ts";
import { type Engine, flag, toPage } from "./engine.ts";
import { deleteRow, insertRows, selectRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class ApiTokenSqlStore implements ApiTokenStore {
  static readonly keptRead = "findCredential";
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async findCredential(hash: string): Promise<TokenCredential | undefined> {
    const [row] = await this.#engine.byKey(this.#db, "api_tokens.credential", [hash], (db) =>
      db
        // Found first and joined then: SQLite plans a join anew whenever another value is looked for, which costs five
        // times the look-up.
        .with(
          (t) => t("t").materialized(),
          (query) => query.selectFrom("api_tokens").selectAll().where("hash", "=", ""),
        )
        .selectFrom("t")
        .leftJoin("users as u", "u.id", "t.user_id")
        .select([
          "t.id as token_id",
          "t.hash",
          "t.read_only",
          "t.expires_at",
          "t.last_used_at",
          "t.user_id",
          "u.account_id",
          "u.organization_id",
          "u.role",
          "u.status",
        ]),
    );
    if (!row) return undefined;
    return {
      tokenId: row.token_id,
      hash: row.hash,
      readOnly: row.read_only === 1,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at ?? undefined,
      user:
        row.user_id === null
          ? undefined
          : {
              id: row.user_id,
              accountId: row.account_id as string,
              organizationId: row.organization_id as string,
              role: row.role as "admin" | "member",
              status: row.status as "active" | "suspended" | "left",
            },
    };
  }

  async get(scope: Scope, id: string): Promise<ApiTokenRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "api_tokens", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async list(scope: Scope, userIds: readonly string[], { limit, after }: PageRequest): Promise<Page<ApiTokenRecord>> {
    let query = this.#db
      .selectFrom("api_tokens")
      .selectAll()
      .orderBy("id")
      .limit(limit + 1);
    if (scope !== EVERY_ORGANIZATION) query = query.where("organization_id", "=", scope);
    if (userIds.length > 0) query = query.where("user_id", "in", [...userIds]);
    if (after !== undefined) query = query.where("id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async listNewest(
    organizationId: string,
    userIds: readonly string[],
    { limit, after }: PageRequest,
  ): Promise<Page<ApiTokenRecord>> {
    let query = this.#db
      .selectFrom("api_tokens")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .orderBy("id", "desc")
      .limit(limit + 1);
    if (userIds.length > 0) query = query.where("user_id", "in", [...userIds]);
    if (after !== undefined) query = query.where("id", "<", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async insert(token: ApiTokenRecord): Promise<void> {
    await insertRows(this.#engine, this.#db, "api_tokens", [toRow(token)]);
  }

  async delete(id: string): Promise<void> {
    await deleteRow(this.#engine, this.#db, "api_tokens", { id });
  }

  async deleteOfUser(userId: string): Promise<number> {
    const result = await this.#db.deleteFrom("api_tokens").where("user_id", "=", userId).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  async deleteExpired(before: number): Promise<number> {
    const result = await this.#db.deleteFrom("api_tokens").where("expires_at", "<", before).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  async touch(uses: ReadonlyMap<string, number>): Promise<void> {
    // In id order, so that two replicas that touch the same tokens wait for each other instead of deadlocking.
    for (const [id, at] of [...uses].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await this.#db
        .updateTable("api_tokens")
        .set({ last_used_at: at })
        .where("id", "=", id)
        .where((e) => e.or([e("last_used_at", "is", null), e("last_used_at", "<", at)]))
        .execute();
    }
  }
}

function toRecord(row: Selectable<Tables["api_tokens"]>): ApiTokenRecord {
  return {
    id: row.id,
    organizationId: row.organization_id ?? undefined,
    userId: row.user_id ?? undefined,
    creatorId: row.creator_id ?? undefined,
    description: row.description,
    hash: row.hash,
    readOnly: row.read_only === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}

function toRow(record: ApiTokenRecord): Tables["api_tokens"] {
  return {
    id: record.id,
    organization_id: record.organizationId ?? null,
    user_id: record.userId ?? null,
    creator_id: record.creatorId ?? null,
    description: record.description,
    hash: record.hash,
    read_only: flag(record.readOnly),
    created_at: record.createdAt,
    expires_at: record.expiresAt,
    last_used_at: record.lastUsedAt ?? null,
  };
}
