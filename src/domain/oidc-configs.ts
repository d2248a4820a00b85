import { notFound, ServiceError } from "../lib/errors.ts";
import type { OidcConfigRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization } from "./principals.ts";

export type OidcConfig = OidcConfigRecord;

/**
 * The keys that v3 can add to the subject of an ID token: what this server knows of the person who asks for one. `idp` is
 * the way in which they sign in. Keys of environments, runners and projects are not among them, since there are none here.
 */
export const EXTRA_SUB_FIELDS = ["account_id", "email", "idp", "name", "organization_id", "user_id"] as const;

/** One of {@link EXTRA_SUB_FIELDS}. */
export type ExtraSubField = (typeof EXTRA_SUB_FIELDS)[number];

/** What an organization chooses about its ID tokens. */
export type OidcConfigChoice = Pick<OidcConfig, "version" | "extraSubFields">;

/** The form of the ID tokens of organizations. There is always one: v3 without extra fields until somebody chooses. */
export function createOidcConfigs(environment: Environment) {
  const { storage } = environment;
  return {
    /** @throws ServiceError `not_found` (organization). */
    async get(context: Context, organization: string): Promise<OidcConfig> {
      const organizationId = requireOrganization(context.caller, organization);
      const found = await storage.read.oidcConfigs.get(organizationId);
      if (!found && !(await storage.read.organizations.get(organizationId))) throw notFound("organization");
      return found ?? unchosen(organizationId);
    },

    /**
     * Replaces the form. What changes nothing leaves no audit entry.
     * @throws ServiceError `not_found` (organization), `oidc_sub_field_unknown`.
     */
    async update(context: Context, organization: string, choice: OidcConfigChoice): Promise<OidcConfig> {
      const organizationId = requireOrganization(context.caller, organization);
      choice.extraSubFields.forEach(requireKnown);
      const after: OidcConfig = { organizationId, version: choice.version, extraSubFields: choice.extraSubFields };
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        const before = (await records.oidcConfigs.get(organizationId)) ?? unchosen(organizationId);
        if (JSON.stringify(view(before)) === JSON.stringify(view(after))) return before;
        await records.oidcConfigs.put(after);
        await recordChange(environment, records, context, {
          organizationId,
          subjectType: "organization",
          subjectId: organizationId,
          operation: "update",
          before: { oidcConfig: view(before) },
          after: { oidcConfig: view(after) },
        });
        return after;
      });
    },
  };
}

export type OidcConfigs = ReturnType<typeof createOidcConfigs>;

function unchosen(organizationId: string): OidcConfig {
  return { organizationId, version: "v3", extraSubFields: [] };
}

function requireKnown(field: string, index: number): void {
  if (EXTRA_SUB_FIELDS.some((known) => known === field)) return;
  const message = `is no key that this server knows: ${EXTRA_SUB_FIELDS.join(", ")} are accepted`;
  const path = `oidc_config.v3.extra_sub_fields[${index}]`;
  throw new ServiceError("oidc_sub_field_unknown", `${path}: ${message}`, {
    metadata: { field },
    violations: [{ field: path, rule: "extra_sub_fields.known", message }],
  });
}

/** What the audit log shows. */
function view({ version, extraSubFields }: OidcConfig): Record<string, unknown> {
  return { version, extraSubFields };
}
