import type { Scope } from "./common.ts";

/** A sign-in that an admin makes in order to see what a configuration, or a change of it, would do. */
export interface TestSignInRecord {
  /** Whoever holds it can begin: a UUIDv4 that is never logged. */
  readonly id: string;
  readonly organizationId: string;
  readonly ssoConfigurationId: string;
  /** Who asked for it; undefined for the operator. */
  readonly userId: string | undefined;
  /** The configuration under test, which is saved nowhere else; sealed by the keyring. */
  readonly sealedDraft: string;
  /** What came of it, sealed by the keyring; undefined as long as it runs. */
  readonly sealedResult: string | undefined;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface TestSignInStore {
  get(scope: Scope, id: string): Promise<TestSignInRecord | undefined>;
  /** @throws DuplicateError when the id exists. */
  insert(test: TestSignInRecord): Promise<void>;
  /** Writes the result, unless there is one. @returns whether it was written. */
  finish(id: string, sealedResult: string): Promise<boolean>;
  /** Deletes what expired before `now` or at that moment, and says how many. */
  deleteExpired(now: number): Promise<number>;
}
