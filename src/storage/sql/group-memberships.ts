import type { Kysely } from "kysely";
import {
  EVERY_ORGANIZATION,
  type GroupMembershipRecord,
  type GroupMembershipStore,
  type NamedMembership,
  type Page,
  type PageRequest,
  type Scope,
} from "../storage.ts";
import { toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class GroupMembershipSqlStore implements GroupMembershipStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(scope: Scope, id: string): Promise<NamedMembership | undefined> {
    const row = await this.#named(scope).where("m.id", "=", id).executeTakeFirst();
    return row && toRecord(row);
  }

  async find(scope: Scope, groupId: string, userId: string): Promise<NamedMembership | undefined> {
    const row = await this.#named(scope)
      .where("m.group_id", "=", groupId)
      .where("m.user_id", "=", userId)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async list(scope: Scope, groupId: string, { limit, after }: PageRequest): Promise<Page<NamedMembership>> {
    let query = this.#named(scope)
      .where("m.group_id", "=", groupId)
      .orderBy("m.id")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("m.id", ">", after);
    return toPage(await query.execute(), limit, toRecord, (row) => row.id);
  }

  async listOfUsers(scope: Scope, groupId: string, userIds: readonly string[]): Promise<readonly NamedMembership[]> {
    if (userIds.length === 0) return [];
    const query = this.#named(scope)
      .where("m.group_id", "=", groupId)
      .where("m.user_id", "in", [...userIds]);
    return (await query.execute()).map(toRecord);
  }

  async listGroupIds(userId: string): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom("group_memberships")
      .select("group_id")
      .where("user_id", "=", userId)
      .orderBy("group_id")
      .execute();
    return rows.map((row) => row.group_id);
  }

  async insert(membership: GroupMembershipRecord): Promise<void> {
    await this.#db
      .insertInto("group_memberships")
      .values({
        id: membership.id,
        organization_id: membership.organizationId,
        group_id: membership.groupId,
        user_id: membership.userId,
        created_at: membership.createdAt,
      })
      .execute();
    await this.#count(membership.groupId, 1);
  }

  async delete(id: string): Promise<boolean> {
    const [row] = await this.#db.deleteFrom("group_memberships").where("id", "=", id).returning("group_id").execute();
    if (!row) return false;
    await this.#count(row.group_id, -1);
    return true;
  }

  async deleteOfUser(userId: string): Promise<void> {
    // In the order of the groups, so that two transactions that empty the same groups wait instead of deadlocking.
    for (const groupId of await this.listGroupIds(userId)) {
      const { numDeletedRows } = await this.#db
        .deleteFrom("group_memberships")
        .where("group_id", "=", groupId)
        .where("user_id", "=", userId)
        .executeTakeFirst();
      await this.#count(groupId, -Number(numDeletedRows));
    }
  }

  async #count(groupId: string, change: number): Promise<void> {
    await this.#db
      .updateTable("groups")
      .set((e) => ({ member_count: e("member_count", "+", change) }))
      .where("id", "=", groupId)
      .execute();
  }

  #named(scope: Scope) {
    const query = this.#db
      .selectFrom("group_memberships as m")
      .innerJoin("users as u", "u.id", "m.user_id")
      .select(["m.id", "m.organization_id", "m.group_id", "m.user_id", "m.created_at", "u.name", "u.avatar_url"]);
    return scope === EVERY_ORGANIZATION ? query : query.where("m.organization_id", "=", scope);
  }
}

type NamedRow = Tables["group_memberships"] & Pick<Tables["users"], "name" | "avatar_url">;

function toRecord(row: NamedRow): NamedMembership {
  return {
    id: row.id,
    organizationId: row.organization_id,
    groupId: row.group_id,
    userId: row.user_id,
    createdAt: row.created_at,
    name: row.name,
    avatarUrl: row.avatar_url,
  };
}
