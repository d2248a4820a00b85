import { type RawBuilder, sql } from "kysely";

/** The few things in which the engines differ. Everything else is one implementation in `sql/`. */
export interface Dialect {
  readonly name: "sqlite" | "postgres";
  /** Whether `select … for update` exists; SQLite has one writer, whose transaction is the lock. */
  readonly rowLocks: boolean;
  /** Column type of an integer of 64 bits. */
  readonly bigint: RawBuilder<unknown>;
  /** Column type of text that compares byte by byte, so that both engines order alike. */
  readonly text: RawBuilder<unknown>;
  /** Column type of a JSON document that conditions look into. */
  readonly document: RawBuilder<unknown>;
  /** Column definition of a key that counts up. */
  readonly serial: RawBuilder<unknown>;
  /** End of a `create table` whose rows lie in the order of its primary key, where that exists. */
  readonly clustered: RawBuilder<unknown>;
  /** The elements of a JSON array of texts, as a table with the column `value`. */
  elements(json: unknown): RawBuilder<unknown>;
  /** Whether the number is one of these, looked up one by one in the index of its column. */
  isOneOf(number: RawBuilder<number>, values: readonly number[]): RawBuilder<boolean>;
  /** Whether the text contains the part, byte by byte. */
  contains(text: RawBuilder<string>, part: string): RawBuilder<boolean>;
  /** Whether the driver's error says that a unique index was violated. */
  isDuplicate(error: unknown): boolean;
  /** Whether the driver's error says that a foreign key was violated. */
  isBrokenLink(error: unknown): boolean;
  /** Whether the transaction lost against another one and may be run again. */
  isRetryable(error: unknown): boolean;
  /** Whether the driver's error says that the database is not reachable. */
  isUnavailable(error: unknown): boolean;
  /** The statement that waits for the named lock and holds it until the transaction ends; undefined where transactions wait anyway. */
  lock(name: string): RawBuilder<unknown> | undefined;
}

const code = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "");

/** Errors of a socket and of a name's resolution (`ENOENT`: the path of a Unix socket). */
const NETWORK_ERROR =
  /^(ECONN(REFUSED|RESET|ABORTED)|E(HOST|NET)(UNREACH|DOWN)|EADDRNOTAVAIL|EPIPE|ETIMEDOUT|ENOTFOUND|ENOENT|EAI_AGAIN)$/;

/** What the driver for PostgreSQL says, without a code, when a connection is lost or does not answer. */
const LOST_CONNECTION =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed))/;

export const sqliteDialect: Dialect = {
  name: "sqlite",
  rowLocks: false,
  bigint: sql`integer`,
  text: sql`text`,
  document: sql`text`,
  serial: sql`integer primary key autoincrement`,
  clustered: sql`without rowid`,
  elements: (json) => sql`json_each(${json})`,
  isOneOf: (number, values) =>
    sql<boolean>`${number} in (select e.value from json_each(${JSON.stringify(values)}) as e)`,
  contains: (text, part) => sql<boolean>`instr(${text}, ${part}) > 0`,
  isDuplicate: (error) => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$/.test(code(error)),
  isBrokenLink: (error) => code(error) === "SQLITE_CONSTRAINT_FOREIGNKEY",
  // The failure of a write that shared the transaction.
  isRetryable: (error) => code(error) === "SQLITE_ABORT_ROLLBACK",
  isUnavailable: (error) =>
    /^SQLITE_(ABORT_ROLLBACK|BUSY|LOCKED|CANTOPEN|FULL|IOERR|READONLY_RECOVERY)/.test(code(error)),
  // The one writer is the lock.
  lock: () => undefined,
};

/** Whether PostgreSQL refused a prepared statement because a migration of another replica has changed its table. */
export function isStalePlan(error: unknown): boolean {
  return code(error) === "0A000" && (error as { routine?: unknown }).routine === "RevalidateCachedQuery";
}

export const postgresDialect: Dialect = {
  name: "postgres",
  rowLocks: true,
  bigint: sql`bigint`,
  text: sql`text collate "C"`,
  document: sql`jsonb`,
  serial: sql`bigint generated always as identity primary key`,
  clustered: sql``,
  elements: (json) => sql`json_array_elements_text(cast(${json} as json))`,
  isOneOf: (number, values) => sql<boolean>`${number} = any(cast(${values} as bigint[]))`,
  contains: (text, part) => sql<boolean>`strpos(${text}, ${part}) > 0`,
  isDuplicate: (error) => code(error) === "23505",
  isBrokenLink: (error) => code(error) === "23503",
  // serialization_failure, deadlock_detected
  isRetryable: (error) => code(error) === "40001" || code(error) === "40P01" || isStalePlan(error),
  // Class 08: connection exceptions. Class 53: out of connections, disk or memory. Class 57P: the server shuts down.
  isUnavailable: (error) =>
    /^(08|53|57P)...?$/.test(code(error)) || NETWORK_ERROR.test(code(error)) || LOST_CONNECTION.test(messageOf(error)),
  lock: (name) => sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`,
};
