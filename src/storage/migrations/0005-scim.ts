import { type Kysely, sql } from "kysely";
import type { Dialect } from "../dialect.ts";

/** SCIM: the provisioning records of users and groups, the log of requests, and holds of mass deprovisionings. */
export async function createScim(db: Kysely<unknown>, { bigint, text, document, serial }: Dialect): Promise<void> {
  const statements = [
    // One row per configuration. Its update is what puts records in order: numbers are given under its lock.
    sql`create table scim_counts (
      scim_configuration_id ${text} primary key references scim_configurations (id) on delete cascade,
      organization_id ${text} not null references organizations (id) on delete cascade,
      users integer not null,
      active_users integer not null,
      groups integer not null,
      last_number ${bigint} not null
    )`,
    sql`create index scim_counts_organization on scim_counts (organization_id)`,

    sql`create table scim_users (
      id ${text} primary key references users (id) on delete cascade,
      organization_id ${text} not null references organizations (id) on delete cascade,
      scim_configuration_id ${text} not null references scim_configurations (id) on delete cascade,
      number ${bigint} not null,
      user_name ${text} not null,
      user_name_folded ${text} not null,
      external_id ${text},
      display_name ${text},
      display_name_folded ${text},
      active integer not null,
      attributes ${text} not null,
      folded ${document} not null,
      version ${bigint} not null,
      created_at ${bigint} not null,
      updated_at ${bigint} not null,
      unique (organization_id, user_name_folded),
      unique (scim_configuration_id, number)
    )`,
    sql`create index scim_users_user_name on scim_users (scim_configuration_id, user_name_folded)`,
    sql`create index scim_users_external_id on scim_users (scim_configuration_id, external_id)`,

    sql`create table scim_groups (
      id ${text} primary key references groups (id) on delete cascade,
      organization_id ${text} not null references organizations (id) on delete cascade,
      scim_configuration_id ${text} not null references scim_configurations (id) on delete cascade,
      number ${bigint} not null,
      display_name ${text} not null,
      display_name_folded ${text} not null,
      external_id ${text},
      version ${bigint} not null,
      created_at ${bigint} not null,
      updated_at ${bigint} not null,
      unique (scim_configuration_id, number)
    )`,
    sql`create index scim_groups_display_name on scim_groups (scim_configuration_id, display_name_folded)`,
    sql`create index scim_groups_external_id on scim_groups (scim_configuration_id, external_id)`,
    sql`create index scim_groups_organization on scim_groups (organization_id)`,

    sql`create table scim_former_users (
      scim_configuration_id ${text} not null references scim_configurations (id) on delete cascade,
      user_name_folded ${text} not null,
      organization_id ${text} not null references organizations (id) on delete cascade,
      external_id ${text},
      account_id ${text} not null references accounts (id) on delete cascade,
      ended_at ${bigint} not null,
      primary key (scim_configuration_id, user_name_folded)
    )`,
    sql`create index scim_former_users_external_id on scim_former_users (scim_configuration_id, external_id)`,
    sql`create index scim_former_users_organization on scim_former_users (organization_id)`,
    sql`create index scim_former_users_account on scim_former_users (account_id)`,

    sql`create table scim_requests (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      scim_configuration_id ${text} not null references scim_configurations (id) on delete cascade,
      request_id ${text} not null,
      method ${text} not null,
      path ${text} not null,
      query ${text} not null,
      body ${text} not null,
      user_agent ${text} not null,
      status integer not null,
      scim_type ${text} not null,
      detail ${text} not null,
      normalizations ${text} not null,
      resource_type ${text} not null,
      resource_id ${text} not null,
      before ${text},
      after ${text},
      duration_ms double precision not null,
      created_at ${bigint} not null
    )`,
    sql`create index scim_requests_configuration on scim_requests (scim_configuration_id, id)`,
    sql`create index scim_requests_failed on scim_requests (scim_configuration_id, id) where status >= 400`,
    sql`create index scim_requests_resource on scim_requests (scim_configuration_id, resource_id, id)`,
    sql`create index scim_requests_organization on scim_requests (organization_id)`,
    sql`create index scim_requests_age on scim_requests (created_at)`,

    sql`create table scim_holds (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      scim_configuration_id ${text} not null references scim_configurations (id) on delete cascade,
      state ${text} not null,
      deprovisioned integer not null,
      active_users integer not null,
      held_requests integer not null,
      last_user_id ${text} not null,
      decided_by ${text} not null,
      decided_at ${bigint},
      expires_at ${bigint},
      created_at ${bigint} not null
    )`,
    sql`create index scim_holds_configuration on scim_holds (scim_configuration_id, id)`,
    sql`create index scim_holds_organization on scim_holds (organization_id, id)`,

    // The user may be gone by the time that they are counted.
    sql`create table scim_deprovisionings (
      number ${serial},
      organization_id ${text} not null references organizations (id) on delete cascade,
      scim_configuration_id ${text} not null references scim_configurations (id) on delete cascade,
      user_id ${text} not null,
      created_at ${bigint} not null
    )`,
    sql`create index scim_deprovisionings_configuration on scim_deprovisionings (scim_configuration_id, created_at)`,
    sql`create index scim_deprovisionings_organization on scim_deprovisionings (organization_id)`,
    sql`create index scim_deprovisionings_age on scim_deprovisionings (created_at)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
