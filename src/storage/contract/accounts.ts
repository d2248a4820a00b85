/** A person, known by sign-in identities and an email that is an attribute, never a key. */
export interface AccountRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly avatarUrl: string;
  /** The organization that owns the account when it was made through its sign-in; otherwise undefined. */
  readonly organizationId: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface AccountStore {
  get(id: string): Promise<AccountRecord | undefined>;
  /** @throws DuplicateError when the id exists. */
  insert(account: AccountRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(account: AccountRecord): Promise<void>;
}
