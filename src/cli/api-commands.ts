import type { DescMethodUnary } from "@bufbuild/protobuf";
import { AccountService } from "../../gen/gitpod/v1/account_service_pb.ts";
import { EventService } from "../../gen/gitpod/v1/event_service_pb.ts";
import { GroupService } from "../../gen/gitpod/v1/group_service_pb.ts";
import { IdentityService } from "../../gen/gitpod/v1/identity_service_pb.ts";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { UserService } from "../../gen/gitpod/v1/user_service_pb.ts";
import { AuditService } from "../../gen/organization/v1/audit_service_pb.ts";
import { ProvisioningService } from "../../gen/organization/v1/provisioning_service_pb.ts";
import { SessionService } from "../../gen/organization/v1/session_service_pb.ts";
import { SignInService } from "../../gen/organization/v1/sign_in_service_pb.ts";

/** A command that calls one method of the api. */
export interface ApiCommand {
  /** Noun and verb. */
  readonly path: readonly [noun: string, verb: string];
  readonly meaning: string;
  readonly method: DescMethodUnary;
  /** Proto name of the request field that is the command's argument. */
  readonly argument?: string;
  /** JSON name of the response's list, and the columns of its table. */
  readonly list?: { readonly items: string; readonly columns: readonly string[] };
}

/** What the nouns are, for the help. */
export const NOUNS: Readonly<Record<string, string>> = {
  sso: "SSO configurations: the identity providers that people sign in through",
  scim: "SCIM configurations: the directories that provision people",
  "scim-request": "what directories have sent",
  "scim-hold": "mass deprovisionings that wait for a decision",
  member: "people of the organization",
  invite: "the invite link",
  domain: "verified email domains",
  group: "groups and who belongs to them",
  policy: "policies of the organization",
  banner: "the announcement banner",
  "custom-domain": "the custom domain",
  terms: "terms of service",
  "oidc-config": "what ID tokens for other services say",
  audit: "the audit log",
  session: "browser sessions",
  account: "the account above the organizations",
  me: "who the token belongs to",
  settings: "the organization itself",
  pat: "personal access tokens",
};

const o = OrganizationService.method;
const u = UserService.method;
const g = GroupService.method;

const SSO_COLUMNS = ["id", "displayName", "issuerUrl", "state", "emailDomains"];
const SCIM_COLUMNS = ["id", "name", "enabled", "ssoConfigurationId", "tokenExpiresAt"];
const MEMBER_COLUMNS = ["userId", "fullName", "email", "role", "status", "memberSince"];

/** Every command that is a call. Flags come from the request message: see `request-flags.ts`. */
export const API_COMMANDS: readonly ApiCommand[] = [
  {
    path: ["sso", "list"],
    meaning: "list them, the oldest first",
    method: o.listSSOConfigurations,
    list: { items: "ssoConfigurations", columns: SSO_COLUMNS },
  },
  { path: ["sso", "get"], meaning: "show one", method: o.getSSOConfiguration, argument: "sso_configuration_id" },
  { path: ["sso", "create"], meaning: "add one; it is active at once", method: o.createSSOConfiguration },
  {
    path: ["sso", "update"],
    meaning: "change what is given, leave the rest",
    method: o.updateSSOConfiguration,
    argument: "sso_configuration_id",
  },
  {
    path: ["sso", "delete"],
    meaning: "remove one",
    method: o.deleteSSOConfiguration,
    argument: "sso_configuration_id",
  },
  {
    path: ["sso", "test"],
    meaning: "make a test sign-in, with changes that are not saved; open its URL in a browser",
    method: SignInService.method.startTestSignIn,
    argument: "sso_configuration_id",
  },
  {
    path: ["sso", "test-result"],
    meaning: "show what a test sign-in came to",
    method: SignInService.method.getTestSignIn,
    argument: "test_sign_in_id",
  },
  {
    path: ["sso", "evaluate"],
    meaning: "evaluate a claims expression against given claims, or those of the last sign-in",
    method: SignInService.method.evaluateClaimsExpression,
    argument: "expression",
  },

  {
    path: ["scim", "list"],
    meaning: "list them, the oldest first",
    method: o.listSCIMConfigurations,
    list: { items: "scimConfigurations", columns: SCIM_COLUMNS },
  },
  { path: ["scim", "get"], meaning: "show one", method: o.getSCIMConfiguration, argument: "scim_configuration_id" },
  { path: ["scim", "create"], meaning: "add one and show its token, this once", method: o.createSCIMConfiguration },
  {
    path: ["scim", "update"],
    meaning: "change what is given, leave the rest",
    method: o.updateSCIMConfiguration,
    argument: "scim_configuration_id",
  },
  {
    path: ["scim", "regenerate-token"],
    meaning: "replace the token; the old one stops working at once",
    method: o.regenerateSCIMToken,
    argument: "scim_configuration_id",
  },
  {
    path: ["scim", "delete"],
    meaning: "remove one",
    method: o.deleteSCIMConfiguration,
    argument: "scim_configuration_id",
  },

  { path: ["settings", "get"], meaning: "show the organization", method: o.getOrganization },
  {
    path: ["settings", "delete"],
    meaning: "delete the organization with everything that is its own; this cannot be undone",
    method: o.deleteOrganization,
    argument: "organization_id",
  },
  { path: ["settings", "update"], meaning: "rename it, or replace its invite domains", method: o.updateOrganization },

  {
    path: ["member", "list"],
    meaning: "list and search members",
    method: o.listMembers,
    list: { items: "members", columns: MEMBER_COLUMNS },
  },
  {
    path: ["member", "set-role"],
    meaning: "make a member an admin, or an admin a member",
    method: o.setRole,
    argument: "user_id",
  },
  { path: ["member", "remove"], meaning: "end a membership", method: o.leaveOrganization, argument: "user_id" },
  {
    path: ["member", "suspend"],
    meaning: "suspend (or with --suspended false restore) a member",
    method: u.setSuspended,
    argument: "user_id",
  },
  { path: ["member", "join"], meaning: "join an organization by id or invite", method: o.joinOrganization },

  {
    path: ["invite", "create"],
    meaning: "make a new invite; every earlier one stops working",
    method: o.createOrganizationInvite,
  },
  { path: ["invite", "get"], meaning: "show the current invite", method: o.getOrganizationInvite },
  { path: ["invite", "summary"], meaning: "show where an invite leads", method: o.getOrganizationInviteSummary },

  {
    path: ["domain", "list"],
    meaning: "list domains and whether they are verified",
    method: o.listDomainVerifications,
    list: { items: "domainVerifications", columns: ["id", "domain", "state", "verifiedAt", "verificationToken"] },
  },
  {
    path: ["domain", "create"],
    meaning: "begin to prove a domain; shows the token for its TXT record",
    method: o.createDomainVerification,
    argument: "domain",
  },
  { path: ["domain", "get"], meaning: "show one", method: o.getDomainVerification, argument: "domain_verification_id" },
  { path: ["domain", "verify"], meaning: "ask DNS now", method: o.verifyDomain, argument: "domain_verification_id" },
  {
    path: ["domain", "delete"],
    meaning: "give a domain up",
    method: o.deleteDomainVerification,
    argument: "domain_verification_id",
  },

  {
    path: ["group", "list"],
    meaning: "list and search groups",
    method: g.listGroups,
    list: { items: "groups", columns: ["id", "name", "memberCount", "systemManaged", "description"] },
  },
  { path: ["group", "get"], meaning: "show one", method: g.getGroup },
  { path: ["group", "create"], meaning: "make one", method: g.createGroup },
  { path: ["group", "update"], meaning: "rename or describe one", method: g.updateGroup, argument: "group_id" },
  { path: ["group", "delete"], meaning: "remove one", method: g.deleteGroup, argument: "group_id" },
  {
    path: ["group", "members"],
    meaning: "list who belongs to it",
    method: g.listMemberships,
    argument: "group_id",
    list: { items: "members", columns: ["id", "name", "subject"] },
  },
  { path: ["group", "add"], meaning: "add a member", method: g.createMembership, argument: "group_id" },
  {
    path: ["group", "remove"],
    meaning: "take a membership away",
    method: g.deleteMembership,
    argument: "membership_id",
  },

  { path: ["policy", "get"], meaning: "show all policies", method: o.getOrganizationPolicies },
  { path: ["policy", "update"], meaning: "change what is given", method: o.updateOrganizationPolicies },
  { path: ["banner", "get"], meaning: "show it", method: o.getAnnouncementBanner },
  { path: ["banner", "update"], meaning: "change it", method: o.updateAnnouncementBanner },
  { path: ["custom-domain", "get"], meaning: "show it", method: o.getCustomDomain },
  { path: ["custom-domain", "create"], meaning: "set it", method: o.createCustomDomain },
  { path: ["custom-domain", "update"], meaning: "change it", method: o.updateCustomDomain },
  { path: ["custom-domain", "delete"], meaning: "remove it", method: o.deleteCustomDomain },
  { path: ["oidc-config", "get"], meaning: "show it", method: o.getOIDCConfig },
  { path: ["oidc-config", "update"], meaning: "change it", method: o.updateOIDCConfig },
  { path: ["terms", "get"], meaning: "show the current terms", method: o.getTermsOfService },
  { path: ["terms", "update"], meaning: "publish a new text, or turn them on or off", method: o.updateTermsOfService },
  { path: ["terms", "accept"], meaning: "accept a version", method: o.acceptTermsOfService, argument: "version_id" },
  {
    path: ["terms", "versions"],
    meaning: "list every version",
    method: o.listTermsOfServiceVersions,
    list: { items: "versions", columns: ["id", "version", "createdAt", "createdByUserId"] },
  },
  {
    path: ["terms", "acceptances"],
    meaning: "list who accepted a version",
    method: o.listTermsOfServiceAcceptances,
    list: { items: "acceptances", columns: ["status", "acceptedVersion", "acceptedAt"] },
  },
  {
    path: ["terms", "export"],
    meaning: "get the download link of the acceptances",
    method: o.getTermsOfServiceAcceptancesExport,
  },

  {
    path: ["audit", "list"],
    meaning: "list who changed what, newest first",
    method: EventService.method.listAuditLogs,
    list: {
      items: "entries",
      columns: ["createdAt", "action", "actorPrincipal", "actorId", "subjectType", "subjectId", "id"],
    },
  },
  {
    path: ["audit", "get"],
    meaning: "show one entry",
    method: EventService.method.getAuditLog,
    argument: "audit_log_entry_id",
  },
  {
    path: ["audit", "change"],
    meaning: "show what an entry changed",
    method: AuditService.method.getAuditLogChange,
    argument: "audit_log_entry_id",
  },

  {
    path: ["session", "list"],
    meaning: "list sessions",
    method: SessionService.method.listSessions,
    list: { items: "sessions", columns: ["id", "userId", "createdAt", "lastUsedAt", "expiresAt"] },
  },
  {
    path: ["session", "revoke"],
    meaning: "end a session",
    method: SessionService.method.revokeSession,
    argument: "session_id",
  },
  {
    path: ["session", "revoke-all"],
    meaning: "end every session of a user",
    method: SessionService.method.revokeUserSessions,
    argument: "user_id",
  },
  {
    path: ["session", "revoke-configuration"],
    meaning: "end every session that came through an SSO configuration",
    method: SessionService.method.revokeConfigurationSessions,
    argument: "sso_configuration_id",
  },

  {
    path: ["scim-request", "list"],
    meaning: "list what an identity provider has sent",
    method: ProvisioningService.method.listSCIMRequests,
    argument: "scim_configuration_id",
    list: { items: "scimRequests", columns: ["id", "createdAt", "method", "path", "status", "detail"] },
  },
  {
    path: ["scim-request", "get"],
    meaning: "show one request and what it changed",
    method: ProvisioningService.method.getSCIMRequest,
    argument: "scim_request_id",
  },
  {
    path: ["scim-request", "preview"],
    meaning: "say what a request would do",
    method: ProvisioningService.method.previewSCIMRequest,
    argument: "scim_configuration_id",
  },
  {
    path: ["scim-hold", "list"],
    meaning: "list holds of mass deprovisionings",
    method: ProvisioningService.method.listSCIMHolds,
    list: { items: "scimHolds", columns: ["id", "scimConfigurationId", "state", "createdAt", "expiresAt"] },
  },
  {
    path: ["scim-hold", "approve"],
    meaning: "let the directory go on",
    method: ProvisioningService.method.approveSCIMHold,
    argument: "scim_hold_id",
  },
  {
    path: ["scim-hold", "refuse"],
    meaning: "keep the directory from going on",
    method: ProvisioningService.method.refuseSCIMHold,
    argument: "scim_hold_id",
  },

  {
    path: ["pat", "list"],
    meaning: "list them",
    method: u.listPersonalAccessTokens,
    list: {
      items: "personalAccessTokens",
      columns: ["id", "userId", "description", "readOnly", "expiresAt", "lastUsed"],
    },
  },
  { path: ["pat", "create"], meaning: "make one and show it, this once", method: u.createPersonalAccessToken },
  {
    path: ["pat", "delete"],
    meaning: "revoke one",
    method: u.deletePersonalAccessToken,
    argument: "personal_access_token_id",
  },

  { path: ["account", "get"], meaning: "show it, with its memberships", method: AccountService.method.getAccount },
  {
    path: ["account", "joinable"],
    meaning: "list organizations that can be joined without an invite",
    method: AccountService.method.listJoinableOrganizations,
    list: {
      items: "joinableOrganizations",
      columns: ["organizationId", "organizationName", "organizationMemberCount"],
    },
  },
  {
    path: ["me", "identity"],
    meaning: "show who the server thinks you are",
    method: IdentityService.method.getAuthenticatedIdentity,
  },
  { path: ["me", "user"], meaning: "show the user of the token", method: u.getAuthenticatedUser },
];
