import type { Kysely } from "kysely";
import type { AnnouncementBannerRecord, AnnouncementBannerStore } from "../storage.ts";
import { flag } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class AnnouncementBannerSqlStore implements AnnouncementBannerStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string): Promise<AnnouncementBannerRecord | undefined> {
    const row = await this.#db
      .selectFrom("announcement_banners")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && { organizationId: row.organization_id, message: row.message, enabled: row.enabled === 1 };
  }

  async put({ organizationId, message, enabled }: AnnouncementBannerRecord): Promise<void> {
    const columns = { message, enabled: flag(enabled) };
    await this.#db
      .insertInto("announcement_banners")
      .values({ organization_id: organizationId, ...columns })
      .onConflict((conflict) => conflict.column("organization_id").doUpdateSet(columns))
      .execute();
  }
}
