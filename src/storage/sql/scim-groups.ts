import { type Kysely, type Selectable, sql } from "kysely";
import { newId } from "../../lib/ids.ts";
import type {
  ScimFilter,
  ScimGroupRecord,
  ScimGroupStore,
  ScimQuery,
  ScimRelated,
  ScimRow,
  StoredScimGroup,
} from "../storage.ts";
import type { Engine } from "./engine.ts";
import { insertRows, updateRow } from "./rows.ts";
import type { Tables } from "./schema.ts";
import { changeCounts } from "./scim-counts.ts";
import { countRows, type ListedTable, selectRows } from "./scim-lists.ts";

const COLUMNS = [
  "id",
  "organization_id",
  "scim_configuration_id",
  "number",
  "display_name",
  "display_name_folded",
  "external_id",
  "version",
  "created_at",
  "updated_at",
] as const;

const LISTED: ListedTable = { table: "scim_groups", resource: "group", columns: COLUMNS };

/** Rows of one statement: SQLite takes 32,766 parameters, five for each membership. */
const CHUNK = 5000;

export class ScimGroupSqlStore implements ScimGroupStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async get(scimConfigurationId: string, id: string): Promise<StoredScimGroup | undefined> {
    const [row] = await this.#engine.byKey(this.#db, "scim_groups.get", [id, scimConfigurationId], (db) => byId(db));
    return row && toRecord(row);
  }

  async lock(scimConfigurationId: string, id: string): Promise<StoredScimGroup | undefined> {
    const [row] = await this.#engine.rows(this.#db, "scim_groups.lock", [id, scimConfigurationId], (db) =>
      this.#engine.dialect.rowLocks ? byId(db).forUpdate() : byId(db),
    );
    return row && toRecord(row);
  }

  async list(scimConfigurationId: string, query: ScimQuery): Promise<readonly ScimRow<StoredScimGroup>[]> {
    return selectRows(this.#engine, this.#db, LISTED, scimConfigurationId, query, toRecord);
  }

  async count(scimConfigurationId: string, filter: ScimFilter | undefined): Promise<number> {
    if (filter) return countRows(this.#engine, this.#db, LISTED, scimConfigurationId, filter);
    const row = await this.#db
      .selectFrom("scim_counts")
      .select("groups")
      .where("scim_configuration_id", "=", scimConfigurationId)
      .executeTakeFirst();
    return row?.groups ?? 0;
  }

  async listMembers(ids: readonly string[]): Promise<ReadonlyMap<string, readonly ScimRelated[]>> {
    if (ids.length === 0) return new Map();
    const { rows } = await sql<ScimRelated & { group_id: string }>`
      select m.group_id, u.id, coalesce(u.display_name, u.user_name) as display
      from group_memberships as m join scim_users as u on u.id = m.user_id
      where m.group_id in (select value from ${this.#engine.dialect.elements(JSON.stringify(ids))})
      order by m.group_id, m.user_id`.execute(this.#db);
    return Map.groupBy(rows, (row) => row.group_id);
  }

  async insert(group: ScimGroupRecord): Promise<void> {
    const number = await changeCounts(this.#engine, this.#db, group, { groups: 1 });
    await insertRows(this.#engine, this.#db, "scim_groups", [{ ...toRow(group), number }]);
  }

  async update(group: ScimGroupRecord): Promise<void> {
    await updateRow(this.#engine, this.#db, "scim_groups", toRow(group));
  }

  async delete(id: string): Promise<void> {
    const [row] = await this.#db
      .deleteFrom("scim_groups")
      .where("id", "=", id)
      .returning(["organization_id", "scim_configuration_id"])
      .execute();
    if (!row) return;
    const owner = { organizationId: row.organization_id, scimConfigurationId: row.scim_configuration_id };
    await changeCounts(this.#engine, this.#db, owner, { groups: -1 });
  }

  async touch(ids: readonly string[], now: number): Promise<void> {
    if (ids.length === 0) return;
    // In the order of their ids, so that two transactions that touch the same groups wait instead of deadlocking.
    const found = this.#db.selectFrom("scim_groups").select("id").where("id", "in", this.#elements(ids)).orderBy("id");
    if (this.#engine.dialect.rowLocks) await found.forUpdate().execute();
    await this.#db
      .updateTable("scim_groups")
      .set((e) => ({ version: e("version", "+", 1), updated_at: now }))
      .where("id", "in", this.#elements(ids))
      .execute();
  }

  async addMembers(
    group: Pick<ScimGroupRecord, "id" | "organizationId" | "scimConfigurationId">,
    userIds: readonly string[],
    now: number,
  ): Promise<{ readonly added: readonly string[]; readonly unknown: readonly string[] }> {
    if (userIds.length === 0) return { added: [], unknown: [] };
    // Locked, so that a user who is deleted at the same moment does not stay behind in the group.
    const query = this.#db
      .selectFrom("scim_users")
      .select("id")
      .where("scim_configuration_id", "=", group.scimConfigurationId)
      .where("id", "in", this.#elements(userIds))
      .orderBy("id");
    const known = await (this.#engine.dialect.rowLocks ? query.forUpdate() : query).execute();
    const members = new Set(await this.#membersAmong(group.id, userIds));
    const added = known.map(({ id }) => id).filter((id) => !members.has(id));
    for (let start = 0; start < added.length; start += CHUNK) {
      const rows = added.slice(start, start + CHUNK).map((userId) => ({
        id: newId(),
        organization_id: group.organizationId,
        group_id: group.id,
        user_id: userId,
        created_at: now,
      }));
      await this.#db.insertInto("group_memberships").values(rows).execute();
    }
    await this.#count(group.id, added.length);
    const ids = new Set(known.map(({ id }) => id));
    return { added, unknown: userIds.filter((id) => !ids.has(id)) };
  }

  async removeMembers(groupId: string, userIds: readonly string[]): Promise<readonly string[]> {
    if (userIds.length === 0) return [];
    const rows = await this.#db
      .deleteFrom("group_memberships")
      .where("group_id", "=", groupId)
      .where("user_id", "in", this.#elements(userIds))
      .returning("user_id")
      .execute();
    await this.#count(groupId, -rows.length);
    return rows.map((row) => row.user_id);
  }

  async listMemberIds(groupId: string): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom("group_memberships")
      .select("user_id")
      .where("group_id", "=", groupId)
      .orderBy("user_id")
      .execute();
    return rows.map((row) => row.user_id);
  }

  async #membersAmong(groupId: string, userIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom("group_memberships")
      .select("user_id")
      .where("group_id", "=", groupId)
      .where("user_id", "in", this.#elements(userIds))
      .execute();
    return rows.map((row) => row.user_id);
  }

  async #count(groupId: string, change: number): Promise<void> {
    if (change === 0) return;
    await this.#db
      .updateTable("groups")
      .set((e) => ({ member_count: e("member_count", "+", change) }))
      .where("id", "=", groupId)
      .execute();
  }

  #elements(ids: readonly string[]) {
    return sql<string>`(select value from ${this.#engine.dialect.elements(JSON.stringify(ids))})`;
  }
}

function byId(db: Kysely<Tables>) {
  return db.selectFrom("scim_groups").select(COLUMNS).where("id", "=", "").where("scim_configuration_id", "=", "");
}

function toRecord(row: Selectable<Tables["scim_groups"]>): StoredScimGroup {
  return {
    id: row.id,
    organizationId: row.organization_id,
    scimConfigurationId: row.scim_configuration_id,
    number: row.number,
    displayName: row.display_name,
    displayNameFolded: row.display_name_folded,
    externalId: row.external_id ?? undefined,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(record: ScimGroupRecord): Omit<Tables["scim_groups"], "number"> {
  return {
    id: record.id,
    organization_id: record.organizationId,
    scim_configuration_id: record.scimConfigurationId,
    display_name: record.displayName,
    display_name_folded: record.displayNameFolded,
    external_id: record.externalId ?? null,
    version: record.version,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
