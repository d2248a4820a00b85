import { notFound, ServiceError } from "../lib/errors.ts";
import { newSecretId } from "../lib/ids.ts";
import type { OrganizationInviteRecord, Records } from "../storage/storage.ts";
import { REDACTED, recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization } from "./principals.ts";

export type OrganizationInvite = OrganizationInviteRecord;

/** What an invite leads to. */
export interface InviteSummary {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly memberCount: number;
}

/** The shared invites of organizations: one at a time, open to whoever holds its id. */
export function createInvites(environment: Environment) {
  const { storage, clock } = environment;

  /** Under the organization's lock, so that of two admins who ask at once both get the same. */
  async function replace(records: Records, context: Context, organizationId: string): Promise<OrganizationInvite> {
    const before = await records.organizationInvites.get(organizationId);
    const invite = { id: newSecretId(), organizationId, createdAt: clock.now() };
    await records.organizationInvites.put(invite);
    await recordChange(environment, records, context, {
      organizationId,
      subjectType: "organization",
      subjectId: organizationId,
      operation: "update",
      ...(before && { before: { invite: REDACTED } }),
      after: { invite: before ? `${REDACTED} (replaced)` : REDACTED },
    });
    return invite;
  }

  return {
    /**
     * Makes a new invite; every earlier one of the organization stops working.
     * @throws ServiceError `not_found` (organization).
     */
    async create(context: Context, organization: string): Promise<OrganizationInvite> {
      const organizationId = requireOrganization(context.caller, organization);
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        return replace(records, context, organizationId);
      });
    },

    /**
     * The current invite; makes one when there is none.
     * @throws ServiceError `not_found` (organization).
     */
    async get(context: Context, organization: string): Promise<OrganizationInvite> {
      const organizationId = requireOrganization(context.caller, organization);
      const known = await storage.read.organizationInvites.get(organizationId);
      if (known) return known;
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        return (
          (await records.organizationInvites.get(organizationId)) ?? (await replace(records, context, organizationId))
        );
      });
    },

    /**
     * What an invite leads to, for whoever holds it.
     * @throws ServiceError `invite_invalid`.
     */
    async summarize(inviteId: string): Promise<InviteSummary> {
      const { organizationId } = await findInvite(storage.read, inviteId);
      const organization = await storage.read.organizations.get(organizationId);
      if (!organization) throw inviteInvalid();
      const memberCount = await storage.read.users.countMembers(organizationId);
      return { organizationId, organizationName: organization.name, memberCount };
    },
  };
}

export type Invites = ReturnType<typeof createInvites>;

/** @throws ServiceError `invite_invalid`. */
export async function findInvite(
  records: Pick<Records, "organizationInvites">,
  id: string,
): Promise<OrganizationInvite> {
  const invite = await records.organizationInvites.find(id);
  if (!invite) throw inviteInvalid();
  return invite;
}

/** It never repeats the id. */
function inviteInvalid(): ServiceError {
  return new ServiceError(
    "invite_invalid",
    "the invite does not exist, or was replaced by a newer one: ask an admin of the organization for the current one",
  );
}
