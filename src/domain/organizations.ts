import { notFound } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import type { OrganizationRecord, Page, PageRequest, Records } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization } from "./principals.ts";

export type Organization = OrganizationRecord;

/** The tenants. */
export function createOrganizations(environment: Environment) {
  const { storage } = environment;
  return {
    /** Makes an organization that nobody belongs to yet. */
    async create(context: Context, name: string): Promise<Organization> {
      return storage.write((records) => insertOrganization(environment, records, context, { name, inviteDomains: [] }));
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
    organizationId: organization.id,
    subjectType: "organization",
    subjectId: organization.id,
    operation: "create",
    after: { name: organization.name, inviteDomains: organization.inviteDomains },
  });
  return organization;
}
