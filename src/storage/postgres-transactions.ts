import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type pg from "pg";
import type { Direct } from "./sql/engine.ts";
import type { Connection, Transactions } from "./sql/transactions.ts";

/** Transactions on the connections of a pool, side by side. The connections must take a statement before the one before is answered. */
export class PostgresTransactions implements Transactions {
  readonly #pool: pg.Pool;
  readonly #connections = new WeakMap<pg.PoolClient, PostgresConnection>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async run<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const connection = this.#connectionOf(client);
    let isOver = false;
    try {
      const begun = connection.begin();
      // The work meets the same error, and ends before anything else happens here.
      begun.catch(() => {});
      const value = await work(connection);
      await begun;
      await client.query("commit", []);
      isOver = true;
      return value;
    } catch (error) {
      isOver = await client.query("rollback", []).then(
        () => true,
        () => false,
      );
      throw error;
    } finally {
      // Nobody else gets a connection on which the transaction may still be open.
      client.release(!isOver);
    }
  }

  #connectionOf(client: pg.PoolClient): PostgresConnection {
    let connection = this.#connections.get(client);
    if (!connection) {
      connection = new PostgresConnection(client);
      this.#connections.set(client, connection);
    }
    return connection;
  }
}

/** A connection that sends `begin` together with the first statement, when that is one that changes nothing. */
class PostgresConnection implements Connection {
  readonly db: Kysely<never>;
  readonly direct: Direct;
  readonly #client: pg.PoolClient;
  /** Until it is answered. */
  #begin: Promise<unknown> | undefined;

  constructor(client: pg.PoolClient) {
    this.#client = client;
    const query: Query = (text, parameters) => this.#query(text, parameters);
    this.direct = directOver(query);
    this.db = new Kysely<never>({ dialect: dialectOver(query) });
  }

  /** Sends `begin`; to be waited for before the transaction ends. */
  async begin(): Promise<void> {
    this.#begin = this.#client.query("begin", []);
    try {
      await this.#begin;
    } finally {
      this.#begin = undefined;
    }
  }

  async #query(text: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    // Without a transaction around it, a change would stay.
    if (this.#begin && !/^select\b/i.test(text)) await this.#begin;
    return this.#client.query(text, parameters as unknown[]);
  }
}

/** Runs a statement. */
type Query = (text: string, parameters: readonly unknown[]) => Promise<pg.QueryResult>;

/** Statements over what runs queries. */
export function directOver(query: Query): Direct {
  return {
    rows: (text, parameters) => query(text, parameters).then(({ rows }) => rows),
    run: (text, parameters) => query(text, parameters).then(({ rowCount }) => rowCount ?? 0),
  };
}

/** Kysely's interfaces over one connection, which belongs to a transaction already. */
function dialectOver(query: Query) {
  return {
    createDriver: () => new ConnectionDriver(query),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db: Kysely<never>) => new PostgresIntrospector(db),
  };
}

class ConnectionDriver implements Driver, DatabaseConnection {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.#query(sql, parameters);
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; streaming is not used
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not supported: read page by page");
  }

  async beginTransaction(): Promise<void> {
    throw new Error("a transaction is open already");
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}
