import type { Compilable, CompiledQuery, Kysely } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { Page } from "../storage.ts";
import { BrokenLinkError, DuplicateError, StorageUnavailableError } from "../storage.ts";
import type { Tables } from "./schema.ts";

/** Reads of an engine without Kysely around them, whose way through pools and plugins costs more than SQLite takes. */
export interface DirectReads {
  /** The rows of a statement; at once where nothing has to be waited for. */
  rows(sql: string, parameters: readonly unknown[]): readonly unknown[] | Promise<readonly unknown[]>;
  /**
   * A number that is another one as soon as anything was committed, by any process; undefined when that cannot be told
   * now. Missing where asking for it is no cheaper than reading.
   */
  readonly version?: () => number | undefined;
}

/** Where the stores read outside of transactions. */
export interface Readers {
  readonly db: Kysely<Tables>;
  readonly direct: DirectReads;
}

/** Most results that are kept for {@link Engine.unchangedRows}. */
const KEPT_RESULTS = 1000;

/**
 * What every store of one engine shares: its dialect and the queries that were compiled once. Kysely compiles a query in
 * about 100 µs, more than SQLite takes to run it, so hot reads keep the compiled form and run it with new parameters.
 */
export class Engine {
  readonly dialect: Dialect;
  /** Set once, when the migrations have run. */
  readers: Readers | undefined;
  readonly #compiled = new Map<string, CompiledQuery>();
  readonly #kept = new Map<string, readonly unknown[]>();
  #keptVersion: number | undefined;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /**
   * The rows of a query that is built and compiled at its first use under this name.
   * @param parameters in the order in which the placeholders stand in the query; the values given to `build` are dummies.
   */
  rows<R>(
    db: Kysely<Tables>,
    name: string,
    parameters: readonly unknown[],
    build: (db: Kysely<Tables>) => Compilable<R>,
  ): readonly R[] | Promise<readonly R[]> {
    let query = this.#compiled.get(name);
    if (!query) {
      query = build(db).compile();
      this.#compiled.set(name, query);
    }
    if (db === this.readers?.db) {
      return this.readers.direct.rows(query.sql, parameters) as readonly R[] | Promise<readonly R[]>;
    }
    return db.executeQuery<R>({ ...query, parameters }).then(({ rows }) => rows);
  }

  /**
   * Like {@link rows}, for what every call reads: the rows of last time, when the database proves in the same read that
   * nothing at all was committed since. Where an engine has no such proof, they are read. Not to be changed.
   */
  unchangedRows<R>(
    db: Kysely<Tables>,
    name: string,
    parameters: readonly unknown[],
    build: (db: Kysely<Tables>) => Compilable<R>,
  ): readonly R[] | Promise<readonly R[]> {
    const version = db === this.readers?.db ? this.readers.direct.version?.() : undefined;
    if (version === undefined) return this.rows(db, name, parameters, build);
    if (version !== this.#keptVersion || this.#kept.size >= KEPT_RESULTS) {
      this.#kept.clear();
      this.#keptVersion = version;
    }
    const key = `${name}\0${parameters.join("\0")}`;
    const kept = this.#kept.get(key);
    if (kept) return kept as readonly R[];
    const rows = this.rows(db, name, parameters, build);
    // What had to be waited for may be older than the version by now.
    if (!(rows instanceof Promise)) this.#kept.set(key, rows);
    return rows;
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
