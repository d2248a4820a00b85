import type { Page, PageRequest, Scope } from "./common.ts";

/** An organization's claim to a DNS domain, and whether DNS has proven it. */
export interface DomainVerificationRecord {
  readonly id: string;
  readonly organizationId: string;
  /** Lower case ASCII (A-labels), without a trailing dot. */
  readonly domain: string;
  readonly state: "pending" | "verified";
  /** What the TXT record has to hold. Public. */
  readonly verificationToken: string;
  /** When it was proven; undefined while pending. */
  readonly verifiedAt: number | undefined;
  /** When DNS last gave an answer, or was last asked in the background. */
  readonly lastCheckedAt: number | undefined;
  /** How often in a row the background check was told that the record is gone. */
  readonly failures: number;
  readonly createdAt: number;
}

export interface DomainVerificationStore {
  get(scope: Scope, id: string): Promise<DomainVerificationRecord | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scope: Scope, id: string): Promise<DomainVerificationRecord | undefined>;
  /** The organization's verifications in creation order. */
  list(organizationId: string, page: PageRequest): Promise<Page<DomainVerificationRecord>>;
  /** Which of the domains the organization has proven, in any order. An empty list asks for none. */
  filterVerified(organizationId: string, domains: readonly string[]): Promise<readonly string[]>;
  /** The organizations that have proven the domain, in the order of their ids. */
  listOrganizationsOf(domain: string): Promise<readonly string[]>;
  /** At most `limit` proven domains that were last checked before the time, longest ago first. */
  listDue(checkedBefore: number, limit: number): Promise<readonly DomainVerificationRecord[]>;
  /** @throws DuplicateError when the id exists, or the organization has a verification of the domain. */
  insert(verification: DomainVerificationRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(verification: DomainVerificationRecord): Promise<void>;
  /** A missing row is no error. */
  delete(id: string): Promise<void>;
}
