import { notFound, ServiceError } from "../lib/errors.ts";
import type { MemberFilter, MemberOrder, Page, PageRequest, Records, Role } from "../storage/storage.ts";
import { provenDomain } from "./accounts.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { findInvite } from "./invites.ts";
import { refuseEnded, requireAnotherAdmin, userView } from "./memberships.ts";
import { type Context, requireOrganization, requirePerson, type UserCaller } from "./principals.ts";
import { acceptsOnlyProvisioned } from "./provisioned-only.ts";
import { insertUser, requireCallingUser, type User } from "./users.ts";

/** On what ground somebody joins: an organization's own id, or an invite's. */
export type JoinTarget = { readonly organizationId: string } | { readonly inviteId: string };

/** What a list of members is asked for. */
export interface MemberListing {
  readonly filter: MemberFilter;
  /** Absent: the caller first, then the others by name. */
  readonly sort: Omit<MemberOrder, "first"> | undefined;
  /** Whether to count. */
  readonly count: boolean;
}

/** How many members match: exactly, or at least. */
export interface MemberCount {
  readonly value: number;
  readonly exact: boolean;
}

/** Members are counted up to here. */
export const MAX_COUNT = 1000;

/** The people of organizations, as they come, are listed and go. */
export function createMembers(environment: Environment) {
  const { storage, clock } = environment;

  return {
    /**
     * A page of the members, with their number when it is asked for.
     * @throws ServiceError `not_found` (organization).
     */
    async list(
      context: Context,
      organization: string,
      { filter, sort, count }: MemberListing,
      page: PageRequest,
    ): Promise<Page<User> & { readonly count: MemberCount | undefined }> {
      const { caller } = context;
      const organizationId = requireOrganization(caller, organization);
      const first = caller.kind === "user" ? caller.userId : undefined;
      const order: MemberOrder = sort ?? { by: "name", descending: false, first };
      const found = await storage.read.users.list(organizationId, filter, order, page);
      if (found.items.length === 0 && !(await storage.read.organizations.get(organizationId))) {
        throw notFound("organization");
      }
      if (!count) return { ...found, count: undefined };
      const counted = await storage.read.users.count(organizationId, filter, MAX_COUNT + 1);
      return { ...found, count: { value: Math.min(counted, MAX_COUNT), exact: counted <= MAX_COUNT } };
    },

    /**
     * Makes a member an admin, or an admin a member, from their next call on. What changes nothing leaves no audit entry.
     * @throws ServiceError `not_found` (organization, user), `membership_ended`, `last_admin`.
     */
    async setRole(context: Context, organization: string, userId: string, role: Role): Promise<User> {
      const organizationId = requireOrganization(context.caller, organization);
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        const before = await records.users.lock(organizationId, userId);
        if (!before) throw notFound("user");
        refuseEnded(before);
        if (before.role === role) return before;
        await requireAnotherAdmin(records, before);
        const after: User = { ...before, role, updatedAt: clock.now() };
        await records.users.update(after);
        await recordChange(environment, records, context, {
          organizationId,
          subjectType: "user",
          subjectId: userId,
          operation: "update",
          before: userView(before),
          after: userView(after),
        });
        return after;
      });
    },

    /**
     * Makes the calling person a member. By an invite, whoever holds it; by the organization's id, whoever has a proven
     * email at one of its invite domains and has never been a member. An organization that is not open to the caller answers
     * as one that does not exist.
     * @throws ServiceError `person_required`, `not_found` (organization), `invite_invalid`, `already_member`,
     *   `member_suspended`, `membership_ended` (by id), `policy_violation` (provisioned people only).
     */
    async join(context: Context, target: JoinTarget): Promise<User> {
      const person = requirePerson(context.caller);
      return storage.write(async (records) => {
        const byInvite = "inviteId" in target;
        const organizationId = byInvite ? await lockInvited(records, target.inviteId) : target.organizationId;
        const former = await records.users.getOfAccount(organizationId, person.accountId);
        if (former) refuseReturn(former, byInvite);
        else if (!byInvite) await lockInviting(records, person, organizationId);
        await refuseUnprovisioned(records, organizationId);
        const user = await requireCallingUser(records, person);
        const { accountId, name, email, avatarUrl, loginProvider } = user;
        const account = { id: accountId, name, email, avatarUrl };
        return insertUser(environment, records, context, account, { organizationId, role: "member", loginProvider });
      });
    },
  };
}

export type Members = ReturnType<typeof createMembers>;

/** The invite is looked up again under the lock: it may have been replaced meanwhile. */
async function lockInvited(records: Records, inviteId: string): Promise<string> {
  const { organizationId } = await findInvite(records, inviteId);
  await records.organizations.lock(organizationId);
  return (await findInvite(records, inviteId)).organizationId;
}

async function lockInviting(records: Records, person: UserCaller, organizationId: string): Promise<void> {
  const organization = await records.organizations.lock(organizationId);
  const domain = await provenDomain(records, person);
  if (domain === undefined || !organization?.inviteDomains.includes(domain)) throw notFound("organization");
}

/** An invite is an invitation to come back, too; a domain is none. */
function refuseReturn(former: User, byInvite: boolean): void {
  if (former.status === "active") {
    throw new ServiceError("already_member", "you are a member of this organization already", {
      metadata: { user_id: former.id },
    });
  }
  if (former.status === "suspended") {
    throw new ServiceError(
      "member_suspended",
      "your membership is suspended: an admin of the organization can lift that",
    );
  }
  if (!byInvite) {
    throw new ServiceError("membership_ended", "you have left this organization: ask one of its admins for an invite");
  }
}

async function refuseUnprovisioned(records: Records, organizationId: string): Promise<void> {
  if (!(await acceptsOnlyProvisioned(records, organizationId))) return;
  throw new ServiceError(
    "policy_violation",
    "this organization takes only people whom its directory provisions: ask one of its admins",
    { metadata: { policy: "restrict_account_creation_to_scim" } },
  );
}
