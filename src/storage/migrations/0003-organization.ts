import { type Kysely, sql } from "kysely";
import type { Dialect } from "../dialect.ts";

/** What an organization decides about itself, its proven domains and groups, and the runs of background jobs. */
export async function createOrganizationNouns(db: Kysely<unknown>, { bigint, text }: Dialect): Promise<void> {
  const statements = [
    sql`create table organization_policies (
      organization_id ${text} primary key references organizations (id) on delete cascade,
      document ${text} not null
    )`,

    sql`create table announcement_banners (
      organization_id ${text} primary key references organizations (id) on delete cascade,
      message ${text} not null,
      enabled integer not null
    )`,

    // At most one per organization. Other organizations may name the same host: nobody has proven anything about it.
    sql`create table custom_domains (
      id ${text} primary key,
      organization_id ${text} not null unique references organizations (id) on delete cascade,
      domain_name ${text} not null,
      provider ${text} not null,
      cloud_account_id ${text} not null,
      created_at ${bigint} not null,
      updated_at ${bigint} not null
    )`,

    sql`create table oidc_configs (
      organization_id ${text} primary key references organizations (id) on delete cascade,
      version ${text} not null,
      extra_sub_fields ${text} not null
    )`,

    sql`create table terms_of_service (
      organization_id ${text} primary key references organizations (id) on delete cascade,
      enabled integer not null
    )`,
    // The author may be gone one day; the text stays.
    sql`create table terms_of_service_versions (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      version integer not null,
      markdown ${text} not null,
      created_by_user_id ${text} not null,
      created_at ${bigint} not null,
      unique (organization_id, version)
    )`,
    sql`create table terms_of_service_acceptances (
      organization_id ${text} not null references organizations (id) on delete cascade,
      user_id ${text} not null references users (id) on delete cascade,
      version integer not null,
      version_id ${text} not null references terms_of_service_versions (id) on delete cascade,
      accepted_at ${bigint} not null,
      primary key (user_id, version)
    )`,
    sql`create index terms_of_service_acceptances_version on terms_of_service_acceptances (version_id, user_id)`,
    sql`create index terms_of_service_acceptances_organization on terms_of_service_acceptances (organization_id)`,

    // Several organizations may prove one domain.
    sql`create table domain_verifications (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      domain ${text} not null,
      state ${text} not null,
      verification_token ${text} not null,
      verified_at ${bigint},
      last_checked_at ${bigint},
      failures integer not null,
      created_at ${bigint} not null,
      unique (organization_id, domain)
    )`,
    sql`create index domain_verifications_organization on domain_verifications (organization_id, id)`,
    sql`create index domain_verifications_domain on domain_verifications (domain, state)`,
    sql`create index domain_verifications_due on domain_verifications (last_checked_at) where state = 'verified'`,

    // The members are counted along, because a list of groups shows the number of each.
    sql`create table groups (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      name ${text} not null,
      name_key ${text} not null,
      description ${text} not null,
      scim_configuration_id ${text} references scim_configurations (id) on delete set null,
      member_count integer not null,
      created_at ${bigint} not null,
      updated_at ${bigint} not null,
      unique (organization_id, name_key)
    )`,
    sql`create index groups_scim_configuration on groups (scim_configuration_id)`,

    sql`create table group_memberships (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      group_id ${text} not null references groups (id) on delete cascade,
      user_id ${text} not null references users (id) on delete cascade,
      created_at ${bigint} not null,
      unique (group_id, user_id)
    )`,
    sql`create index group_memberships_group on group_memberships (group_id, id)`,
    sql`create index group_memberships_user on group_memberships (user_id, group_id)`,
    sql`create index group_memberships_organization on group_memberships (organization_id)`,

    // One index per filter of the audit log, each in the order of the log.
    sql`create index audit_entries_actor on audit_entries (organization_id, actor_id, sequence)`,
    sql`create index audit_entries_actor_principal on audit_entries (organization_id, actor_principal, sequence)`,
    sql`create index audit_entries_subject on audit_entries (organization_id, subject_id, sequence)`,
    sql`create index audit_entries_subject_type on audit_entries (organization_id, subject_type, sequence)`,
    sql`create index audit_entries_time on audit_entries (organization_id, created_at, sequence)`,

    sql`create table job_runs (
      name ${text} primary key,
      started_at ${bigint} not null
    )`,
  ];
  for (const statement of statements) await statement.execute(db);
}
