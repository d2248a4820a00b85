import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { isStalePlan, postgresDialect } from "./dialect.ts";
import { KeyReads } from "./postgres-key-reads.ts";
import { directOver, PostgresTransactions } from "./postgres-transactions.ts";
import { createPostgresWire } from "./postgres-wire.ts";
import { PLANNED_ANEW } from "./sql/engine.ts";
import { createSqlStorage } from "./sql/storage.ts";
import { type Storage, StorageUnavailableError } from "./storage.ts";

/** How long a query may take: far longer than any here does, so that only a server that is lost goes beyond it. */
const QUERY_MILLIS = 30_000;

/** int8 as a number: every integer here is below 2^53. */
const INT8 = 20;

/**
 * Opens a PostgreSQL database by its connection URL (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
 * @param poolSize most connections of this process.
 */
export async function openPostgres(url: string, poolSize: number): Promise<Storage> {
  const types = { getTypeParser: (oid: number) => (oid === INT8 ? Number : pg.types.getTypeParser(oid)) };
  const limits: Limits = { queryMillis: 0 };
  const connect = (max: number, options?: string) => {
    const pool = new pg.Pool({
      connectionString: url,
      Client: class extends PreparingClient {
        override readonly limits = limits;
      },
      application_name: "organization-service",
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // Statements that are sent side by side do not wait for each other's answers.
      pipeline: true,
      max,
      types: types as pg.CustomTypesConfig,
      ...(options === undefined ? {} : { options }),
    });
    // A connection that breaks is replaced at its next use. Whoever uses it meanwhile is told by the query, but in a
    // transaction that waits between two queries nobody listens, and the event would end the process.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return { pool, db: new Kysely<never>({ dialect: new PostgresDialect({ pool }) }) };
  };

  const writers = connect(poolSize);
  const storage = await createSqlStorage({
    dialect: postgresDialect,
    writers: writers.db,
    transactions: new PostgresTransactions(writers.pool),
    openReaders: () => {
      const { db, pool } = connect(poolSize, "-c default_transaction_read_only=on");
      const keyReads = new KeyReads(pool);
      return {
        db,
        direct: {
          ...directOver((text, parameters) => queryPool(pool, text, parameters)),
          byKey: (text, parameters) => keyReads.query(text, parameters).then(({ rows }) => rows),
        },
      };
    },
    openWire: ({ writers }) =>
      createPostgresWire(
        () =>
          new pg.Client({
            connectionString: url,
            application_name: "organization-service changes",
            connectionTimeoutMillis: 10_000,
            keepAlive: true,
          }),
        (channel, text) => sql`select pg_notify(${channel}, ${text})`.execute(writers),
      ),
    onOpenError: (error) =>
      postgresDialect.isUnavailable(error)
        ? new StorageUnavailableError(
            `PostgreSQL cannot be reached: check DATABASE_URL (${(error as Error).message})`,
            {
              cause: error,
            },
          )
        : error,
  });
  // Not before: a migration may take as long as it needs.
  limits.queryMillis = QUERY_MILLIS;
  return storage;
}

async function queryPool(pool: pg.Pool, text: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
  const client = await pool.connect();
  try {
    return await client.query(text, parameters as unknown[]);
  } finally {
    client.release();
  }
}

/** What holds for every connection of a storage, from now on. */
interface Limits {
  /** After this a query has no answer in time; 0 means never. `query_timeout` in the URL goes first. */
  queryMillis: number;
}

/**
 * Prepares each statement once per connection by naming it after its text, unless its plan depends on its values, and gives up a connection whose server does
 * not answer.
 */
class PreparingClient extends pg.Client {
  readonly limits: Limits = { queryMillis: 0 };
  readonly #names = new Map<string, string>();
  #generation = 0;

  // The signature of pg's overloads; Kysely calls the (text, values) form alone.
  override query(...args: unknown[]): never {
    const [text, values] = args;
    if (typeof text === "string" && Array.isArray(values)) return this.#run(text, values) as never;
    return super.query(...(args as [never])) as never;
  }

  async #run(text: string, values: unknown[]): Promise<unknown> {
    const { connectionParameters } = this as unknown as Internals;
    const limit = connectionParameters.query_timeout ? {} : { query_timeout: this.limits.queryMillis };
    const name = values.length > 0 && !text.includes(PLANNED_ANEW) ? this.#name(text) : undefined;
    try {
      return await super.query({ text, values, ...limit, ...(name === undefined ? {} : { name }) });
    } catch (error) {
      if ((error as Error).message === "Query read timeout") await giveUp(this as unknown as Internals);
      if (!isStalePlan(error)) throw error;
      this.#generation++;
      this.#names.clear();
      return super.query({ text, values, ...limit }).catch(() => Promise.reject(error));
    }
  }

  #name(text: string): string | undefined {
    const known = this.#names.get(text);
    // Lists of varying length make ever new texts, and the server keeps each prepared one.
    if (known !== undefined || this.#names.size >= 500) return known;
    const hash = createHash("sha256").update(text).digest("base64url").slice(0, 32);
    const name = `${hash}${this.#generation}`;
    this.#names.set(text, name);
    return name;
  }
}

/** The answer may still come, and must not reach whoever uses the connection next. Once it is closed, the pool drops it. */
async function giveUp({ _ended, connection: { stream } }: Internals): Promise<void> {
  // Not the stream's own word: it says so before it tells those who keep books.
  if (_ended) return;
  const closed = once(stream, "close");
  stream.destroy();
  await closed;
}

/** What pg's types do not show. */
interface Internals {
  /** Whether the connection was closed, and everybody knows. */
  readonly _ended: boolean;
  readonly connection: { readonly stream: Duplex };
  readonly connectionParameters: { readonly query_timeout: unknown };
}
