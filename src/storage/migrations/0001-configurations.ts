import { type Kysely, sql } from "kysely";
import type { Dialect } from "../dialect.ts";

/** Organizations, people, tokens, SSO and SCIM configurations, and the audit log. */
export async function createConfigurations(db: Kysely<unknown>, { bigint, text, serial }: Dialect): Promise<void> {
  const statements = [
    // Numbers stand for ids where a table holds many rows for each: they are a quarter as long. They never leave storage.
    sql`create table organizations (
      number ${serial},
      id ${text} not null unique,
      name ${text} not null,
      invite_domains ${text} not null,
      created_at ${bigint} not null,
      updated_at ${bigint} not null
    )`,

    // Accounts live on when the organization that owned them goes.
    sql`create table accounts (
      id ${text} primary key,
      name ${text} not null,
      email ${text} not null,
      avatar_url ${text} not null,
      organization_id ${text} references organizations (id) on delete set null,
      created_at ${bigint} not null,
      updated_at ${bigint} not null
    )`,
    sql`create index accounts_organization on accounts (organization_id)`,

    sql`create table users (
      number ${serial},
      id ${text} not null unique,
      organization_id ${text} not null references organizations (id) on delete cascade,
      account_id ${text} not null references accounts (id),
      role ${text} not null,
      status ${text} not null,
      suspended_by_admin integer not null,
      suspended_by_scim integer not null,
      name ${text} not null,
      name_key ${text} not null,
      email ${text} not null,
      email_key ${text} not null,
      email_verified integer not null,
      avatar_url ${text} not null,
      login_provider ${text} not null,
      origin_user_id ${text},
      created_at ${bigint} not null,
      updated_at ${bigint} not null
    )`,
    // One living membership per account and organization; those that ended stay as history.
    sql`create unique index users_account on users (organization_id, account_id) where status <> 'left'`,
    sql`create index users_accounts on users (account_id)`,

    sql`create table api_tokens (
      id ${text} primary key,
      organization_id ${text} references organizations (id) on delete cascade,
      user_id ${text} references users (id) on delete cascade,
      creator_id ${text},
      description ${text} not null,
      hash ${text} not null unique,
      read_only integer not null,
      created_at ${bigint} not null,
      expires_at ${bigint} not null,
      last_used_at ${bigint}
    )`,
    sql`create index api_tokens_user on api_tokens (user_id, id)`,
    sql`create index api_tokens_organization on api_tokens (organization_id, id)`,

    sql`create table sso_configurations (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      display_name ${text} not null,
      issuer_url ${text} not null,
      client_id ${text} not null,
      client_secret ${text} not null,
      state ${text} not null,
      provider_type ${text} not null,
      claims ${text} not null,
      email_domains ${text} not null,
      additional_scopes ${text} not null,
      claims_expression ${text} not null,
      created_at ${bigint} not null,
      updated_at ${bigint} not null
    )`,
    sql`create index sso_configurations_organization on sso_configurations (organization_id, id)`,

    // No action on the link: a linked SSO configuration cannot be deleted, and with its organization both go.
    sql`create table scim_configurations (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      name ${text} not null,
      enabled integer not null,
      sso_configuration_id ${text} references sso_configurations (id),
      allow_unverified_email_account_linking integer not null,
      token_hash ${text} not null unique,
      token_expires_at ${bigint} not null,
      token_lifetime ${bigint} not null,
      token_last_used_at ${bigint},
      created_at ${bigint} not null,
      updated_at ${bigint} not null
    )`,
    sql`create index scim_configurations_organization on scim_configurations (organization_id, id)`,
    sql`create index scim_configurations_sso on scim_configurations (sso_configuration_id)`,

    sql`create table audit_entries (
      sequence ${serial},
      id ${text} not null unique,
      organization_id ${text} references organizations (id) on delete cascade,
      actor_id ${text} not null,
      actor_principal ${text} not null,
      subject_id ${text} not null,
      subject_type ${text} not null,
      action ${text} not null,
      operation ${text} not null,
      request_id ${text} not null,
      before ${text},
      after ${text},
      created_at ${bigint} not null
    )`,
    sql`create index audit_entries_organization on audit_entries (organization_id, sequence)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
