import type { Kysely, Selectable } from "kysely";
import type { OrganizationInviteRecord, OrganizationInviteStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class OrganizationInviteSqlStore implements OrganizationInviteStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string): Promise<OrganizationInviteRecord | undefined> {
    const row = await this.#db
      .selectFrom("organization_invites")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async find(id: string): Promise<OrganizationInviteRecord | undefined> {
    const row = await this.#db.selectFrom("organization_invites").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toRecord(row);
  }

  async put({ id, organizationId, createdAt }: OrganizationInviteRecord): Promise<void> {
    const columns = { id, created_at: createdAt };
    await this.#db
      .insertInto("organization_invites")
      .values({ organization_id: organizationId, ...columns })
      .onConflict((conflict) => conflict.column("organization_id").doUpdateSet(columns))
      .execute();
  }
}

function toRecord(row: Selectable<Tables["organization_invites"]>): OrganizationInviteRecord {
  return { id: row.id, organizationId: row.organization_id, createdAt: row.created_at };
}
