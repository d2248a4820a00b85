import { type Kysely, sql } from "kysely";
import type { Dialect } from "../dialect.ts";

/** Sign-in: identities, browser sessions, sign-ins in progress, one-time tokens and the keys that sign ID tokens. */
export async function createSignIn(db: Kysely<unknown>, { bigint, text }: Dialect): Promise<void> {
  const statements = [
    // A person at an identity provider, for good: the email may change, issuer and subject do not.
    sql`create table identities (
      id ${text} primary key,
      account_id ${text} not null references accounts (id) on delete cascade,
      issuer ${text} not null,
      subject ${text} not null,
      created_at ${bigint} not null,
      last_used_at ${bigint},
      unique (issuer, subject)
    )`,
    sql`create index identities_account on identities (account_id)`,

    sql`create table sessions (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      user_id ${text} not null references users (id) on delete cascade,
      sso_configuration_id ${text} references sso_configurations (id) on delete set null,
      hash ${text} not null unique,
      user_agent ${text} not null,
      ip_address ${text} not null,
      created_at ${bigint} not null,
      last_used_at ${bigint} not null,
      expires_at ${bigint} not null
    )`,
    sql`create index sessions_user on sessions (user_id, id)`,
    sql`create index sessions_organization on sessions (organization_id, id)`,
    sql`create index sessions_sso_configuration on sessions (sso_configuration_id)`,
    sql`create index sessions_expiry on sessions (expires_at)`,

    // A sign-in between start and callback. Its state is stored hashed, what is needed at the callback sealed.
    sql`create table pending_sign_ins (
      state_hash ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      sso_configuration_id ${text} not null references sso_configurations (id) on delete cascade,
      sealed ${text} not null,
      created_at ${bigint} not null,
      expires_at ${bigint} not null
    )`,
    sql`create index pending_sign_ins_organization on pending_sign_ins (organization_id)`,
    sql`create index pending_sign_ins_configuration on pending_sign_ins (sso_configuration_id)`,
    sql`create index pending_sign_ins_expiry on pending_sign_ins (expires_at)`,

    // What the last sign-in (or a test sign-in) of a configuration received: sealed, for the evaluation of expressions.
    sql`create table received_claims (
      sso_configuration_id ${text} primary key references sso_configurations (id) on delete cascade,
      organization_id ${text} not null references organizations (id) on delete cascade,
      sealed ${text} not null,
      received_at ${bigint} not null
    )`,
    sql`create index received_claims_organization on received_claims (organization_id)`,

    sql`create table test_sign_ins (
      id ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      sso_configuration_id ${text} not null references sso_configurations (id) on delete cascade,
      user_id ${text},
      sealed_draft ${text} not null,
      sealed_result ${text},
      created_at ${bigint} not null,
      expires_at ${bigint} not null
    )`,
    sql`create index test_sign_ins_organization on test_sign_ins (organization_id)`,
    sql`create index test_sign_ins_configuration on test_sign_ins (sso_configuration_id)`,
    sql`create index test_sign_ins_expiry on test_sign_ins (expires_at)`,

    // One-time tokens that become an api token, for a terminal that somebody signs in.
    sql`create table exchange_tokens (
      hash ${text} primary key,
      organization_id ${text} not null references organizations (id) on delete cascade,
      user_id ${text} not null references users (id) on delete cascade,
      session_id ${text} not null references sessions (id) on delete cascade,
      description ${text} not null,
      created_at ${bigint} not null,
      expires_at ${bigint} not null
    )`,
    sql`create index exchange_tokens_organization on exchange_tokens (organization_id)`,
    sql`create index exchange_tokens_user on exchange_tokens (user_id)`,
    sql`create index exchange_tokens_session on exchange_tokens (session_id)`,
    sql`create index exchange_tokens_expiry on exchange_tokens (expires_at)`,

    // Private keys sealed; a key signs from active_at on until another one does, and its public half is served until
    // retired_at.
    sql`create table signing_keys (
      id ${text} primary key,
      sealed_private_key ${text} not null,
      public_jwk ${text} not null,
      created_at ${bigint} not null,
      active_at ${bigint} not null,
      retired_at ${bigint}
    )`,
  ];
  for (const statement of statements) await statement.execute(db);
}
