import type { Page, PageRequest, Scope } from "./common.ts";

/** An OpenID Connect login provider of an organization. */
export interface SsoConfigurationRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly displayName: string;
  readonly issuerUrl: string;
  readonly clientId: string;
  /** Sealed by the keyring; never leaves the process. */
  readonly clientSecret: string;
  readonly state: "active" | "inactive";
  readonly providerType: "builtin" | "custom";
  /** Our attribute → the identity provider's claim. */
  readonly claims: Readonly<Record<string, string>>;
  /** Lower case, in order; the first one is `emailDomain`. */
  readonly emailDomains: readonly string[];
  readonly additionalScopes: readonly string[];
  /** CEL; empty means that every verified sign-in is accepted. */
  readonly claimsExpression: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SsoConfigurationStore {
  get(scope: Scope, id: string): Promise<SsoConfigurationRecord | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scope: Scope, id: string): Promise<SsoConfigurationRecord | undefined>;
  /** The organization's configurations in creation order. */
  list(organizationId: string, page: PageRequest): Promise<Page<SsoConfigurationRecord>>;
  /**
   * The active configurations that hold the domain and whose organization has proven it, in creation order: through these
   * its people sign in.
   */
  listServing(domain: string, page: PageRequest): Promise<Page<SsoConfigurationRecord>>;
  /** The organization's active configurations in creation order. */
  listActive(organizationId: string, page: PageRequest): Promise<Page<SsoConfigurationRecord>>;
  /** @throws DuplicateError when the id exists. */
  insert(configuration: SsoConfigurationRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(configuration: SsoConfigurationRecord): Promise<void>;
  /** A missing row is no error. Fails when a SCIM configuration links to it: check first, in the same transaction. */
  delete(id: string): Promise<void>;
}
