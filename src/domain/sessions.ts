import { notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import { createToken, hashToken } from "../lib/tokens.ts";
import type { Page, PageRequest, Records, SessionRecord, UserRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, requirePerson, scopeOf } from "./principals.ts";

export type Session = SessionRecord;

/** What is known of the browser that signs in. */
export interface Browser {
  readonly userAgent: string;
  readonly ipAddress: string;
}

/** A session together with its token: the only moment at which it is known. */
export interface OpenedSession {
  readonly session: Session;
  readonly token: string;
}

const MAX_USER_AGENT = 256;

/**
 * Name of the cookie that carries a session. With https it has the `__Host-` prefix, which binds it to this very host (RFC
 * 6265bis, section 4.1.3.2); without, for development alone, a browser would not accept that.
 */
export function sessionCookieName(publicUrl: string): string {
  return publicUrl.startsWith("https:") ? "__Host-organization_session" : "organization_session";
}

/** Browsers that are signed in. */
export function createSessions(environment: Environment) {
  const { storage } = environment;

  /** A person may look after their own sessions; an admin after everybody's in the organization. */
  function requireOwnOrAdmin({ caller }: Context, userId: string): void {
    if (caller.kind === "user" && caller.userId !== userId && caller.role !== "admin") {
      throw new ServiceError("admin_required", "only an admin may do this to another member's sessions: ask one");
    }
  }

  return {
    /**
     * Sessions in creation order.
     * @param userId whose; without it, the caller's own.
     * @throws ServiceError `person_required` for the operator without a user, `admin_required`, `not_found` (user).
     */
    async list(context: Context, userId: string | undefined, page: PageRequest): Promise<Page<Session>> {
      const id = userId ?? requirePerson(context.caller).userId;
      requireOwnOrAdmin(context, id);
      if (!(await storage.read.users.get(scopeOf(context.caller), id))) throw notFound("user");
      return storage.read.sessions.list(scopeOf(context.caller), id, page);
    },

    /**
     * Ends a session: its browser is nobody from the next request on, on every replica.
     * @throws ServiceError `not_found`, also for another member's session when the caller is no admin.
     */
    async revoke(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const session = await records.sessions.get(scopeOf(context.caller), id);
        if (!session || !mayRevoke(context, session)) throw notFound("session");
        await records.sessions.delete(id);
        await recordChange(environment, records, context, {
          organizationId: session.organizationId,
          subjectType: "session",
          subjectId: id,
          operation: "delete",
          before: view(session),
        });
      });
    },

    /**
     * Ends every session of a user and says how many.
     * @throws ServiceError `admin_required`, `not_found` (user).
     */
    async revokeOfUser(context: Context, userId: string): Promise<number> {
      requireOwnOrAdmin(context, userId);
      return storage.write(async (records) => {
        const user = await records.users.lock(scopeOf(context.caller), userId);
        if (!user) throw notFound("user");
        const count = await records.sessions.deleteOfUser(userId);
        if (count > 0) {
          await recordChange(environment, records, context, {
            organizationId: user.organizationId,
            subjectType: "session",
            subjectId: userId,
            operation: "delete",
            before: { userId, sessions: count },
          });
        }
        return count;
      });
    },

    /**
     * Ends every session that came through an SSO configuration, and says how many.
     * @throws ServiceError `not_found` (SSO configuration).
     */
    async revokeOfConfiguration(context: Context, ssoConfigurationId: string): Promise<number> {
      return storage.write(async (records) => {
        // Held, so that a sign-in through it that ends at this moment has ended before or comes to see its state.
        const configuration = await records.ssoConfigurations.lock(scopeOf(context.caller), ssoConfigurationId);
        if (!configuration) throw notFound("SSO configuration");
        const count = await records.sessions.deleteOfConfiguration(ssoConfigurationId);
        if (count > 0) {
          await recordChange(environment, records, context, {
            organizationId: configuration.organizationId,
            subjectType: "session",
            subjectId: ssoConfigurationId,
            operation: "delete",
            before: { ssoConfigurationId, sessions: count },
          });
        }
        return count;
      });
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;

/** Opens a session within the transaction of a sign-in, whose audit entry tells of it. */
export async function openSession(
  { clock, settings }: Pick<Environment, "clock" | "settings">,
  records: Records,
  user: UserRecord,
  ssoConfigurationId: string,
  browser: Browser,
): Promise<OpenedSession> {
  const token = createToken("session");
  const now = clock.now();
  const session: Session = {
    id: newId(),
    organizationId: user.organizationId,
    userId: user.id,
    ssoConfigurationId,
    hash: hashToken(token),
    userAgent: browser.userAgent.slice(0, MAX_USER_AGENT),
    ipAddress: browser.ipAddress,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + settings.sessionLifetimeMs,
  };
  await records.sessions.insert(session);
  return { session, token };
}

function mayRevoke({ caller }: Context, session: Session): boolean {
  return caller.kind !== "user" || caller.userId === session.userId || caller.role === "admin";
}

function view(session: Session): Record<string, unknown> {
  return {
    userId: session.userId,
    ssoConfigurationId: session.ssoConfigurationId ?? "",
    userAgent: session.userAgent,
    ipAddress: session.ipAddress,
    createdAt: new Date(session.createdAt).toISOString(),
  };
}
