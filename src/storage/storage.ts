/**
 * THE storage interface: what the domain knows of the database. Records and each method's contract (missing row,
 * duplicate, empty list, order) stand in `contract/`, one file per noun; `test/storage/conformance.ts` holds every engine to
 * them. Everything that belongs to an organization is read through a {@link Scope}: another organization's row is not found.
 */
import type { AccountStore } from "./contract/accounts.ts";
import type { ApiTokenStore } from "./contract/api-tokens.ts";
import type { AuditEntryStore } from "./contract/audit-entries.ts";
import type { LockStore } from "./contract/locks.ts";
import type { OrganizationStore } from "./contract/organizations.ts";
import type { ScimConfigurationStore } from "./contract/scim-configurations.ts";
import type { SsoConfigurationStore } from "./contract/sso-configurations.ts";
import type { UserStore } from "./contract/users.ts";

export * from "./contract/accounts.ts";
export * from "./contract/api-tokens.ts";
export * from "./contract/audit-entries.ts";
export * from "./contract/common.ts";
export * from "./contract/locks.ts";
export * from "./contract/organizations.ts";
export * from "./contract/scim-configurations.ts";
export * from "./contract/sso-configurations.ts";
export * from "./contract/users.ts";

/** One store per noun. */
export interface Records {
  readonly organizations: OrganizationStore;
  readonly accounts: AccountStore;
  readonly users: UserStore;
  readonly apiTokens: ApiTokenStore;
  readonly ssoConfigurations: SsoConfigurationStore;
  readonly scimConfigurations: ScimConfigurationStore;
  readonly auditEntries: AuditEntryStore;
  readonly locks: LockStore;
}

/** A database. Open one with `openStorage` of `open.ts`. */
export interface Storage {
  /** Reads outside a transaction: each call sees what is committed. Writing through it throws. */
  readonly read: Records;
  /**
   * Runs the work in one transaction and commits when it resolves; when it throws, nothing of it remains and the error
   * is passed on. The work may run again after a deadlock, so it must do nothing but use the records.
   * An acknowledged commit survives a crash and a loss of power.
   * @throws StorageUnavailableError when the database cannot be reached.
   */
  write<T>(work: (records: Records) => Promise<T>): Promise<T>;
  /** Resolves when a query can be answered. @throws StorageUnavailableError */
  ping(): Promise<void>;
  /** Waits for what runs and closes every connection. A second call does nothing; use after it throws. */
  close(): Promise<void>;
}
