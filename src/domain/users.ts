import { notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import type { AccountRecord, Records, Role, UserRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { endMembership, refuseEnded, requireAnotherAdmin, statusOf, userView } from "./memberships.ts";
import { type Context, requirePerson, scopeOf, type UserCaller } from "./principals.ts";

export type User = UserRecord;

/** A person who is new to the service, and the membership they begin with. */
export interface NewPerson {
  readonly organizationId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly loginProvider: string;
}

/** People as members of organizations. */
export function createUsers(environment: Environment) {
  const { storage, clock } = environment;

  /** The user's organization and then the user, held until the transaction ends. */
  async function lock(records: Records, context: Context, id: string): Promise<User> {
    const found = await records.users.get(scopeOf(context.caller), id);
    if (!found) throw notFound("user");
    await records.organizations.lock(found.organizationId);
    const locked = await records.users.lock(found.organizationId, id);
    if (!locked) throw notFound("user");
    return locked;
  }

  return {
    /**
     * The caller as a user.
     * @throws ServiceError `person_required`.
     */
    async getAuthenticated(context: Context): Promise<User> {
      return requireCallingUser(storage.read, requirePerson(context.caller));
    },

    /** @throws ServiceError `not_found`. */
    async get(context: Context, id: string): Promise<User> {
      const found = await storage.read.users.get(scopeOf(context.caller), id);
      if (!found) throw notFound("user");
      return found;
    },

    /**
     * Suspends a user, who is nobody from the next call on, or lifts the suspension of an admin; one that a directory has
     * set stays. Sessions end for good; tokens are kept, and open nothing meanwhile. What changes nothing leaves no audit entry.
     * @throws ServiceError `not_found`, `membership_ended`, `last_admin`.
     */
    async setSuspended(context: Context, id: string, suspended: boolean): Promise<User> {
      return storage.write(async (records) => {
        const before = await lock(records, context, id);
        refuseEnded(before);
        if (before.suspendedByAdmin === suspended) return before;
        if (suspended) await requireAnotherAdmin(records, before);
        const changed = { ...before, suspendedByAdmin: suspended };
        const after: User = { ...changed, status: statusOf(changed), updatedAt: clock.now() };
        await records.users.update(after);
        if (suspended) await records.sessions.deleteOfUser(id);
        await recordChange(environment, records, context, {
          organizationId: after.organizationId,
          subjectType: "user",
          subjectId: after.id,
          operation: "update_status",
          before: suspensionView(before),
          after: suspensionView(after),
        });
        return after;
      });
    },

    /**
     * Ends a membership, with the user's tokens and sessions. One that has ended stays ended.
     * @throws ServiceError `not_found`, `last_admin`.
     */
    async delete(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const before = await lock(records, context, id);
        await requireAnotherAdmin(records, before);
        await endMembership(environment, records, context, before);
      });
    },

    /**
     * Ends a membership: the caller's own, or for an admin anybody's in the organization.
     * @throws ServiceError `not_found`, `admin_required` (somebody else's), `last_admin`.
     */
    async leave(context: Context, id: string): Promise<void> {
      const { caller } = context;
      await storage.write(async (records) => {
        const before = await lock(records, context, id);
        if (caller.kind === "user" && caller.userId !== id && caller.role !== "admin") {
          throw new ServiceError("admin_required", "only an admin may remove another member: ask one");
        }
        await requireAnotherAdmin(records, before);
        await endMembership(environment, records, context, before);
      });
    },

    /**
     * Adds a person as an admin: for the operator's command line, where there is nobody yet who could invite.
     * @throws ServiceError `not_found` (organization).
     */
    async addAdmin(context: Context, person: Pick<NewPerson, "organizationId" | "name" | "email">): Promise<User> {
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(person.organizationId))) throw notFound("organization");
        return insertPerson(environment, records, context, { ...person, role: "admin", loginProvider: "custom" });
      });
    },
  };
}

export type Users = ReturnType<typeof createUsers>;

/**
 * The caller's own user.
 * @throws ServiceError `not_found` when the organization was deleted since the call was authenticated.
 */
export async function requireCallingUser(records: Records, caller: UserCaller): Promise<User> {
  const user = await records.users.get(caller.organizationId, caller.userId);
  if (!user) throw notFound("user");
  return user;
}

/** Adds an account and its membership within a transaction. */
export async function insertPerson(
  environment: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  person: NewPerson,
): Promise<User> {
  const now = environment.clock.now();
  const account: AccountRecord = {
    id: newId(),
    name: person.name,
    email: person.email,
    avatarUrl: "",
    organizationId: undefined,
    createdAt: now,
    updatedAt: now,
  };
  await records.accounts.insert(account);
  return insertUser(environment, records, context, account, person);
}

/** Makes an account a member of an organization within a transaction. */
export async function insertUser(
  environment: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  account: Pick<AccountRecord, "id" | "name" | "email" | "avatarUrl"> & { readonly emailVerified?: boolean },
  membership: Pick<NewPerson, "organizationId" | "role" | "loginProvider">,
): Promise<User> {
  const now = environment.clock.now();
  const { caller } = context;
  const user: User = {
    id: newId(),
    organizationId: membership.organizationId,
    accountId: account.id,
    role: membership.role,
    status: "active",
    suspendedByAdmin: false,
    suspendedByScim: false,
    name: account.name,
    email: account.email,
    emailVerified: account.emailVerified ?? false,
    avatarUrl: account.avatarUrl,
    loginProvider: membership.loginProvider,
    originUserId: caller.kind === "user" && caller.accountId === account.id ? caller.userId : undefined,
    createdAt: now,
    updatedAt: now,
  };
  await records.users.insert(user);
  await recordChange(environment, records, context, {
    organizationId: user.organizationId,
    subjectType: "user",
    subjectId: user.id,
    operation: "create",
    after: userView(user),
  });
  return user;
}

function suspensionView(user: User): Record<string, unknown> {
  return { ...userView(user), suspendedByAdmin: user.suspendedByAdmin, suspendedByScim: user.suspendedByScim };
}
