import { type Kysely, type Selectable, sql } from "kysely";
import type {
  ScimCounts,
  ScimFilter,
  ScimQuery,
  ScimRelated,
  ScimRow,
  ScimUserRecord,
  ScimUserStore,
  StoredScimUser,
} from "../storage.ts";
import { type Engine, flag } from "./engine.ts";
import { insertRows, updateRow } from "./rows.ts";
import type { Tables } from "./schema.ts";
import { changeCounts } from "./scim-counts.ts";
import { countRows, type ListedTable, selectRows } from "./scim-lists.ts";
import { Together } from "./together.ts";

/** All but the folded document, which nobody reads back. */
const COLUMNS = [
  "id",
  "organization_id",
  "scim_configuration_id",
  "number",
  "user_name",
  "user_name_folded",
  "external_id",
  "display_name",
  "display_name_folded",
  "active",
  "attributes",
  "version",
  "created_at",
  "updated_at",
] as const;

const LISTED: ListedTable = { table: "scim_users", resource: "user", columns: COLUMNS };

export class ScimUserSqlStore implements ScimUserStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;
  readonly #inserts = new Together<ScimUserRecord, undefined>((users) => this.#insertAll(users));
  readonly #nameChecks = new Together<readonly [string, string], boolean>((names) => this.#haveUserNames(names));

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scimConfigurationId: string, id: string): Promise<StoredScimUser | undefined> {
    const [row] = await this.#engine.byKey(this.#db, "scim_users.get", [id, scimConfigurationId], (db) => byId(db));
    return row && toRecord(row);
  }

  async lock(scimConfigurationId: string, id: string): Promise<StoredScimUser | undefined> {
    const [row] = await this.#engine.rows(this.#db, "scim_users.lock", [id, scimConfigurationId], (db) =>
      this.#engine.dialect.rowLocks ? byId(db).forUpdate() : byId(db),
    );
    return row && toRecord(row);
  }

  async filterProvisioned(organizationId: string, ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db
      .selectFrom("scim_users")
      .select("id")
      .where("organization_id", "=", organizationId)
      .where("id", "in", [...ids])
      .execute();
    return rows.map(({ id }) => id);
  }

  async findConfigurationOf(id: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom("scim_users")
      .select("scim_configuration_id")
      .where("id", "=", id)
      .executeTakeFirst();
    return row?.scim_configuration_id;
  }

  async hasUserName(organizationId: string, userNameFolded: string): Promise<boolean> {
    return this.#nameChecks.add([organizationId, userNameFolded]);
  }

  async findByExternalId(scimConfigurationIds: readonly string[], externalId: string): Promise<readonly string[]> {
    if (scimConfigurationIds.length === 0) return [];
    const rows = await this.#db
      .selectFrom("scim_users")
      .select("id")
      .where("scim_configuration_id", "in", [...scimConfigurationIds])
      .where("external_id", "=", externalId)
      .limit(2)
      .execute();
    return rows.map(({ id }) => id);
  }

  async list(scimConfigurationId: string, query: ScimQuery): Promise<readonly ScimRow<StoredScimUser>[]> {
    return selectRows(this.#engine, this.#db, LISTED, scimConfigurationId, query, toRecord);
  }

  async count(scimConfigurationId: string, filter: ScimFilter | undefined): Promise<number> {
    return filter
      ? countRows(this.#engine, this.#db, LISTED, scimConfigurationId, filter)
      : (await this.counts(scimConfigurationId)).users;
  }

  async counts(scimConfigurationId: string): Promise<ScimCounts> {
    const [row] = await this.#engine.rows(this.#db, "scim_counts.get", [scimConfigurationId], (db) =>
      db.selectFrom("scim_counts").select(["users", "active_users", "groups"]).where("scim_configuration_id", "=", ""),
    );
    return { users: row?.users ?? 0, activeUsers: row?.active_users ?? 0, groups: row?.groups ?? 0 };
  }

  async listNames(scimConfigurationId: string, ids: readonly string[]): Promise<readonly ScimRelated[]> {
    if (ids.length === 0) return [];
    const rows = await this.#engine.rows<NameRow>(
      this.#db,
      "scim_users.names",
      [scimConfigurationId, JSON.stringify(ids)],
      (db) =>
        compiled(
          db,
          () =>
            sql<NameRow>`
            select id, coalesce(display_name, user_name) as display from scim_users
            where scim_configuration_id = ${""} and id in (select value from ${this.#engine.dialect.elements("[]")})`,
        ),
    );
    return rows;
  }

  async listGroups(ids: readonly string[]): Promise<ReadonlyMap<string, readonly ScimRelated[]>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#engine.rows<NameRow & { user_id: string }>(
      this.#db,
      "scim_users.groups",
      [JSON.stringify(ids)],
      (db) =>
        compiled(
          db,
          () =>
            sql<NameRow & { user_id: string }>`
            select m.user_id, g.id, g.display_name as display
            from group_memberships as m join scim_groups as g on g.id = m.group_id
            where m.user_id in (select value from ${this.#engine.dialect.elements("[]")})
            order by m.user_id, m.group_id`,
        ),
    );
    return Map.groupBy(rows, (row) => row.user_id);
  }

  async insert(user: ScimUserRecord): Promise<void> {
    await this.#inserts.add(user);
  }

  async update(user: ScimUserRecord): Promise<void> {
    const [before] = await this.#engine.rows(this.#db, "scim_users.active", [user.id], (db) =>
      db.selectFrom("scim_users").select("active").where("id", "=", ""),
    );
    if (!before) return;
    const row = toRow(user);
    await updateRow(this.#engine, this.#db, "scim_users", row);
    const activeUsers = row.active - before.active;
    if (activeUsers !== 0) await changeCounts(this.#engine, this.#db, user, { activeUsers });
  }

  async delete(id: string): Promise<void> {
    const [row] = await this.#db
      .deleteFrom("scim_users")
      .where("id", "=", id)
      .returning(["organization_id", "scim_configuration_id", "active"])
      .execute();
    if (!row) return;
    const owner = { organizationId: row.organization_id, scimConfigurationId: row.scim_configuration_id };
    await changeCounts(this.#engine, this.#db, owner, { users: -1, activeUsers: -row.active });
  }

  async touch(ids: readonly string[], now: number): Promise<void> {
    if (ids.length === 0) return;
    // In the order of their ids, so that two transactions that touch the same users wait instead of deadlocking.
    const found = this.#db.selectFrom("scim_users").select("id").where("id", "in", this.#elements(ids)).orderBy("id");
    if (this.#engine.dialect.rowLocks) await found.forUpdate().execute();
    await this.#db
      .updateTable("scim_users")
      .set((e) => ({ version: e("version", "+", 1), updated_at: now }))
      .where("id", "in", this.#elements(ids))
      .execute();
  }

  async handOverSuspensions(scimConfigurationId: string, now: number): Promise<void> {
    await this.#db
      .updateTable("users")
      .set({ suspended_by_admin: 1, suspended_by_scim: 0, updated_at: now })
      .where("suspended_by_scim", "=", 1)
      .where("status", "<>", "left")
      .where("id", "in", (e) =>
        e.selectFrom("scim_users").select("id").where("scim_configuration_id", "=", scimConfigurationId),
      )
      .execute();
  }

  async #insertAll(users: readonly ScimUserRecord[]): Promise<readonly undefined[]> {
    for (const own of Map.groupBy(users, (user) => user.scimConfigurationId).values()) {
      const [first] = own;
      if (!first) continue;
      const activeUsers = own.filter(({ active }) => active).length;
      const counts = { numbers: own.length, users: own.length, activeUsers };
      const last = await changeCounts(this.#engine, this.#db, first, counts);
      const rows = own.map((user, at) => ({ ...toRow(user), number: last - own.length + 1 + at }));
      await insertRows(this.#engine, this.#db, "scim_users", rows);
    }
    return [];
  }

  async #haveUserNames(names: readonly (readonly [string, string])[]): Promise<readonly boolean[]> {
    const found = new Set<string>();
    for (const [organizationId, own] of Map.groupBy(names, ([organizationId]) => organizationId)) {
      const asked = own.map(([, name]) => name);
      const name = `scim_users.have user names ${asked.length}`;
      const rows = await this.#engine.rows(this.#db, name, [organizationId, ...asked], (db) =>
        db
          .selectFrom("scim_users")
          .select("user_name_folded")
          .where("organization_id", "=", "")
          .where("user_name_folded", "in", asked),
      );
      for (const row of rows) found.add(JSON.stringify([organizationId, row.user_name_folded]));
    }
    return names.map((name) => found.has(JSON.stringify(name)));
  }

  #elements(ids: readonly string[]) {
    return sql<string>`(select value from ${this.#engine.dialect.elements(JSON.stringify(ids))})`;
  }
}

interface NameRow {
  readonly id: string;
  readonly display: string;
}

/** A statement written out, for `Engine.rows`. */
function compiled<R>(db: Kysely<Tables>, build: () => ReturnType<typeof sql<R>>) {
  return { compile: () => build().compile(db) };
}

function byId(db: Kysely<Tables>) {
  return db.selectFrom("scim_users").select(COLUMNS).where("id", "=", "").where("scim_configuration_id", "=", "");
}

function toRecord(row: Omit<Selectable<Tables["scim_users"]>, "folded">): StoredScimUser {
  return {
    id: row.id,
    organizationId: row.organization_id,
    scimConfigurationId: row.scim_configuration_id,
    number: row.number,
    userName: row.user_name,
    userNameFolded: row.user_name_folded,
    externalId: row.external_id ?? undefined,
    displayName: row.display_name ?? undefined,
    displayNameFolded: row.display_name_folded ?? undefined,
    active: row.active === 1,
    attributes: row.attributes,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: ScimUserRecord): Omit<Tables["scim_users"], "number"> {
  return {
    id: record.id,
    organization_id: record.organizationId,
    scim_configuration_id: record.scimConfigurationId,
    user_name: record.userName,
    user_name_folded: record.userNameFolded,
    external_id: record.externalId ?? null,
    display_name: record.displayName ?? null,
    display_name_folded: record.displayNameFolded ?? null,
    active: flag(record.active),
    attributes: record.attributes,
    folded: record.folded,
    version: record.version,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
