import { notFound } from "../lib/errors.ts";
import { createRateLimiter } from "../lib/rate-limit.ts";
import type { Page, PageRequest, ScimRequestFilter, ScimRequestRecord } from "../storage/storage.ts";
import type { Environment } from "./environment.ts";
import { type Context, organizationOf, scopeOf } from "./principals.ts";
import type { ResourceType } from "./provisioning/attribute.ts";
import { GROUP, USER } from "./provisioning/attributes.ts";
import { createScimAuthentication } from "./provisioning/authentication.ts";
import { createChanges } from "./provisioning/changes.ts";
import { resourceNotFound, ScimError } from "./provisioning/errors.ts";
import { createHolds } from "./provisioning/holds.ts";
import { type ListParameters, listResources, type ScimListing } from "./provisioning/lists.ts";
import { storableId } from "./provisioning/operations.ts";
import { createPreviews } from "./provisioning/previews.ts";
import type { Selection } from "./provisioning/projection.ts";
import { createRequestLog, type LoggedRequest } from "./provisioning/request-log.ts";
import type { ScimSession, Work } from "./provisioning/session.ts";
import { showGroups, showUsers } from "./provisioning/showing.ts";
import { type ExpiringTokens, noticeExpiredUse, noticeExpiries } from "./provisioning/token-expiry.ts";
import type { ScimComplex } from "./provisioning/values.ts";

/** A resource that was read. */
export interface ScimRead {
  readonly version: number;
  readonly body: ScimComplex;
}

/** Configurations whose rate is remembered at most. */
const RATE_KEYS = 10_000;

/** Requests that are deleted from the log in one transaction. */
const DELETE_AT_ONCE = 1000;

/** Users and groups as identity providers provision them (RFC 7643, RFC 7644). */
export function createProvisioning(environment: Environment) {
  const { storage, clock, settings } = environment;
  const authentication = createScimAuthentication(environment);
  const requestLog = createRequestLog(environment);
  const changes = createChanges(environment);
  const holds = createHolds(environment);
  const { perSecond, burst } = settings.scim.rate;
  const limiter = createRateLimiter(clock, { perSecond, burst, keys: RATE_KEYS });

  function reading(session: ScimSession): Work {
    return { ...session, environment, records: storage.read };
  }

  return {
    /** @throws ScimError 401, as `createScimAuthentication` says. */
    authenticate: authentication.authenticate,

    /** @throws ScimError 429 when the configuration sends more than it may. */
    takeRate({ configuration }: ScimSession): void {
      const wait = limiter.take(configuration.id);
      if (wait === 0) return;
      throw new ScimError(429, "The configuration sends more requests than it may: send fewer at once.", {
        retryAfterSeconds: Math.ceil(wait),
      });
    },

    change: changes.change,
    preview: createPreviews(environment, changes),
    listHolds: holds.list,
    decideHold: holds.decide,

    /** @throws ScimError 404. */
    async get(session: ScimSession, type: ResourceType, id: string, selection: Selection): Promise<ScimRead> {
      const work = reading(session);
      const storable = storableId({ id });
      const configurationId = session.configuration.id;
      if (storable !== undefined && type === USER) {
        const user = await storage.read.scimUsers.get(configurationId, storable);
        const [body] = user ? await showUsers(work, [user], selection) : [];
        if (user && body) return { version: user.version, body };
      } else if (storable !== undefined && type === GROUP) {
        const group = await storage.read.scimGroups.get(configurationId, storable);
        const [body] = group ? await showGroups(work, [group], selection) : [];
        if (group && body) return { version: group.version, body };
      }
      throw resourceNotFound(type.name);
    },

    /** @throws ScimError as `listResources` says. */
    list(session: ScimSession, types: readonly ResourceType[], parameters: ListParameters): Promise<ScimListing> {
      return listResources(reading(session), types, parameters);
    },

    /** Adds a request to the log. It is written down soon. */
    log(session: ScimSession, request: LoggedRequest): void {
      requestLog.add(session, request);
    },

    /** Writes down the requests that wait for it. Call it now and then, and before the end. */
    flushRequests: requestLog.flush,

    /**
     * Writes down when tokens were last used, and tells of expired ones that still are. Call it now and then, and before the end.
     * @returns how many requests came with an expired token.
     */
    async flushUses(): Promise<number> {
      const expired = await authentication.flushUses();
      for (const configurationId of expired.keys()) await noticeExpiredUse(environment, configurationId);
      const uses = [...expired.values()].reduce((sum, count) => sum + count, 0);
      environment.scimTokenMetrics.expiredUses(uses);
      return uses;
    },

    /** Tells of tokens that expire soon. Call it now and then. */
    async noticeExpiries(): Promise<ExpiringTokens> {
      const tokens = await noticeExpiries(environment);
      environment.scimTokenMetrics.expiring(tokens);
      return tokens;
    },

    /** Deletes logged requests and counted deprovisionings that are too old. */
    async deleteOld(): Promise<void> {
      const now = clock.now();
      const before = now - settings.scim.requestRetentionMs;
      for (let deleted = DELETE_AT_ONCE; deleted === DELETE_AT_ONCE; ) {
        deleted = await storage.write((records) => records.scimRequests.deleteBefore(before, DELETE_AT_ONCE));
      }
      await storage.write((records) => records.scimHolds.deleteDeprovisionings(now - settings.scim.guard.windowMs));
    },

    /**
     * The logged requests of a configuration, newest first.
     * @throws ServiceError `not_found` (configuration).
     */
    async listRequests(
      context: Context,
      filter: ScimRequestFilter,
      page: PageRequest,
    ): Promise<Page<ScimRequestRecord>> {
      const found = await storage.read.scimConfigurations.get(scopeOf(context.caller), filter.scimConfigurationId);
      if (!found) throw notFound("SCIM configuration");
      await requestLog.flush();
      return storage.read.scimRequests.list(found.organizationId, filter, page);
    },

    /** @throws ServiceError `not_found`. */
    async getRequest({ caller }: Context, id: string): Promise<ScimRequestRecord> {
      await requestLog.flush();
      const found = await storage.read.scimRequests.get(organizationOf(caller), id);
      if (!found) throw notFound("SCIM request");
      return found;
    },
  };
}

export type Provisioning = ReturnType<typeof createProvisioning>;
