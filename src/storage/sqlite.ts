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
import type { DirectReads } from "./sql/engine.ts";
import { createSqlStorage } from "./sql/storage.ts";
import { createSqliteWire } from "./sqlite-wire.ts";
import { type Storage, StorageUnavailableError } from "./storage.ts";

/** How long this process waits for another one that has locked the file. */
const BUSY_MS = 10_000;

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
  const connect = async (exclusive: boolean, pragmas: readonly string[]) => {
    try {
      const database = await whileBusy(() => openDatabase(file, { readonly: !exclusive }, pragmas));
      const driver = new SqliteDriver(database, { exclusive });
      return { driver, db: new Kysely<never>({ dialect: kyselyDialect(driver) }) };
    } catch (error) {
      throw onOpenError(error);
    }
  };

  return createSqlStorage({
    dialect: sqliteDialect,
    writers: (await connect(true, ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"])).db,
    // Opened after the migrations, because a read-only connection cannot make the file's WAL index.
    openReaders: async () => {
      const { db, driver } = await connect(false, []);
      return { db, direct: driver.connection };
    },
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
    for (const pragma of [...pragmas, "cache_size = -65536"]) database.pragma(pragma);
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

/** Kysely's driver interface over better-sqlite3, with every statement prepared once. */
class SqliteDriver implements Driver {
  readonly #database: Database.Database;
  readonly connection: SqliteConnection;
  readonly #exclusive: boolean;
  #tail: Promise<void> = Promise.resolve();
  #release: () => void = () => {};

  constructor(database: Database.Database, options: { exclusive: boolean }) {
    this.#database = database;
    this.connection = new SqliteConnection(database);
    this.#exclusive = options.exclusive;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#exclusive) return this.connection;
    const before = this.#tail;
    let release = () => {};
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    this.#release = release;
    return this.connection;
  }

  async releaseConnection(): Promise<void> {
    if (this.#exclusive) this.#release();
  }

  async beginTransaction(): Promise<void> {
    await whileBusy(() => this.connection.run("begin immediate"));
  }

  async commitTransaction(): Promise<void> {
    this.connection.run("commit");
  }

  async rollbackTransaction(): Promise<void> {
    // Some failures (a full disk) have rolled back already.
    if (this.#database.inTransaction) this.connection.run("rollback");
  }

  async destroy(): Promise<void> {
    this.#database.close();
  }
}

class SqliteConnection implements DatabaseConnection, DirectReads {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #dataVersion: Database.Statement;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#dataVersion = database.prepare("pragma data_version").pluck();
  }

  rows(text: string, parameters: readonly unknown[]): readonly unknown[] | Promise<readonly unknown[]> {
    const read = () => this.#prepare(text).all(...parameters);
    try {
      return read();
    } catch (error) {
      if (!isBusy(error)) throw error;
      return whileBusy(read);
    }
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

  run(text: string): void {
    this.#prepare(text).run();
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; streaming is not used on this engine
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming is not supported: read page by page");
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
