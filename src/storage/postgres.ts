import { createHash } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { postgresDialect } from "./dialect.ts";
import { createSqlStorage } from "./sql/storage.ts";
import { type Storage, StorageUnavailableError } from "./storage.ts";

/** int8 as a number: every integer here is below 2^53. */
const INT8 = 20;

/**
 * Opens a PostgreSQL database by its connection URL (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
 * @param poolSize most connections of this process.
 */
export async function openPostgres(url: string, poolSize: number): Promise<Storage> {
  const types = { getTypeParser: (oid: number) => (oid === INT8 ? Number : pg.types.getTypeParser(oid)) };
  const connect = (max: number, options?: string) => {
    const pool = new pg.Pool({
      connectionString: url,
      Client: PreparingClient,
      application_name: "organization-service",
      connectionTimeoutMillis: 10_000,
      max,
      types: types as pg.CustomTypesConfig,
      ...(options === undefined ? {} : { options }),
    });
    // An idle connection that breaks is replaced at the next use, which reports the trouble to its caller.
    pool.on("error", () => {});
    return new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  };

  return createSqlStorage({
    dialect: postgresDialect,
    writers: connect(poolSize),
    openReaders: () => connect(poolSize, "-c default_transaction_read_only=on"),
    onOpenError: (error) =>
      postgresDialect.isUnavailable(error)
        ? new StorageUnavailableError(`PostgreSQL cannot be reached: check DATABASE_URL (${(error as Error).message})`)
        : error,
  });
}

/** Prepares each statement once per connection by naming it after its text. */
class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  // The signature of pg's overloads; Kysely calls the (text, values) form alone.
  override query(...args: unknown[]): never {
    const [text, values] = args;
    if (typeof text === "string" && Array.isArray(values) && values.length > 0) {
      const name = this.#name(text);
      if (name) return super.query({ name, text, values } as never, ...(args.slice(2) as [])) as never;
    }
    return super.query(...(args as [never])) as never;
  }

  #name(text: string): string | undefined {
    const known = this.#names.get(text);
    // Lists of varying length make ever new texts, and the server keeps each prepared one.
    if (known !== undefined || this.#names.size >= 500) return known;
    const name = createHash("sha256").update(text).digest("base64url").slice(0, 32);
    this.#names.set(text, name);
    return name;
  }
}
