import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { openStorage, type StorageLocation } from "../../src/storage/open.ts";
import type { Storage } from "../../src/storage/storage.ts";

export type EngineName = "sqlite" | "postgres";

/** The engines that every storage promise is tested on. */
export const ENGINES: readonly EngineName[] = ["sqlite", "postgres"];

/** An empty database of one engine. */
export interface TestDatabase {
  readonly engine: EngineName;
  readonly location: StorageLocation;
  /** Opens another connection to the same database, as another process would. */
  open(): Promise<Storage>;
  /** Runs a statement behind the service's back. */
  execute(statement: string): Promise<Record<string, unknown>[]>;
  /** Closes what was opened and removes the database. */
  drop(): Promise<void>;
}

/** Makes an empty database: a temporary SQLite file, or a database in the run's PostgreSQL server. */
export async function createDatabase(engine: EngineName): Promise<TestDatabase> {
  const opened: Storage[] = [];
  const directory = mkdtempSync(join(tmpdir(), "organization-service-"));
  const name = `test_${randomBytes(8).toString("hex")}`;
  const server = engine === "postgres" ? inject("postgresUrl") : "";
  if (engine === "postgres") {
    // A language's collation as the default: it orders "a" before "B", and an order that must be bytewise says so itself.
    const collation = "template template0 locale_provider icu icu_locale 'en-US'";
    await administer(`${server}/postgres`, `create database ${name} ${collation}`);
  }
  const location: StorageLocation = {
    databaseUrl: engine === "postgres" ? `${server}/${name}` : undefined,
    dataDir: directory,
    poolSize: 5,
  };
  return {
    engine,
    location,
    async open() {
      const storage = await openStorage(location);
      opened.push(storage);
      return storage;
    },
    async execute(statement) {
      if (location.databaseUrl !== undefined) return administer(location.databaseUrl, statement);
      const { default: Database } = await import("better-sqlite3");
      const database = new Database(join(directory, "organization-service.sqlite"));
      try {
        const prepared = database.prepare(statement);
        if (prepared.reader) return prepared.all() as Record<string, unknown>[];
        prepared.run();
        return [];
      } finally {
        database.close();
      }
    },
    async drop() {
      await Promise.all(opened.map((storage) => storage.close()));
      if (engine === "postgres") await administer(`${server}/postgres`, `drop database ${name} with (force)`);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function administer(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
