import { createAccounts } from "./accounts.ts";
import { createAnnouncementBanners } from "./announcement-banners.ts";
import { createApiTokens } from "./api-tokens.ts";
import { createAuditLog } from "./audit-log.ts";
import { createCustomDomains } from "./custom-domains.ts";
import { createDomainVerifications } from "./domain-verifications.ts";
import type { Environment } from "./environment.ts";
import { createEvents } from "./events.ts";
import { createExchangeTokens } from "./exchange-tokens.ts";
import { createGroupMemberships } from "./group-memberships.ts";
import { createGroups } from "./groups.ts";
import { createIdTokens } from "./id-tokens.ts";
import { createIdentity } from "./identity.ts";
import { createIdentityProviders } from "./identity-providers.ts";
import { createInvites } from "./invites.ts";
import { createLogins } from "./logins.ts";
import { createMembers } from "./members.ts";
import { createOidcConfigs } from "./oidc-configs.ts";
import { createOrganizationPolicies } from "./organization-policies.ts";
import { createOrganizations } from "./organizations.ts";
import { createPrincipals } from "./principals.ts";
import { createProvisioning } from "./provisioning.ts";
import { createScimConfigurations } from "./scim-configurations.ts";
import { createSecrets } from "./secrets.ts";
import { createSessions } from "./sessions.ts";
import { createSignIns } from "./sign-ins.ts";
import { createSigningKeys } from "./signing-keys.ts";
import { createSsoConfigurations } from "./sso-configurations.ts";
import { createTermsOfService } from "./terms-of-service.ts";
import { createUsers } from "./users.ts";

/** Every rule of the service, one entry per noun. The doors call these and nothing else. */
export function createDomain(environment: Environment) {
  const identityProviders = createIdentityProviders(environment);
  const ssoConfigurations = createSsoConfigurations(environment);
  const principals = createPrincipals(environment);
  const signingKeys = createSigningKeys(environment);
  return {
    principals,
    organizations: createOrganizations(environment),
    invites: createInvites(environment),
    members: createMembers(environment),
    users: createUsers(environment),
    accounts: createAccounts(environment),
    identity: createIdentity(),
    logins: createLogins(environment),
    apiTokens: createApiTokens(environment),
    ssoConfigurations,
    scimConfigurations: createScimConfigurations(environment),
    provisioning: createProvisioning(environment),
    groups: createGroups(environment),
    groupMemberships: createGroupMemberships(environment),
    domainVerifications: createDomainVerifications(environment),
    organizationPolicies: createOrganizationPolicies(environment),
    announcementBanners: createAnnouncementBanners(environment),
    customDomains: createCustomDomains(environment),
    oidcConfigs: createOidcConfigs(environment),
    sessions: createSessions(environment),
    signingKeys,
    idTokens: createIdTokens(environment, signingKeys),
    exchangeTokens: createExchangeTokens(environment),
    identityProviders,
    signIns: createSignIns(environment, identityProviders, ssoConfigurations),
    auditLog: createAuditLog(environment),
    events: createEvents(environment, principals),
    termsOfService: createTermsOfService(environment, principals),
    secrets: createSecrets(environment),
  };
}

export type Domain = ReturnType<typeof createDomain>;
