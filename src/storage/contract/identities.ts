/** A person at an identity provider. Issuer and subject stay; everything else about the person may change. */
export interface IdentityRecord {
  readonly id: string;
  readonly accountId: string;
  /** The issuer's identifier, character by character (OpenID Connect Core 1.0, section 2). */
  readonly issuer: string;
  /** The person's `sub` there. */
  readonly subject: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
}

export interface IdentityStore {
  /** The identity with this issuer and subject, or undefined. */
  find(issuer: string, subject: string): Promise<IdentityRecord | undefined>;
  /** The account's identities in creation order. */
  listOfAccount(accountId: string): Promise<readonly IdentityRecord[]>;
  /** @throws DuplicateError when the id exists, or the issuer has an identity with the subject. */
  insert(identity: IdentityRecord): Promise<void>;
  /** Notes the last use; never moves it back. A missing row stays missing. */
  touch(id: string, at: number): Promise<void>;
}
