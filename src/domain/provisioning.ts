import { notFound, ServiceError } from "../lib/errors.ts";
import { createRateLimiter } from "../lib/rate-limit.ts";
import {
  DuplicateError,
  type Page,
  type PageRequest,
  type Records,
  type ScimHoldRecord,
  type ScimRequestFilter,
  type ScimRequestRecord,
  StorageUnavailableError,
} from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import { createBatches, sideBySide } from "./batches.ts";
import type { Environment } from "./environment.ts";
import { type Context, organizationOf, scopeOf } from "./principals.ts";
import type { ResourceType } from "./provisioning/attribute.ts";
import { GROUP, USER } from "./provisioning/attributes.ts";
import { createScimAuthentication, unauthorized } from "./provisioning/authentication.ts";
import { readPath } from "./provisioning/bulk.ts";
import { DeprovisioningHeld, holdView, lockName, recordHold } from "./provisioning/deprovisioning-guard.ts";
import { resourceNotFound, ScimError } from "./provisioning/errors.ts";
import { createGroup, deleteGroup, patchGroup, replaceGroup } from "./provisioning/groups.ts";
import { type ListParameters, listResources, type ScimListing } from "./provisioning/lists.ts";
import { type ScimOperation, type ScimOutcome, storableId } from "./provisioning/operations.ts";
import { parseSelection, type Selection } from "./provisioning/projection.ts";
import { createRequestLog, type LoggedRequest } from "./provisioning/request-log.ts";
import { type ScimSession, scimBaseUrl, type Work } from "./provisioning/session.ts";
import { showGroups, showUsers } from "./provisioning/showing.ts";
import { type ExpiringTokens, noticeExpiredUse, noticeExpiries } from "./provisioning/token-expiry.ts";
import { createUser, deleteUser, patchUser, replaceUser } from "./provisioning/users.ts";
import { getFolded, isObject, type ScimComplex } from "./provisioning/values.ts";

/** An operation that was carried out, with the resource as the answer shows it; undefined when it shows none. */
export interface ScimResult extends ScimOutcome {
  readonly body: ScimComplex | undefined;
}

/** A resource that was read. */
export interface ScimRead {
  readonly version: number;
  readonly body: ScimComplex;
}

/** What a request would do, and would be answered with, if it came now. */
export interface ScimPreview {
  readonly status: number;
  readonly detail: string;
  readonly scimType: string;
  readonly normalizations: readonly { readonly code: string; readonly path: string }[];
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

/** A request as somebody pastes it. */
export interface PreviewedRequest {
  readonly scimConfigurationId: string;
  readonly method: string;
  /** Below the base URL, such as `/Users/<id>`. */
  readonly path: string;
  readonly body: unknown;
}

/** Configurations whose rate is remembered at most. */
const RATE_KEYS = 10_000;

/** Requests that are deleted from the log in one transaction. */
const DELETE_AT_ONCE = 1000;

const WHOLE = (type: ResourceType): Selection => parseSelection(type, {});

/** Users and groups as identity providers provision them (RFC 7643, RFC 7644). */
export function createProvisioning(environment: Environment) {
  const { storage, clock, settings } = environment;
  const authentication = createScimAuthentication(environment);
  const requestLog = createRequestLog(environment);
  const batches = createBatches(storage, sideBySide<ScimResult>);
  const { perSecond, burst } = settings.scim.rate;
  const limiter = createRateLimiter(clock, { perSecond, burst, keys: RATE_KEYS });

  function workOf(session: ScimSession, records: Records): Work {
    return { ...session, environment, records };
  }

  /** Of two requests that make the same thing at once, the second finds what the first has made. */
  async function change(session: ScimSession, operation: ScimOperation, selection: Selection | undefined) {
    const work = async (records: Records): Promise<ScimResult> => {
      const outcome = await execute(workOf(session, records), operation);
      return { ...outcome, body: selection && (await outcome.show?.(selection)) };
    };
    const attempt = () => storage.write(work);
    try {
      // A full sync creates many at once, and their records come one after the other in any case.
      return await (makesActiveUser(operation) ? batches.add(session.configuration.id, work) : attempt());
    } catch (error) {
      if (error instanceof DeprovisioningHeld) throw await recordHold(environment, session, error);
      if (!(error instanceof DuplicateError)) throw error;
    }
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof DeprovisioningHeld) throw await recordHold(environment, session, error);
      if (!(error instanceof DuplicateError)) throw error;
      throw new ScimError(409, "Another request is making the same resource.", { scimType: "uniqueness" });
    }
  }

  /** The change, unless the configuration was deleted meanwhile and nothing can be made for it any more. */
  async function changeWhileKnown(session: ScimSession, operation: ScimOperation, selection: Selection | undefined) {
    try {
      return await change(session, operation, selection);
    } catch (error) {
      if (error instanceof ScimError || error instanceof StorageUnavailableError) throw error;
      const { id, organizationId } = session.configuration;
      throw (await storage.read.scimConfigurations.get(organizationId, id)) ? error : unauthorized();
    }
  }

  async function lockHold(records: Records, context: Context, id: string): Promise<ScimHoldRecord> {
    const organizationId = organizationOf(context.caller);
    const found = await records.scimHolds.get(organizationId, id);
    if (!found) throw notFound("SCIM hold");
    await records.locks.hold(lockName(found.scimConfigurationId));
    const locked = await records.scimHolds.get(organizationId, id);
    if (!locked) throw notFound("SCIM hold");
    return locked;
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

    /**
     * Carries out a change in one transaction, with its audit entry.
     * @param selection what the answer shows; undefined when it shows nothing.
     * @throws ScimError of any kind; nothing was changed then.
     */
    change: changeWhileKnown,

    /** @throws ScimError 404. */
    async get(session: ScimSession, type: ResourceType, id: string, selection: Selection): Promise<ScimRead> {
      const work = workOf(session, storage.read);
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
      return listResources(workOf(session, storage.read), types, parameters);
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

    /**
     * What a change would do: it is carried out in a transaction that is rolled back.
     * @throws ServiceError `not_found` (configuration).
     */
    async preview(context: Context, request: PreviewedRequest): Promise<ScimPreview> {
      const configuration = await storage.read.scimConfigurations.get(
        scopeOf(context.caller),
        request.scimConfigurationId,
      );
      if (!configuration) throw notFound("SCIM configuration");
      const baseUrl = scimBaseUrl(settings.publicUrl, configuration.id);
      const session: ScimSession = { configuration, requestId: context.requestId, baseUrl };
      try {
        return toPreview(request.method, await rolledBack(session, toOperation(request)));
      } catch (error) {
        if (error instanceof ScimError) return toFailure(error);
        if (error instanceof DeprovisioningHeld)
          return toFailure(new ScimError(429, "An admin would have to approve it."));
        throw error;
      }
    },

    /**
     * Stops of mass deprovisionings, newest first.
     * @throws ServiceError `organization_required` for the operator that names none.
     */
    async listHolds(
      { caller }: Context,
      scimConfigurationId: string | undefined,
      page: PageRequest,
    ): Promise<Page<ScimHoldRecord>> {
      return storage.read.scimHolds.list(organizationOf(caller), scimConfigurationId, page);
    },

    /**
     * Decides about a hold. Approved, the directory may deactivate and delete for a window of time; refused, it may not.
     * @throws ServiceError `not_found`, `conflict` when somebody else has decided already.
     */
    async decideHold(context: Context, id: string, state: "approved" | "refused"): Promise<ScimHoldRecord> {
      return storage.write(async (records) => {
        const before = await lockHold(records, context, id);
        if (before.state === state) return before;
        if (before.state !== "pending") {
          throw new ServiceError("conflict", `the hold is ${before.state} already: what is decided stays so`);
        }
        const now = clock.now();
        const { caller } = context;
        const decidedBy =
          caller.kind === "user" ? caller.userId : caller.kind === "operator" ? caller.credentialId : "";
        const after: ScimHoldRecord = {
          ...before,
          state,
          decidedBy,
          decidedAt: now,
          expiresAt: now + settings.scim.guard.windowMs,
        };
        await records.scimHolds.update(after);
        await recordChange(environment, records, context, {
          organizationId: after.organizationId,
          subjectType: "scim_configuration",
          subjectId: after.scimConfigurationId,
          operation: "update_status",
          before: holdView(before),
          after: holdView(after),
        });
        return after;
      });
    },
  };

  async function rolledBack(session: ScimSession, operation: ScimOperation): Promise<ScimResult> {
    try {
      return await storage.write(async (records) => {
        const outcome = await execute(workOf(session, records), operation);
        throw new RolledBack({ ...outcome, body: await outcome.show?.(WHOLE(operation.type)) });
      });
    } catch (error) {
      if (error instanceof RolledBack) return error.result;
      if (!(error instanceof DuplicateError)) throw error;
      throw new ScimError(409, "Another request is making the same resource.", { scimType: "uniqueness" });
    }
  }
}

export type Provisioning = ReturnType<typeof createProvisioning>;

/** Ends the transaction of a preview, with what it came to. */
class RolledBack extends Error {
  readonly result: ScimResult;

  constructor(result: ScimResult) {
    super("rolled back");
    this.result = result;
  }
}

/** Whoever is adopted in order to be suspended is counted by the guard, which takes one after the other. */
function makesActiveUser({ type, method, data }: ScimOperation): boolean {
  if (type !== USER || method !== "POST") return false;
  const active = isObject(data) ? getFolded(data, "active") : undefined;
  return active === undefined || String(active).toLowerCase() === "true";
}

type Execute = (work: Work, operation: ScimOperation) => Promise<ScimOutcome>;

const USER_OPERATIONS: Readonly<Record<ScimOperation["method"], Execute>> = {
  POST: createUser,
  PUT: replaceUser,
  PATCH: patchUser,
  DELETE: deleteUser,
};

const GROUP_OPERATIONS: Readonly<Record<ScimOperation["method"], Execute>> = {
  POST: createGroup,
  PUT: replaceGroup,
  PATCH: patchGroup,
  DELETE: deleteGroup,
};

function execute(work: Work, operation: ScimOperation): Promise<ScimOutcome> {
  const operations = operation.type === USER ? USER_OPERATIONS : GROUP_OPERATIONS;
  return operations[operation.method](work, operation);
}

const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

function toOperation({ method, path, body }: PreviewedRequest): ScimOperation {
  const name = method.toUpperCase();
  if (!METHODS.has(name)) throw new ScimError(400, "A preview takes POST, PUT, PATCH and DELETE.");
  const { type, id } = readPath(path.split("?")[0], name);
  return { method: name as ScimOperation["method"], type, id, data: body, ifMatch: undefined };
}

function toPreview(method: string, { normalizations, before, after, body }: ScimResult): ScimPreview {
  const status = method.toUpperCase() === "POST" ? 201 : body ? 200 : 204;
  return { status, detail: "", scimType: "", normalizations, before, after };
}

function toFailure(error: ScimError): ScimPreview {
  const { status, message: detail, scimType = "" } = error;
  return { status, detail, scimType, normalizations: [], before: undefined, after: undefined };
}
