import type { TokenCredential } from "./api-tokens.ts";
import type { Page, PageRequest, Scope } from "./common.ts";

/** A browser that is signed in to one organization. */
export interface SessionRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  /** The configuration it came through; undefined when that is gone. */
  readonly ssoConfigurationId: string | undefined;
  /** SHA-256 of the session's token, base64url. */
  readonly hash: string;
  readonly userAgent: string;
  readonly ipAddress: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Absolute end, however much it is used. */
  readonly expiresAt: number;
}

/** What authentication needs of a session, in one read. */
export interface SessionCredential {
  readonly sessionId: string;
  /** As stored, for a comparison in constant time. */
  readonly hash: string;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  readonly user: NonNullable<TokenCredential["user"]>;
}

export interface SessionStore {
  /** The credential with this hash, as it is now: role and status of the user come from the same read. */
  findCredential(hash: string): Promise<SessionCredential | undefined>;
  get(scope: Scope, id: string): Promise<SessionRecord | undefined>;
  /** Like {@link get}, locked until the transaction ends. Transactions only. */
  lock(scope: Scope, id: string): Promise<SessionRecord | undefined>;
  /** The user's sessions in creation order. */
  list(scope: Scope, userId: string, page: PageRequest): Promise<Page<SessionRecord>>;
  /** @throws DuplicateError when the id or hash exists. */
  insert(session: SessionRecord): Promise<void>;
  /** Deletes the session; it opens nothing from now on. A missing row is no error. */
  delete(id: string): Promise<void>;
  /** Deletes every session of the user and says how many. */
  deleteOfUser(userId: string): Promise<number>;
  /** Deletes every session that came through the configuration and says how many. */
  deleteOfConfiguration(ssoConfigurationId: string): Promise<number>;
  /** Deletes sessions that ended before `now` or were not used since `idleSince`, and says how many. */
  deleteExpired(now: number, idleSince: number): Promise<number>;
  /** Notes the last use; never moves it back. Missing rows are ignored. */
  touch(uses: ReadonlyMap<string, number>): Promise<void>;
}
