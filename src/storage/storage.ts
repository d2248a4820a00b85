/**
 * THE storage interface: what the domain knows of the database. Records and each method's contract (missing row,
 * duplicate, empty list, order) stand in `contract/`, one file per noun; `test/storage/conformance.ts` holds every engine to
 * them. Everything that belongs to an organization is read through a {@link Scope}: another organization's row is not found.
 */
import type { AccountStore } from "./contract/accounts.ts";
import type { AnnouncementBannerStore } from "./contract/announcement-banners.ts";
import type { ApiTokenStore } from "./contract/api-tokens.ts";
import type { AuditEntryStore } from "./contract/audit-entries.ts";
import type { CustomDomainStore } from "./contract/custom-domains.ts";
import type { DomainVerificationStore } from "./contract/domain-verifications.ts";
import type { ExchangeTokenStore } from "./contract/exchange-tokens.ts";
import type { GroupMembershipStore } from "./contract/group-memberships.ts";
import type { GroupStore } from "./contract/groups.ts";
import type { IdentityStore } from "./contract/identities.ts";
import type { OrganizationInviteStore } from "./contract/invites.ts";
import type { JobRunStore } from "./contract/job-runs.ts";
import type { LockStore } from "./contract/locks.ts";
import type { OidcConfigStore } from "./contract/oidc-configs.ts";
import type { OrganizationPolicyStore } from "./contract/organization-policies.ts";
import type { OrganizationStore } from "./contract/organizations.ts";
import type { PendingSignInStore } from "./contract/pending-sign-ins.ts";
import type { ReceivedClaimsStore } from "./contract/received-claims.ts";
import type { ScimConfigurationStore } from "./contract/scim-configurations.ts";
import type { ScimFormerUserStore } from "./contract/scim-former-users.ts";
import type { ScimGroupStore } from "./contract/scim-groups.ts";
import type { ScimHoldStore } from "./contract/scim-holds.ts";
import type { ScimRequestStore } from "./contract/scim-requests.ts";
import type { ScimUserStore } from "./contract/scim-users.ts";
import type { SealedValueStore } from "./contract/sealed-values.ts";
import type { SessionStore } from "./contract/sessions.ts";
import type { SigningKeyStore } from "./contract/signing-keys.ts";
import type { SsoConfigurationStore } from "./contract/sso-configurations.ts";
import type { TermsOfServiceStore } from "./contract/terms-of-service.ts";
import type { TestSignInStore } from "./contract/test-sign-ins.ts";
import type { UserStore } from "./contract/users.ts";

export * from "./contract/accounts.ts";
export * from "./contract/announcement-banners.ts";
export * from "./contract/api-tokens.ts";
export * from "./contract/audit-entries.ts";
export * from "./contract/common.ts";
export * from "./contract/custom-domains.ts";
export * from "./contract/domain-verifications.ts";
export * from "./contract/exchange-tokens.ts";
export * from "./contract/group-memberships.ts";
export * from "./contract/groups.ts";
export * from "./contract/identities.ts";
export * from "./contract/invites.ts";
export * from "./contract/job-runs.ts";
export * from "./contract/locks.ts";
export * from "./contract/oidc-configs.ts";
export * from "./contract/organization-policies.ts";
export * from "./contract/organizations.ts";
export * from "./contract/pending-sign-ins.ts";
export * from "./contract/received-claims.ts";
export * from "./contract/scim-configurations.ts";
export * from "./contract/scim-filters.ts";
export * from "./contract/scim-former-users.ts";
export * from "./contract/scim-groups.ts";
export * from "./contract/scim-holds.ts";
export * from "./contract/scim-requests.ts";
export * from "./contract/scim-users.ts";
export * from "./contract/sealed-values.ts";
export * from "./contract/sessions.ts";
export * from "./contract/signing-keys.ts";
export * from "./contract/sso-configurations.ts";
export * from "./contract/terms-of-service.ts";
export * from "./contract/test-sign-ins.ts";
export * from "./contract/users.ts";

/** One store per noun. */
export interface Records {
  readonly organizations: OrganizationStore;
  readonly organizationInvites: OrganizationInviteStore;
  readonly accounts: AccountStore;
  readonly identities: IdentityStore;
  readonly users: UserStore;
  readonly apiTokens: ApiTokenStore;
  readonly sessions: SessionStore;
  readonly pendingSignIns: PendingSignInStore;
  readonly receivedClaims: ReceivedClaimsStore;
  readonly testSignIns: TestSignInStore;
  readonly exchangeTokens: ExchangeTokenStore;
  readonly signingKeys: SigningKeyStore;
  readonly ssoConfigurations: SsoConfigurationStore;
  readonly scimConfigurations: ScimConfigurationStore;
  readonly scimUsers: ScimUserStore;
  readonly scimFormerUsers: ScimFormerUserStore;
  readonly scimGroups: ScimGroupStore;
  readonly scimRequests: ScimRequestStore;
  readonly scimHolds: ScimHoldStore;
  readonly announcementBanners: AnnouncementBannerStore;
  readonly customDomains: CustomDomainStore;
  readonly domainVerifications: DomainVerificationStore;
  readonly groupMemberships: GroupMembershipStore;
  readonly groups: GroupStore;
  readonly jobRuns: JobRunStore;
  readonly oidcConfigs: OidcConfigStore;
  readonly organizationPolicies: OrganizationPolicyStore;
  readonly termsOfService: TermsOfServiceStore;
  readonly auditEntries: AuditEntryStore;
  readonly sealedValues: SealedValueStore;
  readonly locks: LockStore;
}

/** Is told that audit entries of an organization (or, undefined, of any) were committed. */
export type ChangeListener = (organizationId: string | undefined) => void;

/** A database. Open one with `openStorage` of `open.ts`. */
export interface Storage {
  /** Reads outside a transaction: each call sees what is committed. Writing through it throws. */
  readonly read: Records;
  /**
   * Runs the work in one transaction and commits when it resolves; when it throws, nothing of it remains and the error
   * is passed on. The work may run again after a deadlock, so it must do nothing but use the records. The first error of
   * a record ends the transaction, whatever the work does with it: every later use of the records throws it again, and so
   * does the write, unless the work throws an error of its own. What the work calls without waiting for it belongs to the
   * transaction all the same. A write inside a write throws.
   * An acknowledged commit survives a crash and a loss of power.
   * @throws StorageUnavailableError when the database cannot be reached.
   */
  write<T>(work: (records: Records) => Promise<T>): Promise<T>;
  /**
   * Calls the listener soon after audit entries were committed, by any process: with the id of their organization, or with
   * undefined when entries of any organization, or of none, may have been. It may be called for nothing, and before
   * whoever wrote has its answer; a process that dies right after its commit may tell nobody. So a listener that must
   * miss nothing reads by sequence, when it is called and now and then besides. The listener must not throw.
   * @returns ends the subscription.
   */
  subscribe(listener: ChangeListener): () => void;
  /** Resolves when a query can be answered. @throws StorageUnavailableError */
  ping(): Promise<void>;
  /** Waits for what runs and closes every connection. A second call does nothing; use after it throws. */
  close(): Promise<void>;
}
