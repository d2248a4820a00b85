import type { Page, PageRequest, Scope } from "./common.ts";
import type { Role, UserStatus } from "./users.ts";

/** A bearer token of a user, or of the operator when it has no user. */
export interface ApiTokenRecord {
  readonly id: string;
  /** The user's organization; undefined for the operator. */
  readonly organizationId: string | undefined;
  readonly userId: string | undefined;
  /** Who made it: a user's id or an operator token's id; undefined for the first start. */
  readonly creatorId: string | undefined;
  readonly description: string;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  readonly readOnly: boolean;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number | undefined;
}

/** What authentication needs of a token, in one read. */
export interface TokenCredential {
  readonly tokenId: string;
  /** As stored, for a comparison in constant time. */
  readonly hash: string;
  readonly readOnly: boolean;
  readonly expiresAt: number;
  readonly lastUsedAt: number | undefined;
  /** Undefined for the operator. */
  readonly user:
    | {
        readonly id: string;
        readonly accountId: string;
        readonly organizationId: string;
        readonly role: Role;
        readonly status: UserStatus;
      }
    | undefined;
}

export interface ApiTokenStore {
  /** The credential with this hash, as it is now: role and status of the user come from the same read. */
  findCredential(hash: string): Promise<TokenCredential | undefined>;
  get(scope: Scope, id: string): Promise<ApiTokenRecord | undefined>;
  /** Tokens in creation order, of the given users (all when empty). The operator's own are seen by its scope alone. */
  list(scope: Scope, userIds: readonly string[], page: PageRequest): Promise<Page<ApiTokenRecord>>;
  /** The organization's tokens, of the given users (all when empty), newest first. */
  listNewest(organizationId: string, userIds: readonly string[], page: PageRequest): Promise<Page<ApiTokenRecord>>;
  /** @throws DuplicateError when the id or hash exists. */
  insert(token: ApiTokenRecord): Promise<void>;
  /** Deletes the token; it opens nothing from now on. A missing row is no error. */
  delete(id: string): Promise<void>;
  /** Deletes every token of the user and says how many. */
  deleteOfUser(userId: string): Promise<number>;
  /** Deletes every token that has run out before the time, and says how many. */
  deleteExpired(before: number): Promise<number>;
  /** Notes the last use; never moves it back. Missing rows are ignored. */
  touch(uses: ReadonlyMap<string, number>): Promise<void>;
}
