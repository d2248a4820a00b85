import { createHash } from "node:crypto";
import { join } from "node:path";
import Database from "better-sqlite3";
import pg from "pg";
import { afterAll, beforeAll, expect } from "vitest";
import type { TestDatabase } from "./storage.ts";

/** Every row of every table, by table name. */
export type Dump = Readonly<Record<string, readonly Row[]>>;

/** How many rows each table has, and the SHA-256 of them: equal when, and only when, every row is. */
export type Fingerprint = Readonly<Record<string, string>>;

/** Looks at a whole database behind the service's back, over one connection of its own. */
export interface Dumper {
  /** Every row there is; the same rows make the same dump. */
  dump(): Promise<Dump>;
  /** What tells whether anything changed, except that a good token was used: that is noted now and then. */
  fingerprint(): Promise<Fingerprint>;
  close(): Promise<void>;
}

/** Opens a look at the database; close it before the database is dropped. */
export async function openDumper(database: TestDatabase): Promise<Dumper> {
  const { databaseUrl, dataDir } = database.location;
  const source = databaseUrl === undefined ? sqliteSource(dataDir) : await postgresSource(databaseUrl);
  async function each<T>(look: (rows: Row[]) => T): Promise<Record<string, T>> {
    const found: Record<string, T> = {};
    for (const table of (await source.tables()).sort()) found[table] = look(await source.rows(table));
    return found;
  }

  return {
    dump: () => each((rows) => keyed(rows).map(({ row }) => row)),
    fingerprint: () =>
      each((rows) => {
        const hash = createHash("sha256");
        for (const { key } of keyed(rows.map(({ last_used_at, ...row }) => row))) hash.update(key);
        return `${rows.length} rows, ${hash.digest("base64url")}`;
      }),
    close: source.close,
  };
}

/** In a group of tests whose calls are all refused: when the last is over, every row is what it was before the first. */
export function expectNothingChanges(dumper: () => Dumper): void {
  let before: Fingerprint;
  beforeAll(async () => {
    before = await dumper().fingerprint();
  });
  afterAll(async () => expect(await dumper().fingerprint()).toEqual(before));
}

type Row = Readonly<Record<string, unknown>>;

interface Source {
  tables(): Promise<string[]>;
  rows(table: string): Promise<Row[]>;
  close(): Promise<void>;
}

function sqliteSource(dataDir: string): Source {
  const database = new Database(join(dataDir, "organization-service.sqlite"), { readonly: true });
  const all = (query: string) => database.prepare(query).all() as Record<string, unknown>[];
  return {
    tables: async () => all("select name from sqlite_schema where type = 'table'").map(({ name }) => String(name)),
    rows: async (table) => all(`select * from "${table}"`),
    close: async () => void database.close(),
  };
}

async function postgresSource(url: string): Promise<Source> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const all = async (query: string) => (await client.query(query)).rows as Record<string, unknown>[];
  return {
    async tables() {
      const rows = await all("select table_name from information_schema.tables where table_schema = 'public'");
      return rows.map(({ table_name }) => String(table_name));
    },
    rows: (table) => all(`select * from "${table}"`),
    close: () => client.end(),
  };
}

/** In an order that depends on nothing but the rows. */
function keyed(rows: readonly Row[]): { row: Row; key: string }[] {
  return rows.map((row) => ({ row, key: JSON.stringify(row) })).sort((a, b) => (a.key < b.key ? -1 : 1));
}
