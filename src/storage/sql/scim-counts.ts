import { type Kysely, sql } from "kysely";
import type { Engine } from "./engine.ts";
import type { Tables } from "./schema.ts";

/** By how much the counts of a configuration change. */
export interface CountChange {
  /** New numbers that are needed; one without it. */
  readonly numbers?: number;
  readonly users?: number;
  readonly activeUsers?: number;
  readonly groups?: number;
}

/**
 * Changes the counts of a configuration and says the last one of as many free numbers as are needed. The row stays locked until the transaction ends, so
 * that records become visible in the order of their numbers.
 */
export async function changeCounts(
  engine: Engine,
  db: Kysely<Tables>,
  owner: { readonly organizationId: string; readonly scimConfigurationId: string },
  { numbers = 1, users = 0, activeUsers = 0, groups = 0 }: CountChange,
): Promise<number> {
  const rows = await engine.rows<{ last_number: number }>(
    db,
    "scim_counts.change",
    [owner.scimConfigurationId, owner.organizationId, users, activeUsers, groups, numbers],
    (connection) => ({
      compile: () =>
        sql<{ last_number: number }>`
          insert into scim_counts (scim_configuration_id, organization_id, users, active_users, groups, last_number)
          values (${""}, ${""}, ${0}, ${0}, ${0}, ${0})
          on conflict (scim_configuration_id) do update set
            users = scim_counts.users + excluded.users,
            active_users = scim_counts.active_users + excluded.active_users,
            groups = scim_counts.groups + excluded.groups,
            last_number = scim_counts.last_number + excluded.last_number
          returning last_number`.compile(connection),
    }),
  );
  return rows[0]?.last_number as number;
}
