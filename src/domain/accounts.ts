import { notFound } from "../lib/errors.ts";
import type { AccountRecord, OrganizationRecord, Page, PageRequest, Records } from "../storage/storage.ts";
import { domainOfEmail } from "./email-domains.ts";
import type { Environment } from "./environment.ts";
import { type Context, requirePerson, type UserCaller } from "./principals.ts";
import { isPublicMailDomain } from "./public-mail-domains.ts";
import type { User } from "./users.ts";

/** An organization, as somebody sees it who is or could be a member. */
export interface OrganizationSummary {
  readonly organization: OrganizationRecord;
  /** Members without those who left. */
  readonly memberCount: number;
}

/** A person with all that is theirs. */
export interface Account extends AccountRecord {
  readonly publicEmailProvider: boolean;
  /** In the order in which they joined. */
  readonly memberships: readonly (OrganizationSummary & { readonly user: User })[];
}

/** Persons, above organizations. */
export function createAccounts({ storage }: Environment) {
  async function summarize(organization: OrganizationRecord): Promise<OrganizationSummary> {
    return { organization, memberCount: await storage.read.users.countMembers(organization.id) };
  }

  return {
    /**
     * The caller's account.
     * @throws ServiceError `person_required`.
     */
    async get(context: Context): Promise<Account> {
      const { accountId } = requirePerson(context.caller);
      const account = await storage.read.accounts.get(accountId);
      if (!account) throw notFound("account");
      const users = await storage.read.users.listOfAccount(accountId);
      const memberships = await Promise.all(
        users.map(async (user) => {
          const organization = await storage.read.organizations.get(user.organizationId);
          return organization && { ...(await summarize(organization)), user };
        }),
      );
      return {
        ...account,
        publicEmailProvider: isPublicMailDomain(domainOfEmail(account.email) ?? ""),
        memberships: memberships.filter((membership) => membership !== undefined),
      };
    },

    /**
     * The organizations that the caller could join by the domain of their proven email, oldest first.
     * @throws ServiceError `person_required`.
     */
    async listJoinable(context: Context, page: PageRequest): Promise<Page<OrganizationSummary>> {
      const person = requirePerson(context.caller);
      const domain = await provenDomain(storage.read, person);
      if (domain === undefined) return { items: [] };
      const found = await storage.read.organizations.listInviting(domain, person.accountId, page);
      return { ...found, items: await Promise.all(found.items.map(summarize)) };
    },
  };
}

export type Accounts = ReturnType<typeof createAccounts>;

/**
 * The domain of the caller's email, when it is proven that the email is theirs: the caller's organization vouches for it,
 * and has verified the domain. What an organization says about domains that are not its own counts nowhere else.
 */
export async function provenDomain(
  records: Pick<Records, "users" | "domainVerifications">,
  caller: UserCaller,
): Promise<string | undefined> {
  const user = await records.users.get(caller.organizationId, caller.userId);
  const domain = user?.emailVerified ? domainOfEmail(user.email) : undefined;
  if (domain === undefined) return undefined;
  const verified = await records.domainVerifications.filterVerified(caller.organizationId, [domain]);
  return verified[0];
}
