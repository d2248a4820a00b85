import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openPostgres } from "./postgres.ts";
import { openSqlite } from "./sqlite.ts";
import { type Storage, StorageUnavailableError } from "./storage.ts";

/** Where the database is: a PostgreSQL URL, or else a SQLite file in the data directory. */
export interface StorageLocation {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Most PostgreSQL connections of this process, for reading and writing each. */
  readonly poolSize: number;
}

/**
 * Opens the database and brings its schema up to date.
 * @throws StorageUnavailableError when it cannot be reached.
 * @throws NewerSchemaError when a newer version of this service wrote it.
 */
export async function openStorage(location: StorageLocation): Promise<Storage> {
  if (location.databaseUrl !== undefined) return openPostgres(location.databaseUrl, location.poolSize);
  try {
    mkdirSync(location.dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = (error as Error).message;
    throw new StorageUnavailableError(`the data directory cannot be made: ${reason}`, { cause: error });
  }
  return openSqlite(join(location.dataDir, "organization-service.sqlite"));
}
