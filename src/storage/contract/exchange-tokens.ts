/** A token that becomes an api token, once: what a sign-in in the browser hands to a program. */
export interface ExchangeTokenRecord {
  /** SHA-256, base64url, of what only the program can show. */
  readonly hash: string;
  readonly organizationId: string;
  readonly userId: string;
  /** The session in which it was made; it goes with it. */
  readonly sessionId: string;
  /** Of the api token that it becomes. */
  readonly description: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface ExchangeTokenStore {
  find(hash: string): Promise<ExchangeTokenRecord | undefined>;
  /** @throws DuplicateError when the hash exists. */
  insert(token: ExchangeTokenRecord): Promise<void>;
  /** Removes the row and says whether it was there: of all callers in all processes, exactly one is told so. */
  take(hash: string): Promise<boolean>;
  /** Deletes what expired before `now` or at that moment, and says how many. */
  deleteExpired(now: number): Promise<number>;
}
