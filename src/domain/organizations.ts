import { invalidField, notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import type { OrganizationRecord, Page, PageRequest, Records } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import { domainOfEmail, foldDomain } from "./email-domains.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization, requirePerson } from "./principals.ts";
import { isPublicMailDomain } from "./public-mail-domains.ts";
import { insertUser, requireCallingUser, type User } from "./users.ts";

export type Organization = OrganizationRecord;

/** What a new organization is made of. */
export interface NewOrganization {
  /** At least three characters. */
  readonly name: string;
  /** Whether the caller becomes its first member, as an admin. */
  readonly join?: boolean;
  /** Whether people with the domain of the caller's email may join without an invite. */
  readonly inviteMatchingDomain?: boolean;
}

/** What an update changes: undefined leaves a field as it is. */
export interface OrganizationChanges {
  readonly name?: string | undefined;
  /** An empty list clears. */
  readonly inviteDomains?: readonly string[] | undefined;
}

/** Longest name, in characters. */
const MAX_NAME = 255;
const MIN_NAME = 3;

/** The tenants. */
export function createOrganizations(environment: Environment) {
  const { storage, clock, settings } = environment;

  return {
    /**
     * Makes an organization. Nobody belongs to it, unless the caller joins it.
     * @throws ServiceError `create_organization_not_allowed`, `person_required` (the operator can neither join nor has it
     *   an email), `request_invalid` (name; no domain of the email that could be an invite domain).
     */
    async create(
      context: Context,
      input: NewOrganization,
    ): Promise<{ readonly organization: Organization; readonly member: User | undefined }> {
      const { caller } = context;
      if (caller.kind === "user" && !settings.allowCreateOrganization) {
        throw new ServiceError(
          "create_organization_not_allowed",
          "this server does not let its users make organizations: ask whoever runs it",
        );
      }
      const name = checkName(input.name, MIN_NAME);
      const person = input.join || input.inviteMatchingDomain ? requirePerson(caller) : undefined;
      return storage.write(async (records) => {
        const user = person && (await requireCallingUser(records, person));
        const inviteDomains = user && input.inviteMatchingDomain ? [inviteDomainOf(user)] : [];
        const organization = await insertOrganization(environment, records, context, { name, inviteDomains });
        if (!user || !input.join) return { organization, member: undefined };
        const member = await insertUser(
          environment,
          records,
          context,
          { ...user, id: user.accountId },
          { organizationId: organization.id, role: "admin", loginProvider: user.loginProvider },
        );
        return { organization, member };
      });
    },

    /** @throws ServiceError `not_found`. */
    async get(context: Context, id: string): Promise<Organization> {
      const found = await storage.read.organizations.get(requireOrganization(context.caller, id));
      if (!found) throw notFound("organization");
      return found;
    },

    /** Every organization, oldest first: for the operator's command line. */
    async list(page: PageRequest): Promise<Page<Organization>> {
      return storage.read.organizations.list(page);
    },

    /**
     * Applies what is present. What changes nothing moves no timestamp and leaves no audit entry.
     * @throws ServiceError `not_found`, `request_invalid` (name), `email_domain_duplicate`, `domain_public_provider`.
     */
    async update(context: Context, organizationId: string, changes: OrganizationChanges): Promise<Organization> {
      const id = requireOrganization(context.caller, organizationId);
      const name = changes.name === undefined ? undefined : checkName(changes.name, 1);
      const inviteDomains = changes.inviteDomains && checkInviteDomains(changes.inviteDomains);
      return storage.write(async (records) => {
        const before = await records.organizations.lock(id);
        if (!before) throw notFound("organization");
        const changed = { ...before, name: name ?? before.name, inviteDomains: inviteDomains ?? before.inviteDomains };
        if (JSON.stringify(view(changed)) === JSON.stringify(view(before))) return before;
        const after = { ...changed, updatedAt: clock.now() };
        await records.organizations.update(after);
        await recordChange(environment, records, context, {
          ...subject(after),
          operation: "update",
          before: view(before),
          after: view(after),
        });
        return after;
      });
    },

    /**
     * Deletes an organization and everything that is its own, in one transaction; accounts live on. Two things have to be
     * ended first, because somebody else relies on them: the directory that still provisions people (an enabled SCIM
     * configuration), and the say of every other active admin, who would have to be asked. The operator asks nobody.
     * What is left of the audit log is one entry that belongs to no organization.
     * @throws ServiceError `not_found`, `organization_not_empty` (names what is in the way).
     */
    async delete(context: Context, organizationId: string): Promise<void> {
      const id = requireOrganization(context.caller, organizationId);
      await storage.write(async (records) => {
        const before = await records.organizations.lock(id);
        if (!before) throw notFound("organization");
        await refuseWhileInUse(records, context, id);
        await records.organizations.delete(id);
        await recordChange(environment, records, context, {
          ...subject(before),
          organizationId: undefined,
          operation: "delete",
          before: view(before),
        });
      });
    },
  };
}

export type Organizations = ReturnType<typeof createOrganizations>;

/** Adds an organization within a transaction. */
export async function insertOrganization(
  environment: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  input: Pick<Organization, "name" | "inviteDomains">,
): Promise<Organization> {
  const now = environment.clock.now();
  const organization: Organization = { id: newId(), ...input, createdAt: now, updatedAt: now };
  await records.organizations.insert(organization);
  await recordChange(environment, records, context, {
    ...subject(organization),
    operation: "create",
    after: view(organization),
  });
  return organization;
}

async function refuseWhileInUse(records: Records, { caller }: Context, organizationId: string): Promise<void> {
  const blockers: string[] = [];
  const scim = await records.scimConfigurations.list(organizationId, { limit: 1000 });
  const enabled = scim.items.filter((configuration) => configuration.enabled);
  if (enabled.length > 0) blockers.push(`enabled SCIM configurations (${enabled.map(({ id }) => id).join(", ")})`);
  const others = caller.kind === "user" ? (await records.users.countActiveAdmins(organizationId)) - 1 : 0;
  if (others > 0) blockers.push(`other active admins (${others})`);
  if (blockers.length === 0) return;
  throw new ServiceError(
    "organization_not_empty",
    `the organization still has ${blockers.join(" and ")}: disable or delete the one, and take the role or the ` +
      "membership of the other, first",
    { metadata: { blockers: blockers.join("; ") } },
  );
}

/** White space around a name is not part of it. */
function checkName(name: string, minLength: number): string {
  const trimmed = name.trim();
  const length = [...trimmed].length;
  if (length < minLength || length > MAX_NAME) {
    throw invalidField(
      "name",
      length < minLength ? "string.min_len" : "string.max_len",
      `has ${length} characters without the space around it: ${minLength} to ${MAX_NAME} are accepted`,
    );
  }
  return trimmed;
}

function checkInviteDomains(given: readonly string[]): readonly string[] {
  const domains = given.map(foldDomain);
  domains.forEach((domain, index) => {
    const field = `invite_domains.domains[${index}]`;
    if (domains.indexOf(domain) !== index) {
      throw invalidField(
        field,
        "repeated.unique",
        `names ${domain} again (case and a trailing dot do not count): give every domain once`,
        "email_domain_duplicate",
      );
    }
    if (isPublicMailDomain(domain)) {
      throw invalidField(
        field,
        "invite_domains.public_provider",
        `everybody can have an address at ${domain}, so nobody could join by it: give domains of your own`,
        "domain_public_provider",
      );
    }
  });
  return domains;
}

function inviteDomainOf(user: User): string {
  const field = "invite_accounts_with_matching_domain";
  const domain = domainOfEmail(user.email);
  if (domain === undefined || !domain.includes(".")) {
    throw invalidField(
      field,
      `${field}.domain`,
      `your email ${user.email} has no domain that could be shared: send false`,
    );
  }
  if (isPublicMailDomain(domain)) {
    throw invalidField(
      field,
      `${field}.public_provider`,
      `your email is at ${domain}, where everybody can have an address: send false`,
    );
  }
  return domain;
}

function subject({ id }: Organization) {
  return { organizationId: id, subjectType: "organization", subjectId: id } as const;
}

/** What the audit log shows of an organization. */
function view(organization: Organization): Record<string, unknown> {
  return { name: organization.name, inviteDomains: organization.inviteDomains };
}
