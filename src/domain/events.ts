import { ServiceError } from "../lib/errors.ts";
import type { AuditChange, Operation, SubjectType } from "../storage/storage.ts";
import { createBells } from "./bells.ts";
import type { Environment } from "./environment.ts";
import {
  type Context,
  credentialMissing,
  type OperatorCaller,
  organizationOf,
  type Principals,
  type UserCaller,
} from "./principals.ts";

/** A change in an organization. */
export interface ChangeEvent {
  readonly operation: Operation;
  readonly subjectType: SubjectType;
  readonly subjectId: string;
}

/** Lets changes of one kind of thing through. */
export interface EventFilter {
  readonly subjectType: SubjectType;
  /** Empty lets all of them through. */
  readonly subjectIds: readonly string[];
  /** Who made the thing, as far as the audit log goes back; empty lets all through. */
  readonly creatorIds: readonly string[];
}

/** How streams behave. Times in milliseconds. */
export interface EventLimits {
  /** After so much silence a stream that has just begun says that it lives. */
  readonly firstHeartbeatMs: number;
  /** After so much silence it says so again, and looks for itself whether anything has happened. */
  readonly heartbeatMs: number;
  /** A reader that has kept a stream waiting for so long … */
  readonly patienceMs: number;
  /** … and is more changes than these behind is cut off. */
  readonly maxBehind: number;
}

const LIMITS: EventLimits = {
  // Whoever waits for the headers of the answer does not wait long.
  firstHeartbeatMs: 1_000,
  // Below the minute after which many proxies cut a silent connection.
  heartbeatMs: 20_000,
  patienceMs: 30_000,
  maxBehind: 10_000,
};

/** Changes that are read at once. A stream holds no more than these, however slow its reader is. */
const BATCH = 100;

/**
 * Changes of an organization as they happen, on whatever replica. A stream reads the audit log by sequence, which is the
 * order of the commits, and takes the next changes when its reader has taken the last ones. Being told of a commit only
 * makes it look sooner, so nothing is lost when a message between replicas is, or the connection that brings them.
 */
export function createEvents(
  { storage }: Pick<Environment, "storage">,
  principals: Pick<Principals, "recheck">,
  limits: EventLimits = LIMITS,
) {
  const bells = createBells();
  const closing = new AbortController();
  let unsubscribe: (() => void) | undefined;

  async function passes(
    organizationId: string,
    filters: readonly EventFilter[],
    change: AuditChange,
  ): Promise<boolean> {
    if (filters.length === 0) return true;
    for (const { subjectType, subjectIds, creatorIds } of filters) {
      if (subjectType !== change.subjectType) continue;
      if (subjectIds.length > 0 && !subjectIds.includes(change.subjectId)) continue;
      if (creatorIds.length === 0) return true;
      const creatorId = await storage.read.auditEntries.findCreator(organizationId, change.subjectId);
      if (creatorId !== undefined && creatorIds.includes(creatorId)) return true;
    }
    return false;
  }

  async function requireKeepingUp(stream: Stream): Promise<void> {
    if (stream.waitedMs <= limits.patienceMs) return;
    const { auditEntries } = storage.read;
    if (!(await auditEntries.hasMoreThan(stream.organizationId, stream.position, limits.maxBehind))) return;
    throw new ServiceError(
      "slow_reader",
      `the stream is read too slowly: more than ${limits.maxBehind} changes are waiting. Read what has changed from the lists, then watch again`,
    );
  }

  /** The caller must still be allowed to watch: the credential good, the user active, the role the same. */
  async function requireStanding(caller: UserCaller | OperatorCaller): Promise<void> {
    const now = await principals.recheck(caller);
    if (now.kind === "user" && caller.kind === "user" && now.role !== caller.role) {
      throw new ServiceError(
        "admin_required",
        "your role in the organization has changed: watch again if you still may",
      );
    }
  }

  async function* follow(stream: Stream): AsyncGenerator<ChangeEvent | undefined, void, undefined> {
    const { organizationId, caller, filters, signal } = stream;
    const bell = bells.hang(organizationId);
    unsubscribe ??= storage.subscribe((organization) => bells.ring(organization));
    const ended = AbortSignal.any([signal, closing.signal]);
    // Elapsed time, which has nothing to do with the time of day.
    let heartbeatAt = performance.now() + limits.firstHeartbeatMs;
    const taken = (since: number) => {
      const now = performance.now();
      heartbeatAt = now + limits.heartbeatMs;
      stream.waitedMs += now - since;
    };
    try {
      for (let rung = false; ; ) {
        const changes = await storage.read.auditEntries.listChanges(organizationId, stream.position, BATCH);
        const caughtUp = changes.length < BATCH;
        if (!caughtUp) await requireKeepingUp(stream);
        // Rung for nothing in the log: what has ended may be the caller's own token, or the whole organization.
        if (rung && changes.length === 0) await requireStanding(caller);
        for (const change of changes) {
          stream.position = change.sequence;
          if (concerns(change, caller)) await requireStanding(caller);
          if (!(await passes(organizationId, filters, change))) continue;
          if (ended.aborted) break;
          const since = performance.now();
          yield { operation: change.operation, subjectType: change.subjectType, subjectId: change.subjectId };
          taken(since);
        }
        if (caughtUp && !ended.aborted) {
          stream.waitedMs = 0;
          rung = await bell.wait(heartbeatAt - performance.now(), ended);
        }
        if (closing.signal.aborted) throw shuttingDown();
        if (signal.aborted) return;
        if (performance.now() < heartbeatAt) continue;
        await requireStanding(caller);
        const since = performance.now();
        yield undefined;
        taken(since);
      }
    } finally {
      bell.remove();
      if (bells.size === 0) {
        unsubscribe?.();
        unsubscribe = undefined;
      }
    }
  }

  return {
    /**
     * The changes of the caller's organization from now on, in the order of their commits. Undefined comes now and then
     * while nothing happens, so that a connection with nothing on it is not taken for dead.
     * @param filters what one of them lets through comes; without any, everything.
     * @param signal ends the stream.
     * @throws ServiceError `organization_required`; while the stream runs: `slow_reader`, `credential_invalid`,
     *   `admin_required` (the role has changed), `unavailable` (the server shuts down).
     */
    async watch(
      { caller }: Context,
      filters: readonly EventFilter[],
      signal: AbortSignal,
    ): Promise<AsyncIterable<ChangeEvent | undefined>> {
      if (caller.kind !== "user" && caller.kind !== "operator") throw credentialMissing();
      if (closing.signal.aborted) throw shuttingDown();
      const organizationId = organizationOf(caller);
      const position = await storage.read.auditEntries.lastSequence(organizationId);
      return follow({ organizationId, caller, filters, signal, position, waitedMs: 0 });
    },

    /** Ends every stream, and refuses new ones. */
    close(): void {
      closing.abort();
    },
  };
}

export type Events = ReturnType<typeof createEvents>;

/** One reader, and how far it has come. */
interface Stream {
  readonly organizationId: string;
  readonly caller: UserCaller | OperatorCaller;
  readonly filters: readonly EventFilter[];
  readonly signal: AbortSignal;
  /** Sequence of the last change that was looked at. */
  position: number;
  /** How long the reader has kept the stream waiting since it was last up to date. */
  waitedMs: number;
}

/** Whether the change may have taken something from the caller. */
function concerns(change: AuditChange, caller: UserCaller | OperatorCaller): boolean {
  if (change.subjectId === caller.credentialId) return true;
  return caller.kind === "user" && change.subjectId === caller.userId;
}

function shuttingDown(): ServiceError {
  return new ServiceError("unavailable", "the server is shutting down: watch again", { retryAfterSeconds: 1 });
}
