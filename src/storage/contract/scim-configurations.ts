import type { Page, PageRequest, Scope } from "./common.ts";

/** SCIM 2.0 provisioning settings of an organization, and the hash of the one bearer token that opens them. */
export interface ScimConfigurationRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The SSO configuration that provisioned people sign in with; undefined when unlinked. */
  readonly ssoConfigurationId: string | undefined;
  readonly allowUnverifiedEmailAccountLinking: boolean;
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
  readonly tokenExpiresAt: number;
  /** Seconds: what a regenerate without its own duration uses again. */
  readonly tokenLifetime: number;
  readonly tokenLastUsedAt: number | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ScimConfigurationStore {
  get(scope: Scope, id: string): Promise<ScimConfigurationRecord | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scope: Scope, id: string): Promise<ScimConfigurationRecord | undefined>;
  /** The scope's configurations in creation order. */
  list(scope: Scope, page: PageRequest): Promise<Page<ScimConfigurationRecord>>;
  /** Ids of the configurations that link to the SSO configuration, in creation order. */
  listIdsLinkedTo(organizationId: string, ssoConfigurationId: string): Promise<readonly string[]>;
  /** @throws DuplicateError when the id or token hash exists. */
  insert(configuration: ScimConfigurationRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(configuration: ScimConfigurationRecord): Promise<void>;
  /** Notes when the tokens with these hashes were last used; never moves it back. Tokens that were replaced are ignored. */
  touch(uses: ReadonlyMap<string, number>): Promise<void>;
  /** A missing row is no error. */
  delete(id: string): Promise<void>;
}
