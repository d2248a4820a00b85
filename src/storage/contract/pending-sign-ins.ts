/** A sign-in between its start and the answer of the identity provider. */
export interface PendingSignInRecord {
  /** SHA-256 of the state and of what the browser keeps, base64url: only both together find the row. */
  readonly stateHash: string;
  readonly organizationId: string;
  readonly ssoConfigurationId: string;
  /** What the end of the sign-in needs; sealed by the keyring. */
  readonly sealed: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface PendingSignInStore {
  /** @throws DuplicateError when the hash exists. */
  insert(signIn: PendingSignInRecord): Promise<void>;
  /** Removes the row and answers with it, or with undefined: of all callers in all processes, exactly one gets it. */
  take(stateHash: string): Promise<PendingSignInRecord | undefined>;
  /** Deletes what expired before `now` or at that moment, and says how many. */
  deleteExpired(now: number): Promise<number>;
}
