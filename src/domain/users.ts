import { notFound } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import type { AccountRecord, Records, Role, UserRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import type { Context } from "./principals.ts";

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
  const { storage } = environment;
  return {
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
  account: AccountRecord,
  membership: Pick<NewPerson, "organizationId" | "role" | "loginProvider">,
): Promise<User> {
  const now = environment.clock.now();
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
    emailVerified: false,
    avatarUrl: account.avatarUrl,
    loginProvider: membership.loginProvider,
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

/** What the audit log shows of a user. */
export function userView(user: User): Record<string, unknown> {
  return { accountId: user.accountId, name: user.name, email: user.email, role: user.role, status: user.status };
}
