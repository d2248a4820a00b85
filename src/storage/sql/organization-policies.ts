import type { Kysely } from "kysely";
import type { OrganizationPoliciesRecord, OrganizationPolicyStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class OrganizationPolicySqlStore implements OrganizationPolicyStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(organizationId: string): Promise<OrganizationPoliciesRecord | undefined> {
    const row = await this.#db
      .selectFrom("organization_policies")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && { organizationId: row.organization_id, document: JSON.parse(row.document) };
  }

  async put({ organizationId, document }: OrganizationPoliciesRecord): Promise<void> {
    const columns = { document: JSON.stringify(document) };
    await this.#db
      .insertInto("organization_policies")
      .values({ organization_id: organizationId, ...columns })
      .onConflict((conflict) => conflict.column("organization_id").doUpdateSet(columns))
      .execute();
  }
}
