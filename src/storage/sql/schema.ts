import type { Generated } from "kysely";

/**
 * The tables as Kysely sees them. Both engines hold the same shapes: ids and JSON documents are text, times are
 * milliseconds since the epoch, booleans are 0 or 1. What each column means stands with the records in `../contract/`.
 */
type Flag = 0 | 1;

export interface Tables {
  organizations: {
    number: Generated<number>;
    id: string;
    name: string;
    invite_domains: string;
    created_at: number;
    updated_at: number;
  };
  organization_invite_domains: { domain: string; organization_id: string };
  organization_invites: { organization_id: string; id: string; created_at: number };
  accounts: {
    id: string;
    name: string;
    email: string;
    avatar_url: string;
    organization_id: string | null;
    created_at: number;
    updated_at: number;
  };
  users: {
    number: Generated<number>;
    id: string;
    organization_id: string;
    account_id: string;
    role: "admin" | "member";
    status: "active" | "suspended" | "left";
    suspended_by_admin: Flag;
    suspended_by_scim: Flag;
    name: string;
    name_key: string;
    email: string;
    email_key: string;
    email_verified: Flag;
    avatar_url: string;
    login_provider: string;
    origin_user_id: string | null;
    created_at: number;
    updated_at: number;
  };
  member_grams: { organization_number: number; gram: string; place: string; joined_at: number; user_number: number };
  api_tokens: {
    id: string;
    organization_id: string | null;
    user_id: string | null;
    creator_id: string | null;
    description: string;
    hash: string;
    read_only: Flag;
    created_at: number;
    expires_at: number;
    last_used_at: number | null;
  };
  sso_configurations: {
    id: string;
    organization_id: string;
    display_name: string;
    issuer_url: string;
    client_id: string;
    client_secret: string;
    state: "active" | "inactive";
    provider_type: "builtin" | "custom";
    claims: string;
    email_domains: string;
    additional_scopes: string;
    claims_expression: string;
    created_at: number;
    updated_at: number;
  };
  scim_configurations: {
    id: string;
    organization_id: string;
    name: string;
    enabled: Flag;
    sso_configuration_id: string | null;
    allow_unverified_email_account_linking: Flag;
    token_hash: string;
    token_expires_at: number;
    token_lifetime: number;
    token_last_used_at: number | null;
    created_at: number;
    updated_at: number;
  };
  scim_counts: {
    scim_configuration_id: string;
    organization_id: string;
    users: number;
    active_users: number;
    groups: number;
    last_number: number;
  };
  scim_users: {
    id: string;
    organization_id: string;
    scim_configuration_id: string;
    number: number;
    user_name: string;
    user_name_folded: string;
    external_id: string | null;
    display_name: string | null;
    display_name_folded: string | null;
    active: Flag;
    attributes: string;
    folded: string;
    version: number;
    created_at: number;
    updated_at: number;
  };
  scim_groups: {
    id: string;
    organization_id: string;
    scim_configuration_id: string;
    number: number;
    display_name: string;
    display_name_folded: string;
    external_id: string | null;
    version: number;
    created_at: number;
    updated_at: number;
  };
  scim_former_users: {
    scim_configuration_id: string;
    user_name_folded: string;
    organization_id: string;
    external_id: string | null;
    account_id: string;
    ended_at: number;
  };
  scim_requests: {
    id: string;
    organization_id: string;
    scim_configuration_id: string;
    request_id: string;
    method: string;
    path: string;
    query: string;
    body: string;
    user_agent: string;
    status: number;
    scim_type: string;
    detail: string;
    normalizations: string;
    resource_type: string;
    resource_id: string;
    before: string | null;
    after: string | null;
    duration_ms: number;
    created_at: number;
  };
  scim_holds: {
    id: string;
    organization_id: string;
    scim_configuration_id: string;
    state: "pending" | "approved" | "refused";
    deprovisioned: number;
    active_users: number;
    held_requests: number;
    last_user_id: string;
    decided_by: string;
    decided_at: number | null;
    expires_at: number | null;
    created_at: number;
  };
  scim_deprovisionings: {
    number: Generated<number>;
    organization_id: string;
    scim_configuration_id: string;
    user_id: string;
    created_at: number;
  };
  announcement_banners: { organization_id: string; message: string; enabled: Flag };
  custom_domains: {
    id: string;
    organization_id: string;
    domain_name: string;
    provider: "unspecified" | "aws" | "gcp";
    cloud_account_id: string;
    created_at: number;
    updated_at: number;
  };
  domain_verifications: {
    id: string;
    organization_id: string;
    domain: string;
    state: "pending" | "verified";
    verification_token: string;
    verified_at: number | null;
    last_checked_at: number | null;
    failures: number;
    created_at: number;
  };
  groups: {
    id: string;
    organization_id: string;
    name: string;
    name_key: string;
    description: string;
    scim_configuration_id: string | null;
    member_count: number;
    created_at: number;
    updated_at: number;
  };
  group_memberships: { id: string; organization_id: string; group_id: string; user_id: string; created_at: number };
  job_runs: { name: string; started_at: number; organization_id: string | null; subject_id: string | null };
  oidc_configs: { organization_id: string; version: "v2" | "v3"; extra_sub_fields: string };
  organization_policies: { organization_id: string; document: string };
  terms_of_service: { organization_id: string; enabled: Flag };
  terms_of_service_versions: {
    id: string;
    organization_id: string;
    version: number;
    markdown: string;
    created_by_user_id: string;
    created_at: number;
  };
  terms_of_service_acceptances: {
    organization_id: string;
    user_id: string;
    version: number;
    version_id: string;
    accepted_at: number;
  };
  sessions: {
    id: string;
    organization_id: string;
    user_id: string;
    sso_configuration_id: string | null;
    hash: string;
    user_agent: string;
    ip_address: string;
    created_at: number;
    last_used_at: number;
    expires_at: number;
  };
  identities: {
    id: string;
    account_id: string;
    issuer: string;
    subject: string;
    created_at: number;
    last_used_at: number | null;
  };
  pending_sign_ins: {
    state_hash: string;
    organization_id: string;
    sso_configuration_id: string;
    sealed: string;
    created_at: number;
    expires_at: number;
  };
  received_claims: {
    sso_configuration_id: string;
    organization_id: string;
    sealed: string;
    received_at: number;
  };
  test_sign_ins: {
    id: string;
    organization_id: string;
    sso_configuration_id: string;
    user_id: string | null;
    sealed_draft: string;
    sealed_result: string | null;
    created_at: number;
    expires_at: number;
  };
  exchange_tokens: {
    hash: string;
    organization_id: string;
    user_id: string;
    session_id: string;
    description: string;
    created_at: number;
    expires_at: number;
  };
  signing_keys: {
    id: string;
    sealed_private_key: string;
    public_jwk: string;
    created_at: number;
    active_at: number;
    retired_at: number | null;
  };
  audit_entries: {
    sequence: Generated<number>;
    id: string;
    organization_id: string | null;
    actor_id: string;
    actor_principal: string;
    subject_id: string;
    subject_type: string;
    action: string;
    operation: string;
    request_id: string;
    before: string | null;
    after: string | null;
    created_at: number;
  };
}
