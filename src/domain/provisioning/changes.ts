import { DuplicateError, type Records, StorageUnavailableError } from "../../storage/storage.ts";
import { createBatches, sideBySide } from "../batches.ts";
import type { Environment } from "../environment.ts";
import { USER } from "./attributes.ts";
import { unauthorized } from "./authentication.ts";
import { DeprovisioningHeld, recordHold } from "./deprovisioning-guard.ts";
import { ScimError } from "./errors.ts";
import { createGroup, deleteGroup, patchGroup, replaceGroup } from "./groups.ts";
import type { ScimOperation, ScimOutcome } from "./operations.ts";
import { parseSelection, type Selection } from "./projection.ts";
import type { ScimSession, Work } from "./session.ts";
import { createUser, deleteUser, patchUser, replaceUser } from "./users.ts";
import { getFolded, isObject, type ScimComplex } from "./values.ts";

/** An operation that was carried out, with the resource as the answer shows it; undefined when it shows none. */
export interface ScimResult extends ScimOutcome {
  readonly body: ScimComplex | undefined;
}

/** Carries changes out, and rehearses them. */
export function createChanges(environment: Environment) {
  const { storage } = environment;
  const batches = createBatches(storage, sideBySide<ScimResult>);

  async function carryOut(
    session: ScimSession,
    operation: ScimOperation,
    selection: Selection | undefined,
    records: Records,
  ): Promise<ScimResult> {
    const outcome = await execute({ ...session, environment, records }, operation);
    return { ...outcome, body: selection && (await outcome.show?.(selection)) };
  }

  /** Of two requests that make the same thing at once, the second finds what the first has made. */
  async function writeTwice(
    session: ScimSession,
    operation: ScimOperation,
    work: (records: Records) => Promise<ScimResult>,
  ): Promise<ScimResult> {
    try {
      // A full sync creates many at once, and their records come one after the other in any case.
      return await (makesActiveUser(operation) ? batches.add(session.configuration.id, work) : storage.write(work));
    } catch (error) {
      if (!(error instanceof DuplicateError)) throw error;
    }
    return storage.write(work);
  }

  async function change(session: ScimSession, operation: ScimOperation, selection: Selection | undefined) {
    try {
      return await writeTwice(session, operation, (records) => carryOut(session, operation, selection, records));
    } catch (error) {
      if (error instanceof DeprovisioningHeld) throw await recordHold(environment, session, error);
      throw error instanceof DuplicateError ? madeElsewhere() : error;
    }
  }

  return {
    /**
     * Carries out a change in one transaction, with its audit entry.
     * @param selection what the answer shows; undefined when it shows nothing.
     * @throws ScimError of any kind, 401 when the configuration was deleted meanwhile; nothing was changed then.
     */
    async change(
      session: ScimSession,
      operation: ScimOperation,
      selection: Selection | undefined,
    ): Promise<ScimResult> {
      try {
        return await change(session, operation, selection);
      } catch (error) {
        if (error instanceof ScimError || error instanceof StorageUnavailableError) throw error;
        const { id, organizationId } = session.configuration;
        throw (await storage.read.scimConfigurations.get(organizationId, id)) ? error : unauthorized();
      }
    },

    /**
     * Carries a change out in a transaction that is rolled back.
     * @throws ScimError of any kind, `DeprovisioningHeld` when an admin would have to approve the change.
     */
    async rehearse(session: ScimSession, operation: ScimOperation): Promise<ScimResult> {
      const selection = parseSelection(operation.type, {});
      try {
        return await storage.write(async (records) => {
          throw new RolledBack(await carryOut(session, operation, selection, records));
        });
      } catch (error) {
        if (error instanceof RolledBack) return error.result;
        throw error instanceof DuplicateError ? madeElsewhere() : error;
      }
    },
  };
}

/** What `createChanges` makes. */
export type Changes = ReturnType<typeof createChanges>;

function madeElsewhere(): ScimError {
  return new ScimError(409, "Another request is making the same resource.", { scimType: "uniqueness" });
}

/** Ends the transaction of a rehearsal, with what it came to. */
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
