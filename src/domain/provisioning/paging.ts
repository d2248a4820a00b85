import { createHash } from "node:crypto";
import { badRequest } from "./errors.ts";

/** Paging by position (RFC 7644, section 3.4.2.4) and by cursor (RFC 9865). */

/** Schema of a list answer (RFC 7644, section 3.4.2). */
export const LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** Which resources a list shows. */
export type PageRequest =
  /** The resources from this position on; the first one is 1. */
  | { readonly kind: "index"; readonly startIndex: number; readonly count: number }
  /** The resources behind this position, or from the start without one. */
  | { readonly kind: "cursor"; readonly after: CursorPosition | undefined; readonly count: number };

/** What a page may be asked for. Query strings give strings, search bodies numbers. */
export interface PageParameters {
  readonly startIndex?: unknown;
  readonly count?: unknown;
  /** Its presence, also empty, asks for paging by cursor. */
  readonly cursor?: unknown;
}

export interface PageSizes {
  readonly default: number;
  readonly max: number;
}

/** Where a page ended: the sort value of its last row, when the list is sorted, and the row's id. */
export interface CursorPosition {
  readonly id: string;
  /** Undefined when the list is not sorted; null when the row has no value to sort by. */
  readonly sortValue?: string | number | null | undefined;
}

/** A cursor knows for which list it was given, and when. */
export interface CursorContext {
  /** {@link listKey} of the list. */
  readonly list: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly timeoutSeconds: number;
}

/**
 * Reads the parameters of a page. A startIndex below 1 is 1, a count below 0 is 0, and a count above the most is cut to it.
 * @throws ScimError `invalidValue` or `invalidCount` for what is no integer, `invalidCursor`, `expiredCursor`.
 */
export function parsePage(parameters: PageParameters, sizes: PageSizes, context: CursorContext): PageRequest {
  const asked = integerOf(parameters.count, () => badRequest("invalidCount", "count takes an integer, 0 or more."));
  const count = Math.min(Math.max(asked ?? sizes.default, 0), sizes.max);
  const { cursor } = parameters;
  if (cursor !== undefined && cursor !== null) {
    if (typeof cursor !== "string") throw invalidCursor();
    return { kind: "cursor", after: cursor === "" ? undefined : decodeCursor(cursor, context), count };
  }
  const refuse = () => badRequest("invalidValue", "startIndex takes an integer; the first resource is 1.");
  return { kind: "index", startIndex: Math.max(integerOf(parameters.startIndex, refuse) ?? 1, 1), count };
}

/**
 * Identifies a list by what decides on its rows and their order. A cursor of one list is refused for another one, because
 * its position would mean something else there.
 */
export function listKey(...parts: readonly (string | undefined)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}

/** The cursor of the page behind a position. It grants nothing: it says where to go on in a list that the caller may read. */
export function encodeCursor({ id, sortValue }: CursorPosition, { list, now }: CursorContext): string {
  const parts = [list, now, id, ...(sortValue === undefined ? [] : [sortValue])];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** The body of a list answer. */
export function listResponse(
  resources: readonly unknown[],
  page: {
    readonly totalResults: number;
    readonly startIndex?: number | undefined;
    readonly nextCursor?: string | undefined;
  },
): Record<string, unknown> {
  const { totalResults, startIndex, nextCursor } = page;
  return {
    schemas: [LIST_SCHEMA],
    totalResults,
    ...(startIndex === undefined ? {} : { startIndex }),
    itemsPerPage: resources.length,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    Resources: resources,
  };
}

function decodeCursor(cursor: string, { list, now, timeoutSeconds }: CursorContext): CursorPosition {
  const [key, issued, id, sortValue] = partsOf(cursor);
  if (key !== list || typeof issued !== "number" || typeof id !== "string") throw invalidCursor();
  if (now - issued > timeoutSeconds * 1000) {
    const detail = `The cursor is older than ${timeoutSeconds} seconds: start again with an empty cursor.`;
    throw badRequest("expiredCursor", detail);
  }
  if (sortValue === undefined) return { id };
  if (sortValue !== null && typeof sortValue !== "string" && typeof sortValue !== "number") throw invalidCursor();
  return { id, sortValue };
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** The refusal of a cursor that no list gave. */
export function invalidCursor(): Error {
  return badRequest(
    "invalidCursor",
    "The cursor is none that this list gave: use nextCursor of the page before, with the same filter and order, or an empty one.",
  );
}

function integerOf(value: unknown, refuse: () => Error): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const number = typeof value === "string" && /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  if (!Number.isSafeInteger(number)) throw refuse();
  return number as number;
}
