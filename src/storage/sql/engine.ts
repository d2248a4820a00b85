import type { Compilable, CompiledQuery, Kysely } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Page } from "../storage.ts";
import { BrokenLinkError, DuplicateError, StorageUnavailableError } from "../storage.ts";
import type { Tables } from "./schema.ts";

/** Connections of an engine without Kysely around them, whose way through drivers and plugins costs more than SQLite takes. */
export interface Direct {
  /** The rows of a statement; at once where nothing has to be waited for. */
  rows(sql: string, parameters: readonly unknown[]): readonly unknown[] | Promise<readonly unknown[]>;
  /** The same for a few rows that are found by a key at once, where an engine has a cheaper way for that. */
  readonly byKey?: Direct["rows"];
  /** Runs a statement that answers with no rows. @returns how many it has changed. */
  run(sql: string, parameters: readonly unknown[]): number | Promise<number>;
  /**
   * A number that is another one as soon as anything was committed, by any process; undefined when that cannot be told
   * now. Missing where asking for it is no cheaper than reading.
   */
  readonly version?: () => number | undefined;
}

/**
 * What the stores of one connection share: their dialect and the statements that were compiled once. Kysely compiles a statement
 * in about 100 µs, more than SQLite takes to run it, so hot ones keep the compiled form and run it with new parameters.
 */
export class Engine {
  readonly dialect: Dialect;
  readonly #direct: Direct | undefined;
  readonly #compiled: Map<string, CompiledQuery>;

  /** Without `direct`, statements go through Kysely. */
  constructor(dialect: Dialect, direct?: Direct, compiled = new Map<string, CompiledQuery>()) {
    this.dialect = dialect;
    this.#direct = direct;
    this.#compiled = compiled;
  }

  /** The same over another connection. */
  over(direct: Direct): Engine {
    return new Engine(this.dialect, direct, this.#compiled);
  }

  /**
   * The rows of a statement that is built and compiled at its first use under this name.
   * @param parameters in the order in which the placeholders stand in the statement; the values given to `build` are dummies.
   */
  rows<R>(
    db: Kysely<Tables>,
    name: string,
    parameters: readonly unknown[],
    build: (db: Kysely<Tables>) => Compilable<R>,
  ): readonly R[] | Promise<readonly R[]> {
    const query = this.#compile(db, name, build);
    if (this.#direct) return this.#direct.rows(query.sql, parameters) as readonly R[] | Promise<readonly R[]>;
    return db.executeQuery<R>({ ...query, parameters }).then(({ rows }) => rows);
  }

  /** Like {@link rows}, for a few rows that are found by a key at once. */
  byKey<R>(
    db: Kysely<Tables>,
    name: string,
    parameters: readonly unknown[],
    build: (db: Kysely<Tables>) => Compilable<R>,
  ): readonly R[] | Promise<readonly R[]> {
    const { byKey } = this.#direct ?? {};
    if (!byKey) return this.rows(db, name, parameters, build);
    return byKey(this.#compile(db, name, build).sql, parameters) as readonly R[] | Promise<readonly R[]>;
  }

  /** Like {@link rows}, for a statement that answers with no rows. @returns how many it has changed. */
  run(
    db: Kysely<Tables>,
    name: string,
    parameters: readonly unknown[],
    build: (db: Kysely<Tables>) => Compilable<unknown>,
  ): number | Promise<number> {
    const query = this.#compile(db, name, build);
    if (this.#direct) return this.#direct.run(query.sql, parameters);
    return db.executeQuery({ ...query, parameters }).then(({ numAffectedRows = 0n }) => Number(numAffectedRows));
  }

  #compile(db: Kysely<Tables>, name: string, build: (db: Kysely<Tables>) => Compilable<unknown>): CompiledQuery {
    let query = this.#compiled.get(name);
    if (!query) {
      query = build(db).compile();
      this.#compiled.set(name, query);
    }
    return query;
  }

  /** Turns a driver's error into the contract's, where it has one. */
  translate(error: unknown): unknown {
    if (this.dialect.isDuplicate(error)) return new DuplicateError("a row with this key exists", { cause: error });
    if (this.dialect.isBrokenLink(error)) {
      return new BrokenLinkError("a row belongs to one that does not exist", { cause: error });
    }
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
