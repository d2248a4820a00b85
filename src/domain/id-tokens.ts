import type { JWTPayload } from "jose";
import { invalidField } from "../lib/errors.ts";
import { newSecretId } from "../lib/ids.ts";
import type { UserRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import type { ExtraSubField } from "./oidc-configs.ts";
import { type Context, requirePerson } from "./principals.ts";
import { SIGNED_LIFETIME_MS, type SigningKeys } from "./signing-keys.ts";
import { requireCallingUser } from "./users.ts";

const MAX_AUDIENCES = 32;
const MAX_AUDIENCE_LENGTH = 1000;

/** Claims of ID tokens, beside those that every JWT may have. */
export const ID_TOKEN_CLAIMS = ["organization_id", "user_id", "account_id", "email", "email_verified", "name"] as const;

/** Tokens with which a person proves to other services who they are. */
export function createIdTokens(environment: Environment, signingKeys: SigningKeys) {
  const { storage, clock, settings } = environment;
  return {
    /**
     * A signed JWT (RFC 7519) that says who the caller is, good for ten minutes and for the audiences alone.
     * @throws ServiceError `person_required` for the operator, `request_invalid` (audience).
     */
    async create(context: Context, audience: readonly string[]): Promise<string> {
      const caller = requirePerson(context.caller);
      audience.forEach(checkAudience);
      if (audience.length < 1 || audience.length > MAX_AUDIENCES) {
        throw invalidField("audience", "repeated.max_items", `from 1 to ${MAX_AUDIENCES} audiences are accepted`);
      }
      const { organizationId } = caller;
      const user = await requireCallingUser(storage.read, caller);
      const config = await storage.read.oidcConfigs.get(organizationId);
      const issuedAt = Math.floor(clock.now() / 1000);
      const claims = {
        iss: settings.publicUrl,
        sub: subjectOf(user, (config?.extraSubFields ?? []) as readonly ExtraSubField[]),
        aud: audience.length === 1 ? (audience[0] as string) : [...audience],
        iat: issuedAt,
        exp: issuedAt + SIGNED_LIFETIME_MS / 1000,
        jti: newSecretId(),
        ...aboutUser(user),
      } satisfies JWTPayload;
      const token = await signingKeys.sign(claims);
      // Before anybody has it.
      await storage.write((records) =>
        recordChange(environment, records, context, {
          organizationId,
          subjectType: "user",
          subjectId: user.id,
          operation: "update_status",
          after: { idToken: { id: claims.jti, subject: claims.sub, audience, expiresAt: isoTime(claims.exp) } },
        }),
      );
      return token;
    },
  };
}

export type IdTokens = ReturnType<typeof createIdTokens>;

/**
 * The subject of a person's tokens: `organization:<id>/user:<id>`, then `/<key>:<value>` for each of the keys that the
 * organization has chosen, in its order. Values are percent-encoded (RFC 3986, section 2.1), so that no name or email can
 * pass for another part.
 */
export function subjectOf(
  user: Pick<UserRecord, "id" | "organizationId" | "accountId" | "email" | "name" | "loginProvider">,
  extraSubFields: readonly ExtraSubField[],
): string {
  const values: Readonly<Record<ExtraSubField, string>> = {
    account_id: user.accountId,
    email: user.email,
    idp: user.loginProvider,
    name: user.name,
    organization_id: user.organizationId,
    user_id: user.id,
  };
  const extras = extraSubFields.map((key) => `/${key}:${encodeURIComponent(values[key].toWellFormed())}`);
  return `organization:${user.organizationId}/user:${user.id}${extras.join("")}`;
}

/** Names of OpenID Connect Core 1.0, section 5.1, where it has one. What is not known is left out. */
function aboutUser(user: UserRecord): Partial<Record<(typeof ID_TOKEN_CLAIMS)[number], string | boolean>> {
  return {
    organization_id: user.organizationId,
    user_id: user.id,
    account_id: user.accountId,
    ...(user.email !== "" && { email: user.email, email_verified: user.emailVerified }),
    ...(user.name !== "" && { name: user.name }),
  };
}

function checkAudience(audience: string, index: number): void {
  if (audience !== "" && audience.length <= MAX_AUDIENCE_LENGTH) return;
  const message = `must have from 1 to ${MAX_AUDIENCE_LENGTH} characters, such as the URL of the service that accepts the token`;
  throw invalidField(`audience[${index}]`, "string.max_len", message);
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
