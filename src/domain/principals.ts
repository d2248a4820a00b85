import { notFound, ServiceError } from "../lib/errors.ts";
import { hashToken, isToken } from "../lib/tokens.ts";
import { EVERY_ORGANIZATION, type Role, type Scope } from "../storage/storage.ts";
import type { Environment } from "./environment.ts";

/** A member of an organization; acts in that organization only, with the role that the user has now. */
export interface UserCaller {
  readonly kind: "user";
  readonly userId: string;
  readonly accountId: string;
  readonly organizationId: string;
  readonly role: Role;
  readonly readOnly: boolean;
  /** The kind and id of what the call was authenticated with. */
  readonly credential: "token" | "session";
  readonly credentialId: string;
}

/** Who runs the server; acts in every organization. */
export interface OperatorCaller {
  readonly kind: "operator";
  readonly credentialId: string;
  readonly readOnly: boolean;
  /** The organization named by the header `x-organization-id`, for methods whose request names none. */
  readonly organizationId: string | undefined;
}

/** Nobody in particular: a request without a credential, where that is allowed. */
export interface AnonymousCaller {
  readonly kind: "anonymous";
}

/** The service itself: background jobs and the first start. */
export interface SystemCaller {
  readonly kind: "system";
}

/** A directory that provisions through a SCIM configuration; acts on what the configuration keeps. */
export interface ScimCaller {
  readonly kind: "scim";
  readonly configurationId: string;
  readonly organizationId: string;
}

export type Caller = UserCaller | OperatorCaller | AnonymousCaller | SystemCaller | ScimCaller;

/** One call: who asks, for what, under which request id. */
export interface Context {
  readonly caller: Caller;
  readonly requestId: string;
  /** Name of the action for the audit log, such as `sso_configuration.update`; empty for reads. */
  readonly action: string;
}

/** The rows that the caller may see. */
export function scopeOf(caller: Caller): Scope {
  switch (caller.kind) {
    case "user":
    case "scim":
      return caller.organizationId;
    case "operator":
    case "system":
      return EVERY_ORGANIZATION;
    case "anonymous":
      throw credentialMissing();
  }
}

/**
 * The organization of a call whose request names none.
 * @throws ServiceError `organization_required` for the operator without the header.
 */
export function organizationOf(caller: Caller): string {
  if (caller.kind === "user" || caller.kind === "scim") return caller.organizationId;
  if (caller.kind === "operator" && caller.organizationId !== undefined) return caller.organizationId;
  if (caller.kind === "anonymous") throw credentialMissing();
  throw new ServiceError(
    "organization_required",
    "this method acts in one organization and its request names none: name it in the header x-organization-id",
  );
}

/**
 * The organization that a request names, if the caller may act in it.
 * @throws ServiceError `not_found` for another organization's id, exactly as for an unknown one.
 */
export function requireOrganization(caller: Caller, organizationId: string): string {
  const scope = scopeOf(caller);
  if (scope !== EVERY_ORGANIZATION && scope !== organizationId) throw notFound("organization");
  return organizationId;
}

/**
 * The person behind the call.
 * @throws ServiceError `person_required` for the operator, who is none.
 */
export function requirePerson(caller: Caller): UserCaller {
  if (caller.kind === "user") return caller;
  if (caller.kind === "anonymous") throw credentialMissing();
  throw new ServiceError(
    "person_required",
    "this method acts for a person, and an operator token belongs to none: call it with a user's token",
  );
}

/** The refusal of a call without a credential. */
export function credentialMissing(): ServiceError {
  return new ServiceError(
    "credential_missing",
    "no credential: send the header `Authorization: Bearer <token>` with an api token",
  );
}

/** Who stands behind a bearer token, now. */
export function createPrincipals({ storage, clock, settings }: Environment) {
  // Uses are noted in bulk: a write per call would cost more than the call.
  let uses = new Map<string, number>();
  let sessionUses = new Map<string, number>();

  async function isValid(caller: UserCaller | OperatorCaller): Promise<boolean> {
    const now = clock.now();
    if (caller.kind === "user" && caller.credential === "session") {
      const session = await storage.read.sessions.get(caller.organizationId, caller.credentialId);
      return session !== undefined && session.expiresAt > now && session.lastUsedAt + settings.sessionIdleMs > now;
    }
    const token = await storage.read.apiTokens.get(scopeOf(caller), caller.credentialId);
    return token !== undefined && token.expiresAt > now;
  }

  return {
    /**
     * The hash that {@link authenticate} takes.
     * @throws ServiceError `credential_invalid` for what is no token at all: nobody has to look it up.
     */
    hashOf(token: string): string {
      if (!isToken("api", token) && !isToken("operator", token)) throw invalidCredential();
      return hashToken(token);
    },

    /**
     * The caller whose token has this hash. A suspended or departed user is nobody, from the next call on, on every replica.
     * @throws ServiceError `credential_invalid` or `credential_expired`.
     */
    async authenticate(hash: string): Promise<UserCaller | OperatorCaller> {
      const credential = await storage.read.apiTokens.findCredential(hash);
      if (!credential) throw invalidCredential();
      const now = clock.now();
      if (credential.expiresAt <= now) {
        throw new ServiceError(
          "credential_expired",
          `the token expired at ${new Date(credential.expiresAt).toISOString()}: create a new one`,
        );
      }
      const { user, tokenId, readOnly } = credential;
      if (!user) {
        uses.set(tokenId, now);
        return { kind: "operator", credentialId: tokenId, readOnly, organizationId: undefined };
      }
      if (user.status !== "active") throw invalidCredential();
      uses.set(tokenId, now);
      return {
        kind: "user",
        userId: user.id,
        accountId: user.accountId,
        organizationId: user.organizationId,
        role: user.role,
        readOnly,
        credential: "token",
        credentialId: tokenId,
      };
    },

    /**
     * The caller whose browser session this is.
     * @throws ServiceError `credential_invalid` or `credential_expired`.
     */
    async authenticateSession(token: string): Promise<UserCaller> {
      if (!isToken("session", token)) throw invalidCredential();
      const hash = hashToken(token);
      const session = await storage.read.sessions.findCredential(hash);
      if (!session) throw invalidCredential();
      const now = clock.now();
      if (session.expiresAt <= now || session.lastUsedAt + settings.sessionIdleMs <= now) {
        throw new ServiceError("credential_expired", "the session ended: sign in again");
      }
      const { user, sessionId } = session;
      if (user.status !== "active") throw invalidCredential();
      sessionUses.set(sessionId, now);
      return {
        kind: "user",
        userId: user.id,
        accountId: user.accountId,
        organizationId: user.organizationId,
        role: user.role,
        readOnly: false,
        credential: "session",
        credentialId: sessionId,
      };
    },

    /**
     * The caller as they are now, for calls that take long: with the role of now.
     * @throws ServiceError `credential_invalid` when they could not call any more.
     */
    async recheck<C extends UserCaller | OperatorCaller>(caller: C): Promise<C> {
      if (!(await isValid(caller))) throw invalidCredential();
      if (caller.kind === "operator") return caller;
      const user = await storage.read.users.get(caller.organizationId, caller.userId);
      if (user?.status !== "active") throw invalidCredential();
      return { ...caller, role: user.role };
    },

    /** Writes down when tokens and sessions were last used. Call it now and then, and before the end. */
    async flushUses(): Promise<void> {
      if (uses.size === 0 && sessionUses.size === 0) return;
      const [tokens, sessions] = [uses, sessionUses];
      uses = new Map();
      sessionUses = new Map();
      await storage.write(async (records) => {
        await records.apiTokens.touch(tokens);
        await records.sessions.touch(sessions);
      });
    },
  };
}

export type Principals = ReturnType<typeof createPrincipals>;

/** The refusal of a credential that opens nothing, whatever is wrong with it. */
export function invalidCredential(): ServiceError {
  return new ServiceError(
    "credential_invalid",
    "the token is not valid: it is mistyped, was revoked, or its user may no longer act here",
  );
}
