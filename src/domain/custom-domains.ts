import { notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import { type CustomDomainRecord, DuplicateError, type Records } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import { requireDomain } from "./domain-names.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization } from "./principals.ts";

export type CustomDomain = CustomDomainRecord;
export type CustomDomainProvider = CustomDomain["provider"];

/** The account at the cloud provider, by either of its names. */
interface CloudAccount {
  readonly cloudAccountId?: string | undefined;
  /** The older name; {@link cloudAccountId} wins when both are given. */
  readonly awsAccountId?: string | undefined;
}

/** What a new custom domain is made of. */
export interface NewCustomDomain extends CloudAccount {
  readonly domainName: string;
  readonly provider: CustomDomainProvider;
}

/** What an update changes: undefined leaves a field as it is. */
export interface CustomDomainChanges extends CloudAccount {
  readonly domainName: string;
  readonly provider?: CustomDomainProvider | undefined;
}

/**
 * The host name of each organization's own, at most one. Several organizations may name the same host: to refuse the
 * second would tell it about the first, and would let anybody take the names of others.
 */
export function createCustomDomains(environment: Environment) {
  const { storage, clock } = environment;

  async function require(records: Records, organizationId: string): Promise<CustomDomain> {
    const locked = await records.organizations.lock(organizationId);
    const found = locked && (await records.customDomains.get(organizationId));
    if (!found) throw notFound("custom domain");
    return found;
  }

  return {
    /** @throws ServiceError `not_found` (organization), `already_exists`, `request_invalid` (no host name). */
    async create(context: Context, organization: string, input: NewCustomDomain): Promise<CustomDomain> {
      const organizationId = requireOrganization(context.caller, organization);
      const now = clock.now();
      const domain: CustomDomain = {
        id: newId(),
        organizationId,
        domainName: requireDomain("domain_name", input.domainName),
        provider: input.provider,
        cloudAccountId: accountOf(input) ?? "",
        createdAt: now,
        updatedAt: now,
      };
      try {
        return await storage.write(async (records) => {
          if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
          await records.customDomains.insert(domain);
          await recordChange(environment, records, context, {
            ...subject(domain),
            operation: "create",
            after: view(domain),
          });
          return domain;
        });
      } catch (error) {
        if (!(error instanceof DuplicateError)) throw error;
        throw new ServiceError("already_exists", "the organization has a custom domain: update or delete that one");
      }
    },

    /** @throws ServiceError `not_found` (organization, custom domain). */
    async get(context: Context, organization: string): Promise<CustomDomain> {
      const organizationId = requireOrganization(context.caller, organization);
      const found = await storage.read.customDomains.get(organizationId);
      if (found) return found;
      throw notFound((await storage.read.organizations.get(organizationId)) ? "custom domain" : "organization");
    },

    /**
     * Applies what is present. What changes nothing moves no timestamp and leaves no audit entry.
     * @throws ServiceError `not_found`, `request_invalid` (no host name).
     */
    async update(context: Context, organization: string, changes: CustomDomainChanges): Promise<CustomDomain> {
      const organizationId = requireOrganization(context.caller, organization);
      const domainName = requireDomain("domain_name", changes.domainName);
      return storage.write(async (records) => {
        const before = await require(records, organizationId);
        const changed: CustomDomain = {
          ...before,
          domainName,
          provider: changes.provider ?? before.provider,
          cloudAccountId: accountOf(changes) ?? before.cloudAccountId,
        };
        if (JSON.stringify(changed) === JSON.stringify(before)) return before;
        const after = { ...changed, updatedAt: clock.now() };
        await records.customDomains.update(after);
        await recordChange(environment, records, context, {
          ...subject(after),
          operation: "update",
          before: view(before),
          after: view(after),
        });
        return after;
      });
    },

    /** @throws ServiceError `not_found`. */
    async delete(context: Context, organization: string): Promise<void> {
      const organizationId = requireOrganization(context.caller, organization);
      await storage.write(async (records) => {
        const before = await require(records, organizationId);
        await records.customDomains.delete(before.id);
        await recordChange(environment, records, context, {
          ...subject(before),
          operation: "delete",
          before: view(before),
        });
      });
    },
  };
}

export type CustomDomains = ReturnType<typeof createCustomDomains>;

function accountOf({ cloudAccountId, awsAccountId }: CloudAccount): string | undefined {
  return cloudAccountId ?? awsAccountId;
}

function subject(domain: CustomDomain) {
  return { organizationId: domain.organizationId, subjectType: "custom_domain", subjectId: domain.id } as const;
}

/** What the audit log shows of a custom domain. */
function view({ domainName, provider, cloudAccountId }: CustomDomain): Record<string, unknown> {
  return { domainName, provider, cloudAccountId };
}
