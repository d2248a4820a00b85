import type { Records } from "../../../src/storage/storage.ts";
import { insertAccount } from "../records.ts";
import type { Subject } from "../subject.ts";
import { accounts } from "./accounts.ts";
import { announcementBanners, putAnnouncementBanner } from "./announcement-banners.ts";
import { apiTokens, insertApiToken } from "./api-tokens.ts";
import { appendAuditEntry, auditEntries } from "./audit-entries.ts";
import { customDomains, insertCustomDomain } from "./custom-domains.ts";
import { domainVerifications, insertDomainVerification } from "./domain-verifications.ts";
import { exchangeTokens, insertExchangeToken } from "./exchange-tokens.ts";
import { groupMemberships, insertGroupMembership } from "./group-memberships.ts";
import { groups, insertGroup } from "./groups.ts";
import { identities } from "./identities.ts";
import { claimJobRun, jobRuns } from "./job-runs.ts";
import { locks } from "./locks.ts";
import { oidcConfigs, putOidcConfig } from "./oidc-configs.ts";
import { organizationInvites, putOrganizationInvite } from "./organization-invites.ts";
import { organizationPolicies, putOrganizationPolicies } from "./organization-policies.ts";
import { organizations } from "./organizations.ts";
import { insertPendingSignIn, pendingSignIns } from "./pending-sign-ins.ts";
import { putReceivedClaims, receivedClaims } from "./received-claims.ts";
import { insertLinkedScimConfiguration, scimConfigurations } from "./scim-configurations.ts";
import { putScimFormerUser, scimFormerUsers } from "./scim-former-users.ts";
import { insertScimGroup, scimGroups } from "./scim-groups.ts";
import { insertScimHold, scimHolds } from "./scim-holds.ts";
import { insertScimRequest, scimRequests } from "./scim-requests.ts";
import { insertScimUser, scimUsers } from "./scim-users.ts";
import { sealedValues } from "./sealed-values.ts";
import { insertSession, sessions } from "./sessions.ts";
import { signingKeys } from "./signing-keys.ts";
import { insertSsoConfiguration, ssoConfigurations } from "./sso-configurations.ts";
import { putTermsOfService, termsOfService } from "./terms-of-service.ts";
import { insertTestSignIn, testSignIns } from "./test-sign-ins.ts";
import { insertUser, users } from "./users.ts";

/** What the suite knows of one noun. */
export interface Noun {
  /** Declares the tests of every method of the store. */
  readonly cases: (subject: Subject) => void;
  /** Inserts a row that belongs to the organization, where rows of the noun do; it has to go with the organization. */
  readonly insertInto?: (records: Records, organizationId: string) => Promise<unknown>;
}

/** Every noun of `Records`: add yours here, with a file of its own. */
export const NOUNS: { readonly [Name in keyof Records]: Noun } = {
  organizations: { cases: organizations },
  organizationInvites: { cases: organizationInvites, insertInto: putOrganizationInvite },
  accounts: { cases: accounts, insertInto: insertAccount },
  users: { cases: users, insertInto: (records, organizationId) => insertUser(records, organizationId) },
  apiTokens: { cases: apiTokens, insertInto: (records, organizationId) => insertApiToken(records, organizationId) },
  exchangeTokens: { cases: exchangeTokens, insertInto: insertExchangeToken },
  sessions: { cases: sessions, insertInto: (records, organizationId) => insertSession(records, organizationId) },
  identities: { cases: identities },
  pendingSignIns: {
    cases: pendingSignIns,
    insertInto: (records, organizationId) => insertPendingSignIn(records, organizationId),
  },
  receivedClaims: {
    cases: receivedClaims,
    insertInto: (records, organizationId) => putReceivedClaims(records, organizationId),
  },
  testSignIns: {
    cases: testSignIns,
    insertInto: (records, organizationId) => insertTestSignIn(records, organizationId),
  },
  signingKeys: { cases: signingKeys },
  ssoConfigurations: {
    cases: ssoConfigurations,
    insertInto: (records, organizationId) => insertSsoConfiguration(records, organizationId),
  },
  scimConfigurations: { cases: scimConfigurations, insertInto: insertLinkedScimConfiguration },
  scimUsers: { cases: scimUsers, insertInto: (records, organizationId) => insertScimUser(records, organizationId) },
  scimFormerUsers: { cases: scimFormerUsers, insertInto: putScimFormerUser },
  scimGroups: { cases: scimGroups, insertInto: (records, organizationId) => insertScimGroup(records, organizationId) },
  scimRequests: { cases: scimRequests, insertInto: insertScimRequest },
  scimHolds: { cases: scimHolds, insertInto: insertScimHold },
  announcementBanners: { cases: announcementBanners, insertInto: putAnnouncementBanner },
  customDomains: { cases: customDomains, insertInto: insertCustomDomain },
  domainVerifications: {
    cases: domainVerifications,
    insertInto: (records, organizationId) => insertDomainVerification(records, organizationId),
  },
  groupMemberships: {
    cases: groupMemberships,
    insertInto: (records, organizationId) => insertGroupMembership(records, organizationId),
  },
  groups: { cases: groups, insertInto: (records, organizationId) => insertGroup(records, organizationId) },
  jobRuns: { cases: jobRuns, insertInto: claimJobRun },
  oidcConfigs: { cases: oidcConfigs, insertInto: putOidcConfig },
  organizationPolicies: { cases: organizationPolicies, insertInto: putOrganizationPolicies },
  termsOfService: { cases: termsOfService, insertInto: putTermsOfService },
  auditEntries: {
    cases: auditEntries,
    insertInto: (records, organizationId) => appendAuditEntry(records, organizationId),
  },
  sealedValues: { cases: sealedValues },
  locks: { cases: locks },
};
