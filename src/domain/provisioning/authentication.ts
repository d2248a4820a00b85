import { equalHashes, hashToken, isToken } from "../../lib/tokens.ts";
import { EVERY_ORGANIZATION } from "../../storage/storage.ts";
import type { Environment } from "../environment.ts";
import { ScimError } from "./errors.ts";
import { type ScimSession, scimBaseUrl } from "./session.ts";

/** Who stands behind the bearer token of a SCIM request. */
export function createScimAuthentication({ storage, clock, settings }: Environment) {
  // Uses are noted in bulk: a write per request would cost more than the request.
  let uses = new Map<string, number>();
  let expiredUses = new Map<string, number>();

  return {
    /**
     * The session of a request. The configuration is read each time, so that a replaced token and a disabled configuration
     * open nothing from the next request on, on every replica.
     * @throws ScimError 401. Whoever has the right token learns that it expired, or that the configuration is disabled.
     */
    async authenticate(configurationId: string, token: string | undefined, requestId: string): Promise<ScimSession> {
      if (token === undefined || !isToken("scim", token)) throw unauthorized();
      const hash = hashToken(token);
      const configuration = await storage.read.scimConfigurations.get(EVERY_ORGANIZATION, configurationId);
      if (!configuration || !equalHashes(configuration.tokenHash, hash)) throw unauthorized();
      const now = clock.now();
      if (configuration.tokenExpiresAt <= now) {
        expiredUses.set(configuration.id, (expiredUses.get(configuration.id) ?? 0) + 1);
        const expired = new Date(configuration.tokenExpiresAt).toISOString();
        throw new ScimError(401, `The token expired at ${expired}: an admin can make a new one.`);
      }
      if (!configuration.enabled) {
        throw new ScimError(401, "The SCIM configuration is disabled: an admin can enable it.");
      }
      uses.set(hash, now);
      return { configuration, requestId, baseUrl: scimBaseUrl(settings.publicUrl, configuration.id) };
    },

    /** Writes down when tokens were last used, and says how often which configuration was asked with an expired one. */
    async flushUses(): Promise<ReadonlyMap<string, number>> {
      const [noted, expired] = [uses, expiredUses];
      uses = new Map();
      expiredUses = new Map();
      if (noted.size > 0) await storage.write((records) => records.scimConfigurations.touch(noted));
      return expired;
    },
  };
}

/** The answer to a stranger, and to whoever asks for what is not there. */
export function unauthorized(): ScimError {
  return new ScimError(
    401,
    "Send the token of this SCIM configuration as `Authorization: Bearer <token>`; the URL or the token is not valid.",
  );
}
