import { invalidField, notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import { createToken, hashToken } from "../lib/tokens.ts";
import {
  type ApiTokenRecord,
  EVERY_ORGANIZATION,
  type Page,
  type PageRequest,
  type Records,
  type UserRecord,
} from "../storage/storage.ts";
import { REDACTED, recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, organizationOf, requirePerson, scopeOf } from "./principals.ts";

export type ApiToken = ApiTokenRecord;

/** Seconds in a day; the longest life of a token is {@link MAX_TOKEN_LIFETIME}. */
const DAY = 86_400;
/** Seconds: 90 days, for people. */
export const MAX_TOKEN_LIFETIME = 90 * DAY;
/** Seconds: two years, for the operator. */
export const MAX_OPERATOR_TOKEN_LIFETIME = 730 * DAY;

/** Seconds that a token is kept after it has run out: 30 days. */
const KEPT_EXPIRED = 30 * DAY;

/** What a new token is made of. */
export interface NewApiToken {
  readonly description: string;
  /** Seconds; 0 or absent means the longest: {@link MAX_TOKEN_LIFETIME}. */
  readonly lifetime?: number | undefined;
  readonly readOnly: boolean;
}

/** A token's row together with the token itself: the only moment at which it is known. */
export interface CreatedApiToken {
  readonly record: ApiToken;
  readonly token: string;
}

/** The tokens that people and the operator call the api with. */
export function createApiTokens(environment: Environment) {
  const { storage, clock } = environment;

  /** Another member's token is not found, unless the caller is an admin; nor is one that is no person's. */
  async function requirePersonal(records: Records, { caller }: Context, id: string): Promise<ApiToken> {
    const found = await records.apiTokens.get(scopeOf(caller), id);
    const visible = caller.kind !== "user" || caller.role === "admin" || found?.userId === caller.userId;
    if (!found?.userId || !visible) throw notFound("token");
    return found;
  }

  async function revoke(records: Records, context: Context, record: ApiToken): Promise<void> {
    await records.apiTokens.delete(record.id);
    await recordChange(environment, records, context, {
      ...subject(record),
      operation: "delete",
      before: view(record),
    });
  }

  return {
    /**
     * Makes a token of a user. Who may do that is the caller's affair.
     * @throws ServiceError `not_found` (user).
     */
    async createForUser(context: Context, userId: string, input: NewApiToken): Promise<CreatedApiToken> {
      return storage.write(async (records) => {
        const user = await records.users.lock(scopeOf(context.caller), userId);
        if (!user || user.status === "left") throw notFound("user");
        return insertApiToken(environment, records, context, user, input);
      });
    },

    /**
     * Makes a token of the caller's user, or of one that the same person made from it by founding or joining another
     * organization, so that a script can go on there. No other membership of the person: the provider that vouches for them
     * here, and could sign in as them, must not reach what they are elsewhere.
     * @throws ServiceError `person_required`, `not_found` (user), `member_suspended`, `request_invalid` (lifetime).
     */
    async createPersonal(context: Context, userId: string, input: NewApiToken): Promise<CreatedApiToken> {
      const caller = requirePerson(context.caller);
      return storage.write(async (records) => {
        const user = await records.users.lock(EVERY_ORGANIZATION, userId);
        if (user?.accountId !== caller.accountId || user.status === "left") throw notFound("user");
        if (user.id !== caller.userId && user.originUserId !== caller.userId) throw notFound("user");
        if (user.status === "suspended") {
          throw new ServiceError("member_suspended", "the membership is suspended: a token of it would open nothing");
        }
        return insertApiToken(environment, records, context, user, input);
      });
    },

    /** Deletes tokens that ran out {@link KEPT_EXPIRED} ago: until then, lists show what has stopped working, and when. */
    async deleteExpired(): Promise<number> {
      const before = clock.now() - KEPT_EXPIRED * 1000;
      return storage.write((records) => records.apiTokens.deleteExpired(before));
    },

    /**
     * A token of the caller, or for an admin of anybody in the organization.
     * @throws ServiceError `not_found`.
     */
    async getPersonal(context: Context, id: string): Promise<ApiToken> {
      return requirePersonal(storage.read, context, id);
    },

    /**
     * Tokens of the caller's organization, newest first: for an admin those of the given users (of everybody when empty),
     * for others the caller's own, if they are asked for.
     * @throws ServiceError `organization_required` for the operator that names none.
     */
    async listPersonal(context: Context, userIds: readonly string[], page: PageRequest): Promise<Page<ApiToken>> {
      const { caller } = context;
      const organizationId = organizationOf(caller);
      if (caller.kind !== "user" || caller.role === "admin") {
        return storage.read.apiTokens.listNewest(organizationId, userIds, page);
      }
      if (userIds.length > 0 && !userIds.includes(caller.userId)) return { items: [] };
      return storage.read.apiTokens.listNewest(organizationId, [caller.userId], page);
    },

    /**
     * Deletes a token of the caller, or for an admin of anybody in the organization. It opens nothing from the next call on.
     * @throws ServiceError `not_found`.
     */
    async revokePersonal(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => revoke(records, context, await requirePersonal(records, context, id)));
    },

    /** Makes an operator token. Only the command line offers it. */
    async createForOperator(context: Context, input: NewApiToken): Promise<CreatedApiToken> {
      return storage.write((records) => insertApiToken(environment, records, context, undefined, input));
    },

    /** Tokens in creation order, of the given users (of everybody in scope when empty). */
    async list(context: Context, userIds: readonly string[], page: PageRequest): Promise<Page<ApiToken>> {
      return storage.read.apiTokens.list(scopeOf(context.caller), userIds, page);
    },

    /**
     * Deletes a token: it opens nothing from the next call on.
     * @throws ServiceError `not_found`.
     */
    async revoke(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const record = await records.apiTokens.get(scopeOf(context.caller), id);
        if (!record) throw notFound("token");
        await revoke(records, context, record);
      });
    },
  };
}

export type ApiTokens = ReturnType<typeof createApiTokens>;

/** Adds a token of a user, or of the operator when there is no owner, within a transaction. */
export async function insertApiToken(
  environment: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  owner: UserRecord | undefined,
  input: NewApiToken,
): Promise<CreatedApiToken> {
  const longest = owner ? MAX_TOKEN_LIFETIME : MAX_OPERATOR_TOKEN_LIFETIME;
  const lifetime = input.lifetime || MAX_TOKEN_LIFETIME;
  if (lifetime < 1 || lifetime > longest) {
    throw invalidField("valid_for", "duration.lte", `at most ${longest}s (${longest / DAY} days) are accepted`);
  }
  const token = createToken(owner ? "api" : "operator");
  const now = environment.clock.now();
  const { caller } = context;
  const record: ApiToken = {
    id: newId(),
    organizationId: owner?.organizationId,
    userId: owner?.id,
    // A person's user id of another organization would mean nothing here.
    creatorId: caller.kind === "user" ? owner?.id : caller.kind === "operator" ? caller.credentialId : undefined,
    description: input.description,
    hash: hashToken(token),
    readOnly: input.readOnly,
    createdAt: now,
    expiresAt: now + lifetime * 1000,
    lastUsedAt: undefined,
  };
  await records.apiTokens.insert(record);
  await recordChange(environment, records, context, { ...subject(record), operation: "create", after: view(record) });
  return { record, token };
}

function subject(record: ApiToken) {
  return {
    organizationId: record.organizationId,
    subjectType: "personal_access_token",
    subjectId: record.id,
  } as const;
}

function view(record: ApiToken): Record<string, unknown> {
  return {
    userId: record.userId ?? "",
    description: record.description,
    readOnly: record.readOnly,
    token: REDACTED,
    expiresAt: new Date(record.expiresAt).toISOString(),
  };
}
