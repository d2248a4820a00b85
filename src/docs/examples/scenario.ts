/**
 * One example for each method, in an order in which they can be run one after the other against one server: what later
 * ones need, earlier ones have answered with. The tests do exactly that, in every language.
 */
import type { JsonObject } from "@bufbuild/protobuf";

/** One call. In its request, a string such as `$GROUP_ID` stands for the value of an environment variable. */
export interface Example {
  /** `package.Service/Method` */
  readonly method: string;
  readonly request: JsonObject;
  /** Variables of later examples → where in the response their value is, by JSON names; a number is an index. */
  readonly gives?: Readonly<Record<string, string>>;
  /** Who calls, when it is not an admin of the organization. */
  readonly caller?: "newcomer";
  /** The code that the call is refused with, for a method that always refuses. */
  readonly fails?: "unimplemented";
}

/** What the reader has to bring: everything that no example answers with. */
export const VARIABLES: Readonly<Record<string, string>> = {
  ORGANIZATION_SERVICE_URL: "the server's URL",
  TOKEN: "an API token of an admin; the first start prints one",
  EXCHANGE_TOKEN: "what a sign-in handed to the program: the code, a dot, and the verifier of its challenge (RFC 7636)",
};

const o = "gitpod.v1.OrganizationService";
const account = "gitpod.v1.AccountService";
const user = "gitpod.v1.UserService";
const group = "gitpod.v1.GroupService";
const identity = "gitpod.v1.IdentityService";
const event = "gitpod.v1.EventService";
const signIn = "organization.v1.SignInService";
const session = "organization.v1.SessionService";
const provisioning = "organization.v1.ProvisioningService";

const organizationId = "$ORGANIZATION_ID";
const ssoConfigurationId = "$SSO_CONFIGURATION_ID";
const scimConfigurationId = "$SCIM_CONFIGURATION_ID";
const domainVerificationId = "$DOMAIN_VERIFICATION_ID";
const groupId = "$GROUP_ID";
const email = "ada@acme.example";

/** The examples, in the order in which they can be run. */
export const EXAMPLES: readonly Example[] = [
  {
    method: `${identity}/GetAuthenticatedIdentity`,
    request: {},
    gives: { ORGANIZATION_ID: "organizationId", USER_ID: "subject.id" },
  },
  { method: `${user}/GetAuthenticatedUser`, request: {} },
  { method: `${account}/GetAccount`, request: {} },

  { method: `${o}/GetOrganization`, request: { organizationId } },
  {
    method: `${o}/UpdateOrganization`,
    request: { organizationId, name: "Acme Corporation", inviteDomains: { domains: ["acme.example"] } },
  },
  { method: `${o}/CreateOrganization`, request: { name: "Acme Research", joinOrganization: true } },
  {
    method: `${o}/SetStripeCustomerID`,
    request: { organizationId, stripeCustomerId: "cus_Q1w2e3r4" },
    fails: "unimplemented",
  },

  {
    method: `${o}/CreateDomainVerification`,
    request: { organizationId, domain: "acme.example" },
    gives: {
      DOMAIN_VERIFICATION_ID: "domainVerification.id",
      VERIFICATION_TOKEN: "domainVerification.verificationToken",
    },
  },
  { method: `${o}/GetDomainVerification`, request: { domainVerificationId } },
  { method: `${o}/VerifyDomain`, request: { domainVerificationId } },
  { method: `${o}/ListDomainVerifications`, request: { organizationId } },

  {
    method: `${o}/CreateSSOConfiguration`,
    request: {
      organizationId,
      displayName: "Okta",
      issuerUrl: "https://acme.okta.com",
      clientId: "0oa1b2c3d4e5f6g7h8i9",
      clientSecret: "the-secret-that-the-provider-shows",
      emailDomains: ["acme.example"],
      additionalScopes: ["groups"],
      claimsExpression: 'claims.email_verified && "engineering" in claims.groups',
    },
    gives: { SSO_CONFIGURATION_ID: "ssoConfiguration.id" },
  },
  { method: `${o}/GetSSOConfiguration`, request: { ssoConfigurationId } },
  { method: `${o}/ListSSOConfigurations`, request: { organizationId, pagination: { pageSize: 25 } } },
  {
    method: `${o}/UpdateSSOConfiguration`,
    request: {
      ssoConfigurationId,
      clientId: "0oa9i8h7g6f5e4d3c2b1",
      clientSecret: "the-new-secret",
      state: "SSO_CONFIGURATION_STATE_ACTIVE",
      claims: { groups: "groups_direct" },
      additionalScopes: { scopes: ["groups", "offline_access"] },
    },
  },
  {
    method: `${signIn}/StartTestSignIn`,
    request: { ssoConfigurationId, claimsExpression: "claims.email_verified" },
    gives: { TEST_SIGN_IN_ID: "test.id" },
  },
  { method: `${signIn}/GetTestSignIn`, request: { testSignInId: "$TEST_SIGN_IN_ID" } },
  {
    method: `${signIn}/EvaluateClaimsExpression`,
    request: {
      expression: 'claims.email.endsWith("@acme.example")',
      claimsJson: '{"email": "ada@acme.example", "email_verified": true}',
    },
  },

  { method: `${account}/GetSSOLoginURL`, request: { email } },
  { method: `${account}/ListSSOLogins`, request: { email } },
  { method: `${account}/ListLoginProviders`, request: { filter: { email } } },
  { method: `${account}/ListJoinableOrganizations`, request: { pagination: { pageSize: 10 } } },

  {
    method: `${o}/CreateSCIMConfiguration`,
    request: { organizationId, ssoConfigurationId, name: "Okta directory", tokenExpiresIn: "7776000s" },
    gives: { SCIM_CONFIGURATION_ID: "scimConfiguration.id", SCIM_TOKEN: "token" },
  },
  { method: `${o}/GetSCIMConfiguration`, request: { scimConfigurationId } },
  { method: `${o}/ListSCIMConfigurations`, request: { pagination: { pageSize: 25 } } },
  {
    method: `${o}/RegenerateSCIMToken`,
    request: { scimConfigurationId, tokenExpiresIn: "31536000s" },
    gives: { SCIM_TOKEN: "token" },
  },

  {
    method: `${provisioning}/PreviewSCIMRequest`,
    request: {
      scimConfigurationId,
      method: "POST",
      path: "/Users",
      body: {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName: email,
        active: true,
      },
    },
  },
  {
    method: `${provisioning}/ListSCIMRequests`,
    request: { scimConfigurationId, failed: false },
    gives: { SCIM_REQUEST_ID: "scimRequests.0.id" },
  },
  { method: `${provisioning}/GetSCIMRequest`, request: { scimRequestId: "$SCIM_REQUEST_ID" } },
  {
    method: `${provisioning}/ListSCIMHolds`,
    request: { scimConfigurationId },
    gives: { SCIM_HOLD_ID: "scimHolds.0.id", OTHER_SCIM_HOLD_ID: "scimHolds.1.id" },
  },
  { method: `${provisioning}/ApproveSCIMHold`, request: { scimHoldId: "$SCIM_HOLD_ID" } },
  { method: `${provisioning}/RefuseSCIMHold`, request: { scimHoldId: "$OTHER_SCIM_HOLD_ID" } },
  {
    method: `${o}/UpdateSCIMConfiguration`,
    request: { scimConfigurationId, name: "Okta directory, paused", enabled: false },
  },

  {
    method: `${o}/CreateOrganizationInvite`,
    request: { organizationId },
    gives: { INVITE_ID: "invite.inviteId" },
  },
  { method: `${o}/GetOrganizationInvite`, request: { organizationId }, gives: { INVITE_ID: "invite.inviteId" } },
  { method: `${o}/GetOrganizationInviteSummary`, request: { inviteId: "$INVITE_ID" } },
  { method: `${o}/JoinOrganization`, request: { inviteId: "$INVITE_ID" }, caller: "newcomer" },
  {
    method: `${o}/ListMembers`,
    request: {
      organizationId,
      filter: { roles: ["ORGANIZATION_ROLE_MEMBER"], statuses: ["USER_STATUS_ACTIVE"] },
      sort: { field: "SORT_FIELD_NAME", order: "SORT_ORDER_ASC" },
      count: { include: true },
    },
    gives: { MEMBER_ID: "members.0.userId", OTHER_MEMBER_ID: "members.1.userId" },
  },
  { method: `${user}/GetUser`, request: { userId: "$MEMBER_ID" } },
  {
    method: `${o}/SetRole`,
    request: { organizationId, userId: "$MEMBER_ID", role: "ORGANIZATION_ROLE_ADMIN" },
  },
  { method: `${user}/SetSuspended`, request: { userId: "$MEMBER_ID", suspended: true } },
  { method: `${o}/LeaveOrganization`, request: { userId: "$MEMBER_ID" } },
  { method: `${user}/DeleteUser`, request: { userId: "$OTHER_MEMBER_ID" } },

  {
    method: `${user}/CreatePersonalAccessToken`,
    request: { userId: "$USER_ID", description: "Nightly report", validFor: "2592000s", readOnly: true },
    gives: { REPORT_TOKEN: "token" },
  },
  {
    method: `${user}/ListPersonalAccessTokens`,
    request: { filter: { userIds: ["$USER_ID"] } },
    gives: { PERSONAL_ACCESS_TOKEN_ID: "personalAccessTokens.0.id" },
  },
  { method: `${user}/GetPersonalAccessToken`, request: { personalAccessTokenId: "$PERSONAL_ACCESS_TOKEN_ID" } },
  { method: `${user}/DeletePersonalAccessToken`, request: { personalAccessTokenId: "$PERSONAL_ACCESS_TOKEN_ID" } },

  {
    method: `${group}/CreateGroup`,
    request: { organizationId, name: "Platform team", description: "Who keeps it running" },
    gives: { GROUP_ID: "group.id" },
  },
  { method: `${group}/GetGroup`, request: { id: "$GROUP_ID" } },
  { method: `${group}/ListGroups`, request: { filter: { search: "platform" } } },
  { method: `${group}/UpdateGroup`, request: { groupId, name: "Platform", description: "Who keeps it running" } },
  {
    method: `${group}/CreateMembership`,
    request: { groupId, subject: { id: "$USER_ID", principal: "PRINCIPAL_USER" } },
    gives: { MEMBERSHIP_ID: "member.id" },
  },
  {
    method: `${group}/GetMembership`,
    request: { groupId, subject: { id: "$USER_ID", principal: "PRINCIPAL_USER" } },
  },
  { method: `${group}/ListMemberships`, request: { groupId } },
  { method: `${group}/DeleteMembership`, request: { membershipId: "$MEMBERSHIP_ID" } },
  { method: `${group}/DeleteGroup`, request: { groupId } },

  { method: `${o}/GetOrganizationPolicies`, request: { organizationId } },
  {
    method: `${o}/UpdateOrganizationPolicies`,
    request: {
      organizationId,
      maximumEnvironmentTimeout: "7200s",
      maximumRunningEnvironmentsPerUser: "4",
      portSharingDisabled: true,
      agentPolicy: { mcpDisabled: true, commandDenyList: ["rm", "dd"] },
    },
  },
  { method: `${o}/GetOIDCConfig`, request: { organizationId } },
  {
    method: `${o}/UpdateOIDCConfig`,
    request: { organizationId, oidcConfig: { v3: { extraSubFields: ["email"] } } },
  },
  { method: `${identity}/GetIDToken`, request: { audience: ["https://service.acme.example"] } },
  {
    method: `${o}/UpdateAnnouncementBanner`,
    request: { organizationId, message: "Maintenance on Sunday from 8 to 9 UTC", enabled: true },
  },
  { method: `${o}/GetAnnouncementBanner`, request: { organizationId } },

  {
    method: `${o}/UpdateTermsOfService`,
    request: { organizationId, markdown: "# Terms\n\nKeep what you see here to yourself.", enabled: true },
    gives: { TERMS_VERSION_ID: "termsOfService.currentVersion.id" },
  },
  { method: `${o}/GetTermsOfService`, request: { organizationId } },
  { method: `${o}/AcceptTermsOfService`, request: { organizationId, versionId: "$TERMS_VERSION_ID" } },
  { method: `${o}/ListTermsOfServiceVersions`, request: { organizationId } },
  {
    method: `${o}/ListTermsOfServiceAcceptances`,
    request: {
      organizationId,
      version: 1,
      filter: { statuses: ["TERMS_OF_SERVICE_ACCEPTANCE_STATUS_PENDING"] },
    },
  },
  { method: `${o}/GetTermsOfServiceAcceptancesExport`, request: { organizationId, version: 1 } },

  {
    method: `${o}/CreateCustomDomain`,
    request: { organizationId, domainName: "sso.acme.example", provider: "CUSTOM_DOMAIN_PROVIDER_AWS" },
  },
  { method: `${o}/GetCustomDomain`, request: { organizationId } },
  { method: `${o}/UpdateCustomDomain`, request: { organizationId, domainName: "login.acme.example" } },
  { method: `${o}/DeleteCustomDomain`, request: { organizationId } },

  {
    method: `${session}/ListSessions`,
    request: { userId: "$USER_ID" },
    gives: { SESSION_ID: "sessions.0.id" },
  },
  { method: `${session}/RevokeSession`, request: { sessionId: "$SESSION_ID" } },
  { method: `${session}/RevokeUserSessions`, request: { userId: "$USER_ID" } },
  { method: `${session}/RevokeConfigurationSessions`, request: { ssoConfigurationId } },
  { method: `${identity}/ExchangeToken`, request: { exchangeToken: "$EXCHANGE_TOKEN" } },

  {
    method: `${event}/ListAuditLogs`,
    request: { filter: { subjectTypes: ["RESOURCE_TYPE_SSO_CONFIG"] }, pagination: { pageSize: 10 } },
    gives: { AUDIT_LOG_ENTRY_ID: "entries.0.id" },
  },
  { method: `${event}/GetAuditLog`, request: { auditLogEntryId: "$AUDIT_LOG_ENTRY_ID" } },
  {
    method: "organization.v1.AuditService/GetAuditLogChange",
    request: { auditLogEntryId: "$AUDIT_LOG_ENTRY_ID" },
  },
  {
    method: `${event}/WatchEvents`,
    request: { organization: true, resourceTypeFilters: [{ resourceType: "RESOURCE_TYPE_GROUP" }] },
  },

  { method: `${o}/DeleteSCIMConfiguration`, request: { scimConfigurationId } },
  { method: `${o}/DeleteSSOConfiguration`, request: { ssoConfigurationId } },
  { method: `${o}/DeleteDomainVerification`, request: { domainVerificationId } },
  { method: `${o}/DeleteOrganization`, request: { organizationId } },
];

/** Names of the variables in a request, each once, in the order in which they come. */
export function variablesIn(request: unknown): string[] {
  const found = JSON.stringify(request).matchAll(/"\$([A-Z_]+)"/g);
  return [...new Set(Array.from(found, ([, name = ""]) => name))];
}
