import type { Page, PageRequest } from "./common.ts";

/** Whether the members of an organization have to accept its terms. */
export interface TermsOfServiceRecord {
  readonly organizationId: string;
  readonly enabled: boolean;
}

/** A text that was published; it never changes. */
export interface TermsVersionRecord {
  readonly id: string;
  readonly organizationId: string;
  /** 1, 2, 3 … in each organization. */
  readonly version: number;
  readonly markdown: string;
  readonly createdByUserId: string;
  readonly createdAt: number;
}

/** That a user has accepted one version. */
export interface TermsAcceptanceRecord {
  readonly organizationId: string;
  readonly userId: string;
  readonly version: number;
  readonly versionId: string;
  readonly acceptedAt: number;
}

export interface TermsOfServiceStore {
  /** Undefined as long as nobody has turned the terms on or off. */
  get(organizationId: string): Promise<TermsOfServiceRecord | undefined>;
  /** Inserts or replaces the organization's row. */
  put(terms: TermsOfServiceRecord): Promise<void>;
  /** The newest version, or undefined when none was published. */
  currentVersion(organizationId: string): Promise<TermsVersionRecord | undefined>;
  /** The version with this number, or undefined. */
  getVersion(organizationId: string, version: number): Promise<TermsVersionRecord | undefined>;
  /** The versions, the newest first. */
  listVersions(organizationId: string, page: PageRequest): Promise<Page<TermsVersionRecord>>;
  /** @throws DuplicateError when the id exists, or the organization has a version with this number. */
  insertVersion(version: TermsVersionRecord): Promise<void>;
  /** The user's acceptance of the version with this number, or undefined. */
  getAcceptance(userId: string, version: number): Promise<TermsAcceptanceRecord | undefined>;
  /** The newest acceptance of each of the users that has one, in any order. An empty list asks for none. */
  newestAcceptances(userIds: readonly string[]): Promise<readonly TermsAcceptanceRecord[]>;
  /** @throws DuplicateError when the user has accepted that version. */
  insertAcceptance(acceptance: TermsAcceptanceRecord): Promise<void>;
}
