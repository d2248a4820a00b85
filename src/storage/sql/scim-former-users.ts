import type { Kysely } from "kysely";
import type { FormerScimUser, ScimFormerUserStore } from "../storage.ts";
import type { Engine } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { Together } from "./together.ts";

export class ScimFormerUserSqlStore implements ScimFormerUserStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;
  readonly #searches = new Together<Search, readonly FormerScimUser[]>((searches) => this.#findAll(searches));

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async put(former: FormerScimUser): Promise<void> {
    const { organization_id } = await this.#db
      .selectFrom("scim_configurations")
      .select("organization_id")
      .where("id", "=", former.scimConfigurationId)
      .executeTakeFirstOrThrow();
    const columns = {
      external_id: former.externalId ?? null,
      account_id: former.accountId,
      ended_at: former.endedAt,
    };
    await this.#db
      .insertInto("scim_former_users")
      .values({
        scim_configuration_id: former.scimConfigurationId,
        user_name_folded: former.userNameFolded,
        organization_id,
        ...columns,
      })
      .onConflict((conflict) => conflict.columns(["scim_configuration_id", "user_name_folded"]).doUpdateSet(columns))
      .execute();
  }

  async find(
    scimConfigurationId: string,
    userNameFolded: string,
    externalId: string | undefined,
  ): Promise<readonly FormerScimUser[]> {
    return this.#searches.add({ scimConfigurationId, userNameFolded, externalId });
  }

  async #findAll(searches: readonly Search[]): Promise<readonly (readonly FormerScimUser[])[]> {
    const found: FormerScimUser[] = [];
    for (const [id, own] of Map.groupBy(searches, ({ scimConfigurationId }) => scimConfigurationId)) {
      const names = own.map(({ userNameFolded }) => userNameFolded);
      // One for each, so that there are few statements to prepare; null is found nowhere.
      const externalIds = own.map(({ externalId }) => externalId ?? null);
      found.push(...(await this.#list(id, names, externalIds)));
    }
    return searches.map(({ scimConfigurationId, userNameFolded, externalId }) =>
      found.filter(
        (former) =>
          former.scimConfigurationId === scimConfigurationId &&
          (former.userNameFolded === userNameFolded || (externalId !== undefined && former.externalId === externalId)),
      ),
    );
  }

  /** Those of the names and of the external ids, the latest first. Two conditions with an index each, which `or` would not use. */
  async #list(
    scimConfigurationId: string,
    names: readonly string[],
    externalIds: readonly (string | null)[],
  ): Promise<FormerScimUser[]> {
    const rows = await this.#engine.rows(
      this.#db,
      `scim_former_users.find ${names.length}`,
      [scimConfigurationId, ...names, scimConfigurationId, ...externalIds],
      (db) => {
        const all = db.selectFrom("scim_former_users").selectAll().where("scim_configuration_id", "=", "");
        return all
          .where("user_name_folded", "in", [...names])
          .union(all.where("external_id", "in", [...externalIds]))
          .orderBy("ended_at", "desc");
      },
    );
    return rows.map((row) => ({
      scimConfigurationId: row.scim_configuration_id,
      userNameFolded: row.user_name_folded,
      externalId: row.external_id ?? undefined,
      accountId: row.account_id,
      endedAt: row.ended_at,
    }));
  }
}

interface Search {
  readonly scimConfigurationId: string;
  readonly userNameFolded: string;
  readonly externalId: string | undefined;
}
