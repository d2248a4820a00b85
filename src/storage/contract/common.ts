/** Whose rows a query may see: one organization's, or (for the operator) every organization's. */
export type Scope = string | typeof EVERY_ORGANIZATION;

/** The operator's scope. A symbol, so that a forgotten id can never mean it. */
export const EVERY_ORGANIZATION: unique symbol = Symbol("every organization");

/** Keyset paging: at most `limit` rows after the row whose sort key is `after` (from the start without it). */
export interface PageRequest {
  /** 1 or more. */
  readonly limit: number;
  /** The opaque sort key of the last row of the page before. */
  readonly after?: string | undefined;
}

/** One page, in the order that the method documents. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The sort key to continue after; absent on the last page. */
  readonly next?: string | undefined;
}

/** Thrown when a row with an equal key exists already. Its transaction is rolled back, even if the error is caught. */
export class DuplicateError extends Error {
  override readonly name = "DuplicateError";
}

/**
 * Thrown when a row would belong to one that does not exist (any more), or when a row is deleted that others cannot be without.
 * Its transaction is rolled back, even if the error is caught.
 */
export class BrokenLinkError extends Error {
  override readonly name = "BrokenLinkError";
}

/**
 * Thrown when the database cannot be reached or does not answer in time. Nothing was written, unless the connection broke
 * while the commit itself was on its way: then nobody knows.
 */
export class StorageUnavailableError extends Error {
  override readonly name = "StorageUnavailableError";
}

/** Thrown at start when the database was written by a newer version of this service. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";
}
