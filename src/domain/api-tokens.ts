import { invalidField, notFound } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import { createToken, hashToken } from "../lib/tokens.ts";
import type { ApiTokenRecord, Page, PageRequest, Records, UserRecord } from "../storage/storage.ts";
import { REDACTED, recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, scopeOf } from "./principals.ts";

export type ApiToken = ApiTokenRecord;

/** Seconds in a day; the longest life of a token is {@link MAX_TOKEN_LIFETIME}. */
const DAY = 86_400;
/** Seconds: 90 days, for people. */
export const MAX_TOKEN_LIFETIME = 90 * DAY;
/** Seconds: two years, for the operator. */
export const MAX_OPERATOR_TOKEN_LIFETIME = 730 * DAY;

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
  const { storage } = environment;

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
        await records.apiTokens.delete(id);
        await recordChange(environment, records, context, {
          ...subject(record),
          operation: "delete",
          before: view(record),
        });
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
    creatorId: caller.kind === "user" ? caller.userId : caller.kind === "operator" ? caller.credentialId : undefined,
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
