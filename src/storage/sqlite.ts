import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type Dialect as KyselyDialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";
import { sqliteDialect } from "./dialect.ts";
import { createSqlStorage } from "./sql/storage.ts";
import { SqliteTransactions, type TransactionalConnection } from "./sqlite-transactions.ts";
import { createSqliteWire } from "./sqlite-wire.ts";
import { type Storage, StorageUnavailableError } from "./storage.ts";

/** How long this process waits for another one that has locked the file. */
const BUSY_MS = 10_000;

/**
 * Pages of the WAL after which they are copied to the file: each page once, however often it was written. Up to 4062 of them
 * are found through one table (https://www.sqlite.org/walformat.html, "The WAL-Index File Format"), so that reads stay cheap.
 */
const CHECKPOINT_PAGES = 4000;

/**
 * Opens (and makes) the SQLite file. One connection writes, another one reads, so that a read neither waits for a
 * transaction nor sees what it has not committed. WAL with full synchronization: an acknowledged commit survives a
 * loss of power (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * @throws StorageUnavailableError when the file cannot be opened.
 */
export async function openSqlite(file: string): Promise<Storage> {
  const onOpenError = (error: unknown) =>
    sqliteDialect.isUnavailable(error)
      ? new StorageUnavailableError(`${file} cannot be opened: ${(error as Error).message}`, { cause: error })
      : error;
  const connect = async (readonly: boolean, pragmas: readonly string[]) => {
    try {
      const direct = new SqliteConnection(await whileBusy(() => openDatabase(file, { readonly }, pragmas)));
      return { direct, db: new Kysely<never>({ dialect: kyselyDialect(new SqliteDriver(direct)) }) };
    } catch (error) {
      throw onOpenError(error);
    }
  };

  const writer = await connect(false, ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"]);
  return createSqlStorage({
    dialect: sqliteDialect,
    writers: writer.db,
    transactions: new SqliteTransactions(writer),
    // Opened after the migrations, because a read-only connection cannot make the file's WAL index.
    openReaders: () => connect(true, []),
    openWire: ({ readers }) =>
      createSqliteWire(async () => {
        const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(readers);
        return rows[0]?.data_version ?? 0;
      }),
    onOpenError,
  });
}

function openDatabase(file: string, options: { readonly: boolean }, pragmas: readonly string[]): Database.Database {
  // No waiting inside SQLite: it would stop every other request. `whileBusy` waits in JavaScript instead.
  const database = new Database(file, { ...options, timeout: 0 });
  try {
    for (const pragma of [...pragmas, "cache_size = -65536", `wal_autocheckpoint = ${CHECKPOINT_PAGES}`]) {
      database.pragma(pragma);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Tries again while another process has locked the file. What fails for it has done nothing yet. */
async function whileBusy<T>(attempt: () => T): Promise<T> {
  const deadline = Date.now() + BUSY_MS;
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
    }
    await sleep(wait);
  }
}

/** Like {@link whileBusy}, without waiting for what is there at once. */
function atOnceOrLater<T>(attempt: () => T): T | Promise<T> {
  try {
    return attempt();
  } catch (error) {
    if (!isBusy(error)) throw error;
    return whileBusy(attempt);
  }
}

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY");
}

function kyselyDialect(driver: Driver): KyselyDialect {
  return {
    createDriver: () => driver,
    createAdapter: () => new TransactionalSqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Migrations run in one `begin immediate`, so two processes that start at once do not both run them. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Kysely's driver interface over one connection, for one user at a time. */
class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    await this.#connection.begin();
  }

  async commitTransaction(): Promise<void> {
    this.#connection.run("commit", []);
  }

  async rollbackTransaction(): Promise<void> {
    if (this.#connection.inTransaction) this.#connection.run("rollback", []);
  }

  async destroy(): Promise<void> {
    this.#connection.close();
  }
}

/** A connection to the file, with every statement prepared once. */
class SqliteConnection implements DatabaseConnection, TransactionalConnection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #dataVersion: Database.Statement;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#dataVersion = database.prepare("pragma data_version").pluck();
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  begin(): void | Promise<void> {
    return atOnceOrLater(() => void this.run("begin immediate", []));
  }

  rows(text: string, parameters: readonly unknown[]): readonly unknown[] | Promise<readonly unknown[]> {
    return atOnceOrLater(() => {
      const statement = this.#prepare(text);
      if (statement.reader) return statement.all(...parameters);
      statement.run(...parameters);
      return [];
    });
  }

  run(text: string, parameters: readonly unknown[]): number {
    return this.#prepare(text).run(...parameters).changes;
  }

  /** https://www.sqlite.org/pragma.html#pragma_data_version: changed by the commits of every other connection. */
  version(): number | undefined {
    try {
      return this.#dataVersion.get() as number;
    } catch (error) {
      if (!isBusy(error)) throw error;
      return undefined;
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // A transaction holds its lock. Outside of one, another process may be opening, closing or recovering the file.
    return this.#database.inTransaction ? this.#execute(query) : whileBusy(() => this.#execute<R>(query));
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; streaming is not used on this engine
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not supported: read page by page");
  }

  close(): void {
    this.#database.close();
  }

  #execute<R>(query: CompiledQuery): QueryResult<R> {
    const statement = this.#prepare(query.sql);
    if (statement.reader) return { rows: statement.all(...query.parameters) as R[] };
    const { changes } = statement.run(...query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  #prepare(text: string): Database.Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#database.prepare(text);
      // Lists of varying length make ever new texts; start over before they fill the memory.
      if (this.#statements.size >= 1000) this.#statements.clear();
      this.#statements.set(text, statement);
    }
    return statement;
  }
}
