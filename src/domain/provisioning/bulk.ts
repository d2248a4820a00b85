import type { ResourceType } from "./attribute.ts";
import { RESOURCE_TYPES } from "./attributes.ts";
import { badRequest, ScimError } from "./errors.ts";
import { getFolded, isObject } from "./values.ts";

/**
 * Planning of bulk requests (RFC 7644, section 3.7): what each operation is, which ones wait for the ids of others, and in
 * which order they run. Nothing is executed here.
 */

/** Schema of the answer to a bulk request. */
export const BULK_RESPONSE_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

export type BulkMethod = "POST" | "PUT" | "PATCH" | "DELETE";

/** An operation that can be run once those that it refers to have run. */
export interface BulkOperation {
  /** Its place in the request, from 0. Answers stand in this order. */
  readonly index: number;
  readonly method: BulkMethod;
  readonly type: ResourceType;
  /** The id in the path, which may be a reference such as `bulkId:one`; undefined for POST. */
  readonly id: string | undefined;
  readonly bulkId: string | undefined;
  /** For If-Match. */
  readonly version: string | undefined;
  readonly data: unknown;
}

/** An operation that cannot be run. */
export interface RefusedOperation {
  readonly index: number;
  readonly error: ScimError;
}

export interface BulkPlan {
  /** In the order in which they run: that of the request, except that what an operation refers to comes before it. */
  readonly operations: readonly BulkOperation[];
  readonly refused: readonly RefusedOperation[];
  /** After so many errors the rest is not run; undefined: all are. */
  readonly failOnErrors: number | undefined;
}

/**
 * Plans a bulk request. Operations that refer to each other in a circle, or to a bulkId that no operation has, are refused one
 * by one; the others run.
 * @throws ScimError `invalidSyntax` for the whole request, or 413 for more than `maxOperations`.
 */
export function planBulk(body: unknown, maxOperations: number): BulkPlan {
  const inputs = isObject(body) ? getFolded(body, "Operations") : undefined;
  if (!isObject(body) || !Array.isArray(inputs)) {
    throw badRequest("invalidSyntax", "The body is an object whose Operations is an array.");
  }
  if (inputs.length > maxOperations) {
    throw new ScimError(413, `A bulk request has at most ${maxOperations} operations; send them in several requests.`);
  }
  const plan = new Planner();
  for (const [index, input] of inputs.entries()) plan.read(index, input);
  return { ...plan.order(), failOnErrors: failOnErrorsOf(getFolded(body, "failOnErrors")) };
}

/**
 * The operation with the ids in place of the references.
 * @param ids bulkId → id of those that have run with success.
 * @throws ScimError when an operation that it refers to has failed.
 */
export function resolveReferences(operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation {
  const resolve = (text: string): string => {
    const bulkId = referenceIn(text);
    if (bulkId === undefined) return text;
    const id = ids.get(bulkId);
    if (id === undefined) {
      throw badRequest("invalidValue", "The operation refers to a bulkId whose operation failed.");
    }
    return id;
  };
  return {
    ...operation,
    id: operation.id === undefined ? undefined : resolve(operation.id),
    data: mapStrings(operation.data, resolve, 0),
  };
}

const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** JSON deeper than this holds no resource. */
const MAX_DEPTH = 20;

class Planner {
  readonly #operations: BulkOperation[] = [];
  readonly #refused: RefusedOperation[] = [];
  readonly #byBulkId = new Map<string, BulkOperation>();
  readonly #dependenciesOf = new Map<BulkOperation, readonly (BulkOperation | undefined)[]>();

  read(index: number, input: unknown): void {
    try {
      const operation = readOperation(index, input);
      if (operation.bulkId !== undefined && this.#byBulkId.has(operation.bulkId)) {
        throw badRequest("invalidValue", "Another operation has the same bulkId.");
      }
      this.#operations.push(operation);
      if (operation.bulkId !== undefined) this.#byBulkId.set(operation.bulkId, operation);
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      this.#refused.push({ index, error });
    }
  }

  order(): Pick<BulkPlan, "operations" | "refused"> {
    const runnable = this.#runnable();
    for (const operation of this.#operations) {
      if (!runnable.has(operation))
        this.#refused.push({ index: operation.index, error: this.#unresolvable(operation) });
    }
    const ordered = new Set<BulkOperation>();
    const place = (operation: BulkOperation): void => {
      for (const dependency of this.#dependencies(operation) ?? []) if (!ordered.has(dependency)) place(dependency);
      ordered.add(operation);
    };
    for (const operation of this.#operations) if (runnable.has(operation)) place(operation);
    return { operations: [...ordered], refused: this.#refused.sort((a, b) => a.index - b.index) };
  }

  /** The operations that refer to nothing, then those that refer to these alone, and so on. */
  #runnable(): ReadonlySet<BulkOperation> {
    const runnable = new Set<BulkOperation>();
    for (let size = -1; size < runnable.size; ) {
      size = runnable.size;
      for (const operation of this.#operations) {
        if (this.#dependencies(operation)?.every((dependency) => runnable.has(dependency))) runnable.add(operation);
      }
    }
    return runnable;
  }

  /** The operations whose ids this one needs; undefined when one of them does not exist. */
  #dependencies(operation: BulkOperation): readonly BulkOperation[] | undefined {
    let dependencies = this.#dependenciesOf.get(operation);
    if (dependencies === undefined) {
      dependencies = [...referencesOf(operation)].map((bulkId) => this.#byBulkId.get(bulkId));
      this.#dependenciesOf.set(operation, dependencies);
    }
    return dependencies.every((one) => one !== undefined) ? dependencies : undefined;
  }

  #unresolvable(operation: BulkOperation): ScimError {
    if (this.#isCircular(operation)) {
      return new ScimError(
        409,
        "The operations refer to each other in a circle: create first, and connect afterwards.",
      );
    }
    return badRequest("invalidValue", "The operation refers to a bulkId that no operation has that can be run.");
  }

  #isCircular(start: BulkOperation): boolean {
    const seen = new Set<BulkOperation>();
    const open = [start];
    for (let next = open.pop(); next; next = open.pop()) {
      for (const dependency of this.#dependencies(next) ?? []) {
        if (dependency === start) return true;
        if (!seen.has(dependency)) open.push(dependency);
        seen.add(dependency);
      }
    }
    return false;
  }
}

function readOperation(index: number, input: unknown): BulkOperation {
  if (!isObject(input)) throw badRequest("invalidSyntax", "Each operation is an object with method, path and data.");
  const method = String(getFolded(input, "method") ?? "").toUpperCase();
  if (!METHODS.has(method))
    throw badRequest("invalidSyntax", "The method of an operation is POST, PUT, PATCH or DELETE.");
  const { type, id } = readPath(getFolded(input, "path"), method);
  return {
    index,
    method: method as BulkMethod,
    type,
    id,
    bulkId: optionalText(input, "bulkId"),
    version: optionalText(input, "version"),
    data: getFolded(input, "data"),
  };
}

/** The resource type and id that the path of a request below the base URL names. @throws ScimError `invalidSyntax`. */
export function readPath(path: unknown, method: string): { type: ResourceType; id: string | undefined } {
  const [, endpoint = "", id] = (typeof path === "string" && /^(\/[^/?]+)(?:\/([^/?]+))?\/?$/.exec(path)) || [];
  const type = RESOURCE_TYPES.find((candidate) => candidate.endpoint.toLowerCase() === endpoint.toLowerCase());
  if (!type) throw badRequest("invalidSyntax", "The path of an operation begins with /Users or /Groups.");
  if ((method === "POST") !== (id === undefined)) {
    const form = method === "POST" ? type.endpoint : `${type.endpoint}/ and an id`;
    throw badRequest("invalidSyntax", `The path of ${method} is ${form}.`);
  }
  return { type, id };
}

function optionalText(input: Record<string, unknown>, name: string): string | undefined {
  const value = getFolded(input, name) ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw badRequest("invalidSyntax", `The ${name} of an operation is a string.`);
}

function failOnErrorsOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw badRequest("invalidSyntax", "failOnErrors takes an integer, 1 or more.");
}

function referencesOf(operation: BulkOperation): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (text: string): string => {
    const bulkId = referenceIn(text);
    if (bulkId !== undefined) found.add(bulkId);
    return text;
  };
  if (operation.id !== undefined) collect(operation.id);
  mapStrings(operation.data, collect, 0);
  return found;
}

function referenceIn(text: string): string | undefined {
  return text.startsWith("bulkId:") ? text.slice("bulkId:".length) : undefined;
}

/** A copy of a JSON value with its strings replaced. fromEntries defines keys, so that `__proto__` stays a key. */
function mapStrings(value: unknown, map: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return map(value);
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapStrings(inner, map, depth + 1)]));
}
