import { notFound } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import { createToken, hashToken } from "../lib/tokens.ts";
import type { Page, PageRequest, Records, ScimConfigurationRecord } from "../storage/storage.ts";
import { REDACTED, recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, organizationOf, requireOrganization, scopeOf } from "./principals.ts";

export type ScimConfiguration = ScimConfigurationRecord;

/** Seconds that a token lives when nobody says otherwise: 365 days. */
export const DEFAULT_TOKEN_LIFETIME = 31_536_000;

/** What a new configuration is made of. */
export interface NewScimConfiguration {
  readonly organizationId: string;
  readonly name?: string | undefined;
  readonly ssoConfigurationId: string;
  /** Seconds; the schema bounds it. */
  readonly tokenLifetime?: number | undefined;
  readonly allowUnverifiedEmailAccountLinking?: boolean | undefined;
}

/** What an update changes: undefined leaves a field as it is. */
export interface ScimConfigurationChanges {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** An empty text unlinks. */
  readonly ssoConfigurationId?: string | undefined;
  readonly allowUnverifiedEmailAccountLinking?: boolean | undefined;
}

/** A configuration together with the token that was just made for it: the only moment at which the token is known. */
export interface IssuedToken {
  readonly configuration: ScimConfiguration;
  readonly token: string;
}

/** The provisioning settings of organizations. */
export function createScimConfigurations(environment: Environment) {
  const { storage, clock } = environment;

  async function lock(records: Records, context: Context, id: string): Promise<ScimConfiguration> {
    const found = await records.scimConfigurations.lock(scopeOf(context.caller), id);
    if (!found) throw notFound("SCIM configuration");
    return found;
  }

  /** The lock keeps the SSO configuration from being deleted before the link is committed. */
  async function requireSsoConfiguration(records: Records, organizationId: string, id: string): Promise<void> {
    if (!(await records.ssoConfigurations.lock(organizationId, id))) throw notFound("SSO configuration");
  }

  return {
    /**
     * Makes an enabled configuration and its first token.
     * @throws ServiceError `not_found` (organization, SSO configuration).
     */
    async create(context: Context, input: NewScimConfiguration): Promise<IssuedToken> {
      const organizationId = requireOrganization(context.caller, input.organizationId);
      const now = clock.now();
      const token = createToken("scim");
      const tokenLifetime = input.tokenLifetime ?? DEFAULT_TOKEN_LIFETIME;
      const configuration: ScimConfiguration = {
        id: newId(),
        organizationId,
        name: input.name ?? "",
        enabled: true,
        ssoConfigurationId: input.ssoConfigurationId,
        allowUnverifiedEmailAccountLinking: input.allowUnverifiedEmailAccountLinking ?? false,
        tokenHash: hashToken(token),
        tokenExpiresAt: now + tokenLifetime * 1000,
        tokenLifetime,
        tokenLastUsedAt: undefined,
        createdAt: now,
        updatedAt: now,
      };
      await storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        await requireSsoConfiguration(records, organizationId, input.ssoConfigurationId);
        await records.scimConfigurations.insert(configuration);
        await recordChange(environment, records, context, {
          ...subject(configuration),
          operation: "create",
          after: view(configuration),
        });
      });
      return { configuration, token };
    },

    /** @throws ServiceError `not_found`. */
    async get(context: Context, id: string): Promise<ScimConfiguration> {
      const found = await storage.read.scimConfigurations.get(scopeOf(context.caller), id);
      if (!found) throw notFound("SCIM configuration");
      return found;
    },

    /**
     * The configurations of the caller's organization in creation order.
     * @throws ServiceError `organization_required` for the operator that names none.
     */
    async list(context: Context, page: PageRequest): Promise<Page<ScimConfiguration>> {
      return storage.read.scimConfigurations.list(organizationOf(context.caller), page);
    },

    /**
     * Applies what is present; token and expiry stay. What changes nothing moves no timestamp and leaves no audit entry.
     * @throws ServiceError `not_found` (configuration, SSO configuration).
     */
    async update(context: Context, id: string, changes: ScimConfigurationChanges): Promise<ScimConfiguration> {
      return storage.write(async (records) => {
        const before = await lock(records, context, id);
        const changed = apply(before, changes);
        if (JSON.stringify(changed) === JSON.stringify(before)) return before;
        if (changed.ssoConfigurationId !== undefined && changed.ssoConfigurationId !== before.ssoConfigurationId) {
          await requireSsoConfiguration(records, before.organizationId, changed.ssoConfigurationId);
        }
        const after = { ...changed, updatedAt: clock.now() };
        await records.scimConfigurations.update(after);
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
     * Replaces the token; the old one stops working in the same transaction.
     * @param tokenLifetime seconds; without it, as long as the token before was made for.
     * @throws ServiceError `not_found`.
     */
    async regenerateToken(context: Context, id: string, tokenLifetime: number | undefined): Promise<IssuedToken> {
      const token = createToken("scim");
      const configuration = await storage.write(async (records) => {
        const before = await lock(records, context, id);
        const now = clock.now();
        const lifetime = tokenLifetime ?? before.tokenLifetime;
        const after: ScimConfiguration = {
          ...before,
          tokenHash: hashToken(token),
          tokenExpiresAt: now + lifetime * 1000,
          tokenLifetime: lifetime,
          tokenLastUsedAt: undefined,
          updatedAt: now,
        };
        await records.scimConfigurations.update(after);
        await recordChange(environment, records, context, {
          ...subject(after),
          operation: "update",
          before: view(before),
          after: { ...view(after), token: `${REDACTED} (replaced)` },
        });
        return after;
      });
      return { configuration, token };
    },

    /**
     * Deletes a configuration and its provisioning records. Whom it has provisioned stay members, its groups become groups like
     * any other, and whom it has suspended stay so until an admin lifts that.
     * @throws ServiceError `not_found`.
     */
    async delete(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const before = await lock(records, context, id);
        await records.scimUsers.handOverSuspensions(id, clock.now());
        await records.scimConfigurations.delete(id);
        await records.jobRuns.deleteOf(subject(before));
        await recordChange(environment, records, context, {
          ...subject(before),
          operation: "delete",
          before: view(before),
        });
      });
    },
  };
}

export type ScimConfigurations = ReturnType<typeof createScimConfigurations>;

function apply(before: ScimConfiguration, changes: ScimConfigurationChanges): ScimConfiguration {
  return {
    ...before,
    name: changes.name ?? before.name,
    enabled: changes.enabled ?? before.enabled,
    ssoConfigurationId:
      changes.ssoConfigurationId === undefined ? before.ssoConfigurationId : changes.ssoConfigurationId || undefined,
    allowUnverifiedEmailAccountLinking:
      changes.allowUnverifiedEmailAccountLinking ?? before.allowUnverifiedEmailAccountLinking,
  };
}

function subject(configuration: ScimConfiguration) {
  return {
    organizationId: configuration.organizationId,
    subjectType: "scim_configuration",
    subjectId: configuration.id,
  } as const;
}

/** What the audit log shows of a configuration. */
function view(configuration: ScimConfiguration): Record<string, unknown> {
  return {
    name: configuration.name,
    enabled: configuration.enabled,
    ssoConfigurationId: configuration.ssoConfigurationId ?? "",
    allowUnverifiedEmailAccountLinking: configuration.allowUnverifiedEmailAccountLinking,
    token: REDACTED,
    tokenExpiresAt: new Date(configuration.tokenExpiresAt).toISOString(),
  };
}
