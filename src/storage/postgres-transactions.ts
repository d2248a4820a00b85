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

/** Transactions on the connections of a pool, side by side. */
export class PostgresTransactions implements Transactions {
  readonly #pool: pg.Pool;
  readonly #connections = new WeakMap<pg.PoolClient, Connection>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async run<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let isOver = false;
    try {
      await client.query("begin");
      const value = await work(this.#connectionOf(client));
      await client.query("commit");
      isOver = true;
      return value;
    } catch (error) {
      isOver = await client.query("rollback").then(
        () => true,
        () => false,
      );
      throw error;
    } finally {
      // Nobody else gets a connection on which the transaction may still be open.
      client.release(!isOver);
    }
  }

  #connectionOf(client: pg.PoolClient): Connection {
    let connection = this.#connections.get(client);
    if (!connection) {
      const direct = directOver((text, parameters) => client.query(text, parameters as unknown[]));
      connection = { direct, db: new Kysely<never>({ dialect: dialectOver(client) }) };
      this.#connections.set(client, connection);
    }
    return connection;
  }
}

/** Statements over what runs queries. */
export function directOver(
  query: (text: string, parameters: readonly unknown[]) => Promise<pg.QueryResult>,
): Required<Pick<Direct, "rows" | "run">> {
  return {
    rows: (text, parameters) => query(text, parameters).then(({ rows }) => rows),
    run: (text, parameters) => query(text, parameters).then(({ rowCount }) => rowCount ?? 0),
  };
}

/** Kysely's interfaces over one connection, which belongs to a transaction already. */
function dialectOver(client: pg.PoolClient) {
  return {
    createDriver: () => new ClientDriver(client),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db: Kysely<never>) => new PostgresIntrospector(db),
  };
}

class ClientDriver implements Driver, DatabaseConnection {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.#client.query(sql, parameters as unknown[]);
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
