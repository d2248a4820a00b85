import { notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import {
  EVERY_ORGANIZATION,
  type Page,
  type PageRequest,
  type Records,
  type SsoConfigurationRecord,
} from "../storage/storage.ts";
import { REDACTED, recordChange } from "./audit.ts";
import { createBatches } from "./batches.ts";
import { applyEmailDomains } from "./email-domains.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization, scopeOf } from "./principals.ts";
import { checkSsoConfigurationValues } from "./sso-configuration-values.ts";

export type SsoConfiguration = SsoConfigurationRecord;

/** What a new configuration is made of. */
export interface NewSsoConfiguration {
  readonly organizationId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly issuerUrl: string;
  readonly emailDomain?: string | undefined;
  readonly emailDomains: readonly string[];
  readonly displayName: string;
  readonly additionalScopes: readonly string[];
  readonly claimsExpression?: string | undefined;
}

/** What an update changes: undefined (and, for claims and domains, empty) leaves a field as it is. */
export interface SsoConfigurationChanges {
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly issuerUrl?: string | undefined;
  readonly state?: "active" | "inactive" | undefined;
  readonly claims: Readonly<Record<string, string>>;
  readonly emailDomain?: string | undefined;
  readonly emailDomains: readonly string[];
  readonly displayName?: string | undefined;
  /** A present empty list clears. */
  readonly additionalScopes?: readonly string[] | undefined;
  /** An empty text clears. */
  readonly claimsExpression?: string | undefined;
}

/** An update that waits to be carried out. */
interface Update {
  readonly context: Context;
  readonly id: string;
  readonly changes: SsoConfigurationChanges;
  /** Sealed. */
  readonly clientSecret: string | undefined;
}

/** What the audit log shows of a secret that was replaced. */
const REPLACED = `${REDACTED} (replaced)`;

/** What the seal of a client secret is bound to, so that a sealed value opens in its own row only. */
export function clientSecretPurpose(configurationId: string): string {
  return `sso_configuration/${configurationId}/client_secret`;
}

/** The login providers of organizations. */
export function createSsoConfigurations(environment: Environment) {
  const { storage, clock, keyring, settings } = environment;

  /** Before the transaction, which others share: nothing of the changes themselves is refused within. */
  function checkChanges(changes: SsoConfigurationChanges): void {
    checkSsoConfigurationValues(settings.issuers, changes, "additional_scopes.scopes");
  }

  async function sealSecret(id: string, { clientSecret }: SsoConfigurationChanges): Promise<string | undefined> {
    return clientSecret === undefined ? undefined : keyring.seal(clientSecret, clientSecretPurpose(id));
  }

  async function lock(records: Records, context: Context, id: string): Promise<SsoConfiguration> {
    const found = await records.ssoConfigurations.lock(scopeOf(context.caller), id);
    if (!found) throw notFound("SSO configuration");
    return found;
  }

  /** Those of one configuration and one scope wait for its lock together, and not each on a connection of its own. */
  const updates = createBatches(storage, async (records, items: readonly Update[]) => {
    const [{ context, id }] = items as readonly [Update];
    const before = await lock(records, context, id);
    const steps = stepsOf(before, items);
    const changed = steps.filter((step) => step.after !== step.before);
    const last = changed.at(-1);
    // Side by side: a database that is far away answers all at once.
    await Promise.all([
      last && records.ssoConfigurations.update(last.after),
      ...changed.map((step) =>
        recordChange(environment, records, step.context, {
          ...subject(step.after),
          operation: "update",
          before: view(step.before),
          after: { ...view(step.after), ...(step.clientSecret !== undefined && { clientSecret: REPLACED }) },
        }),
      ),
    ]);
    return steps.map(({ after }) => after);
  });

  /** Each update begins with what the one before it has made. */
  function stepsOf(found: SsoConfiguration, items: readonly Update[]) {
    let before = found;
    return items.map((item) => {
      const changed = apply(before, item.changes, item.clientSecret);
      const after = equal(before, changed) ? before : { ...changed, updatedAt: clock.now() };
      const step = { ...item, before, after };
      before = after;
      return step;
    });
  }

  return {
    /**
     * Adds a login provider; it is ACTIVE at once. The identity provider is not contacted.
     * @throws ServiceError `not_found` (organization), `issuer_not_allowed`, `email_domain_duplicate`,
     *   `claims_expression_invalid`, `request_invalid` (scope).
     */
    async create(context: Context, input: NewSsoConfiguration): Promise<SsoConfiguration> {
      const organizationId = requireOrganization(context.caller, input.organizationId);
      checkSsoConfigurationValues(settings.issuers, input, "additional_scopes");
      const id = newId();
      const now = clock.now();
      const configuration: SsoConfiguration = {
        id,
        organizationId,
        displayName: input.displayName,
        issuerUrl: input.issuerUrl,
        clientId: input.clientId,
        clientSecret: await keyring.seal(input.clientSecret, clientSecretPurpose(id)),
        state: "active",
        providerType: "custom",
        claims: {},
        emailDomains: applyEmailDomains([], input),
        additionalScopes: input.additionalScopes,
        claimsExpression: input.claimsExpression ?? "",
        createdAt: now,
        updatedAt: now,
      };
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        await records.ssoConfigurations.insert(configuration);
        await recordChange(environment, records, context, {
          ...subject(configuration),
          operation: "create",
          after: view(configuration),
        });
        return configuration;
      });
    },

    /** @throws ServiceError `not_found`. */
    async get(context: Context, id: string): Promise<SsoConfiguration> {
      const found = await storage.read.ssoConfigurations.get(scopeOf(context.caller), id);
      if (!found) throw notFound("SSO configuration");
      return found;
    },

    /**
     * The organization's configurations in creation order.
     * @throws ServiceError `not_found` (organization).
     */
    async list(context: Context, organizationId: string, page: PageRequest): Promise<Page<SsoConfiguration>> {
      requireOrganization(context.caller, organizationId);
      const found = await storage.read.ssoConfigurations.list(organizationId, page);
      if (found.items.length === 0 && !(await storage.read.organizations.get(organizationId))) {
        throw notFound("organization");
      }
      return found;
    },

    /**
     * The configuration as {@link update} would make it, which is saved nowhere.
     * @throws ServiceError what {@link update} refuses.
     */
    async preview(context: Context, id: string, changes: SsoConfigurationChanges): Promise<SsoConfiguration> {
      checkChanges(changes);
      const before = await storage.read.ssoConfigurations.get(scopeOf(context.caller), id);
      if (!before) throw notFound("SSO configuration");
      return apply(before, changes, await sealSecret(id, changes));
    },

    /**
     * Applies what is present, in one transaction under the row's lock: two updates at the same moment lose nothing of
     * either. What changes nothing moves no timestamp and leaves no audit entry.
     * @throws ServiceError `not_found`, and what {@link create} refuses.
     */
    async update(context: Context, id: string, changes: SsoConfigurationChanges): Promise<SsoConfiguration> {
      checkChanges(changes);
      // Before the transaction: sealing is slow, and SQLite has one writer.
      const clientSecret = await sealSecret(id, changes);
      const scope = scopeOf(context.caller);
      const key = scope === EVERY_ORGANIZATION ? id : `${scope} ${id}`;
      return updates.add(key, { context, id, changes, clientSecret });
    },

    /**
     * Deletes a configuration that no SCIM configuration links to.
     * @throws ServiceError `not_found`, `sso_configuration_in_use` (names the SCIM configurations).
     */
    async delete(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const before = await lock(records, context, id);
        const linked = await records.scimConfigurations.listIdsLinkedTo(before.organizationId, id);
        if (linked.length > 0) {
          throw new ServiceError(
            "sso_configuration_in_use",
            `SCIM configurations link to it: unlink or delete them first (${linked.join(", ")})`,
            { metadata: { scim_configuration_ids: linked.join(",") } },
          );
        }
        await records.ssoConfigurations.delete(id);
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

export type SsoConfigurations = ReturnType<typeof createSsoConfigurations>;

function apply(
  before: SsoConfiguration,
  changes: SsoConfigurationChanges,
  clientSecret: string | undefined,
): SsoConfiguration {
  return {
    ...before,
    clientId: changes.clientId ?? before.clientId,
    clientSecret: clientSecret ?? before.clientSecret,
    issuerUrl: changes.issuerUrl ?? before.issuerUrl,
    state: changes.state ?? before.state,
    claims: Object.keys(changes.claims).length > 0 ? changes.claims : before.claims,
    emailDomains: applyEmailDomains(before.emailDomains, changes),
    displayName: changes.displayName ?? before.displayName,
    additionalScopes: changes.additionalScopes ?? before.additionalScopes,
    claimsExpression: changes.claimsExpression ?? before.claimsExpression,
  };
}

function equal(a: SsoConfiguration, b: SsoConfiguration): boolean {
  return a.clientSecret === b.clientSecret && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(configuration: SsoConfiguration) {
  return { ...configuration, claims: Object.entries(configuration.claims).sort(([a], [b]) => (a < b ? -1 : 1)) };
}

function subject(configuration: SsoConfiguration) {
  return {
    organizationId: configuration.organizationId,
    subjectType: "sso_config",
    subjectId: configuration.id,
  } as const;
}

/** What the audit log shows of a configuration. */
function view(configuration: SsoConfiguration): Record<string, unknown> {
  const { id, organizationId, createdAt, updatedAt, clientSecret: _secret, ...shown } = configuration;
  return { ...shown, clientSecret: REDACTED };
}
