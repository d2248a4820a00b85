import type { Compilable, CompiledQuery, Kysely } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Page } from "../storage.ts";
import { DuplicateError, StorageUnavailableError } from "../storage.ts";
import type { Tables } from "./schema.ts";

/**
 * What every store of one engine shares: its dialect and the queries that were compiled once. Kysely compiles a query in
 * about 100 µs, more than SQLite takes to run it, so hot reads keep the compiled form and run it with new parameters.
 */
export class Engine {
  readonly dialect: Dialect;
  readonly #compiled = new Map<string, CompiledQuery>();

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /**
   * The rows of a query that is built and compiled at its first use under this name.
   * @param parameters in the order in which the placeholders stand in the query; the values given to `build` are dummies.
   */
  async rows<R>(
    db: Kysely<Tables>,
    name: string,
    parameters: readonly unknown[],
    build: (db: Kysely<Tables>) => Compilable<R>,
  ): Promise<readonly R[]> {
    let query = this.#compiled.get(name);
    if (!query) {
      query = build(db).compile();
      this.#compiled.set(name, query);
    }
    return (await db.executeQuery<R>({ ...query, parameters })).rows;
  }

  /** Turns a driver's error into the contract's, where it has one. */
  translate(error: unknown): unknown {
    if (this.dialect.isDuplicate(error)) return new DuplicateError("a row with this key exists", { cause: error });
    if (this.dialect.isUnavailable(error)) {
      return new StorageUnavailableError("the database cannot be reached", { cause: error });
    }
    return error;
  }
}

/**
 * Stands in statements whose best plan depends on the values they come with. Engines that keep one plan per statement (PostgreSQL
 * does so after a few runs, and then guesses how many rows a value has) make such a statement's plan at every run.
 */
export const PLANNED_ANEW = "/* planned anew */";

/** A page out of `limit + 1` rows: the extra row only tells that there is more. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  toRecord: (row: Row) => T,
  keyOf: (row: Row) => string,
): Page<T> {
  if (rows.length <= limit) return { items: rows.map(toRecord) };
  const kept = rows.slice(0, limit);
  return { items: kept.map(toRecord), next: keyOf(kept[limit - 1] as Row) };
}

/** Stored form of a boolean. */
export const flag = (value: boolean): 0 | 1 => (value ? 1 : 0);
