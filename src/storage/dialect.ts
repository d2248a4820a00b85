import { type QueryExecutorProvider, type RawBuilder, sql } from "kysely";

/** The few things in which the engines differ. Everything else is one implementation in `sql/`. */
export interface Dialect {
  readonly name: "sqlite" | "postgres";
  /** Whether `select … for update` exists; SQLite has one writer, whose transaction is the lock. */
  readonly rowLocks: boolean;
  /** Column type of an integer of 64 bits. */
  readonly bigint: RawBuilder<unknown>;
  /** Column type of text that compares byte by byte, so that both engines order alike. */
  readonly text: RawBuilder<unknown>;
  /** Column definition of a key that counts up. */
  readonly serial: RawBuilder<unknown>;
  /** End of a `create table` whose rows lie in the order of its primary key, where that exists. */
  readonly clustered: RawBuilder<unknown>;
  /** The elements of a JSON array of texts, as a table with the column `value`. */
  elements(json: unknown): RawBuilder<unknown>;
  /** Whether the text contains the part, byte by byte. */
  contains(text: RawBuilder<string>, part: string): RawBuilder<boolean>;
  /** Whether the driver's error says that a unique index was violated. */
  isDuplicate(error: unknown): boolean;
  /** Whether the transaction lost against another one and may be run again. */
  isRetryable(error: unknown): boolean;
  /** Whether the driver's error says that the database is not reachable. */
  isUnavailable(error: unknown): boolean;
  /** Waits for the named lock and holds it until the transaction ends. */
  lock(db: QueryExecutorProvider, name: string): Promise<void>;
}

const code = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");

export const sqliteDialect: Dialect = {
  name: "sqlite",
  rowLocks: false,
  bigint: sql`integer`,
  text: sql`text`,
  serial: sql`integer primary key autoincrement`,
  clustered: sql`without rowid`,
  elements: (json) => sql`json_each(${json})`,
  contains: (text, part) => sql<boolean>`instr(${text}, ${part}) > 0`,
  isDuplicate: (error) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$/.test(code(error)),
  isRetryable: () => false,
  isUnavailable: (error) => /^SQLITE_(BUSY|LOCKED|CANTOPEN|FULL|IOERR|READONLY_RECOVERY)/.test(code(error)),
  // The one writer is the lock.
  lock: async () => {},
};

export const postgresDialect: Dialect = {
  name: "postgres",
  rowLocks: true,
  bigint: sql`bigint`,
  text: sql`text collate "C"`,
  serial: sql`bigint generated always as identity primary key`,
  clustered: sql``,
  elements: (json) => sql`json_array_elements_text(cast(${json} as json))`,
  contains: (text, part) => sql<boolean>`strpos(${text}, ${part}) > 0`,
  isDuplicate: (error) => code(error) === "23505",
  // serialization_failure, deadlock_detected
  isRetryable: (error) => code(error) === "40001" || code(error) === "40P01",
  // Class 08: connection exceptions. Class 57P: the server shuts down. 53300: too many connections.
  isUnavailable: (error) =>
    /^(08|57P|53300)/.test(code(error)) ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)$/.test(code(error)) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error instanceof Error ? error.message : "",
    ),
  async lock(db, name) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
  },
};
