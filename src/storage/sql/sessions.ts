import type { Kysely, Selectable } from "kysely";
import {
  EVERY_ORGANIZATION,
  type Page,
  type PageRequest,
  type Scope,
  type SessionCredential,
  type SessionRecord,
  type SessionStore,
} from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import { deleteRow, insertRows, lockRow, selectRow } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class SessionSqlStore implements SessionStore {
  static readonly keptRead = "findCredential";
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async findCredential(hash: string): Promise<SessionCredential | undefined> {
    const [row] = await this.#engine.byKey(this.#db, "sessions.credential", [hash], (db) =>
      db
        // Found first and joined then, as tokens are: see there.
        .with(
          (s) => s("s").materialized(),
          (query) => query.selectFrom("sessions").selectAll().where("hash", "=", ""),
        )
        .selectFrom("s")
        .innerJoin("users as u", "u.id", "s.user_id")
        .select([
          "s.id as session_id",
          "s.hash",
          "s.last_used_at",
          "s.expires_at",
          "u.id as user_id",
          "u.account_id",
          "u.organization_id",
          "u.role",
          "u.status",
        ]),
    );
    if (!row) return undefined;
    return {
      sessionId: row.session_id,
      hash: row.hash,
      lastUsedAt: row.last_used_at,
      expiresAt: row.expires_at,
      user: {
        id: row.user_id,
        accountId: row.account_id,
        organizationId: row.organization_id,
        role: row.role,
        status: row.status,
      },
    };
  }

  async get(scope: Scope, id: string): Promise<SessionRecord | undefined> {
    const row = await selectRow(this.#engine, this.#db, "sessions", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async lock(scope: Scope, id: string): Promise<SessionRecord | undefined> {
    const row = await lockRow(this.#engine, this.#db, "sessions", { id, organization_id: scope });
    return row && toRecord(row);
  }

  async list(scope: Scope, userId: string, { limit, after }: PageRequest): Promise<Page<SessionRecord>> {
    let query = this.#db
      .selectFrom("sessions")
      .selectAll()
      .where("user_id", "=", userId)
      .orderBy("id")
      .limit(limit + 1);
    if (scope !== EVERY_ORGANIZATION) query = query.where("organization_id", "=", scope);
    if (after !== undefined) query = query.where("id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async insert(session: SessionRecord): Promise<void> {
    await insertRows(this.#engine, this.#db, "sessions", [toRow(session)]);
  }

  async delete(id: string): Promise<void> {
    await deleteRow(this.#engine, this.#db, "sessions", { id });
  }

  async deleteOfUser(userId: string): Promise<number> {
    const result = await this.#db.deleteFrom("sessions").where("user_id", "=", userId).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  async deleteOfConfiguration(ssoConfigurationId: string): Promise<number> {
    const query = this.#db.deleteFrom("sessions").where("sso_configuration_id", "=", ssoConfigurationId);
    return Number((await query.executeTakeFirst()).numDeletedRows);
  }

  async deleteExpired(now: number, idleSince: number): Promise<number> {
    const query = this.#db
      .deleteFrom("sessions")
      .where((e) => e.or([e("expires_at", "<=", now), e("last_used_at", "<=", idleSince)]));
    return Number((await query.executeTakeFirst()).numDeletedRows);
  }

  async touch(uses: ReadonlyMap<string, number>): Promise<void> {
    // In id order, so that two replicas that touch the same sessions wait for each other instead of deadlocking.
    for (const [id, at] of [...uses].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const query = this.#db.updateTable("sessions").set({ last_used_at: at });
      await query.where("id", "=", id).where("last_used_at", "<", at).execute();
    }
  }
}

function toRecord(row: Selectable<Tables["sessions"]>): SessionRecord {
  return {
    id: row.id,
    organizationId: row.organization_id,
    userId: row.user_id,
    ssoConfigurationId: row.sso_configuration_id ?? undefined,
    hash: row.hash,
    userAgent: row.user_agent,
    ipAddress: row.ip_address,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}

function toRow(record: SessionRecord): Tables["sessions"] {
  return {
    id: record.id,
    organization_id: record.organizationId,
    user_id: record.userId,
    sso_configuration_id: record.ssoConfigurationId ?? null,
    hash: record.hash,
    user_agent: record.userAgent,
    ip_address: record.ipAddress,
    created_at: record.createdAt,
    last_used_at: record.lastUsedAt,
    expires_at: record.expiresAt,
  };
}
