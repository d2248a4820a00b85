import { join } from "node:path";
import Database from "better-sqlite3";
import pg from "pg";
import { afterAll, beforeAll, expect } from "vitest";
import type { TestDatabase } from "./storage.ts";

/** Every row of every table, by table name. */
export type Dump = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Looks at a whole database behind the service's back, over one connection of its own. */
export interface Dumper {
  /** Every row there is; the same rows make the same dump. */
  dump(): Promise<Dump>;
  close(): Promise<void>;
}

/** Opens a look at the database; close it before the database is dropped. */
export async function openDumper(database: TestDatabase): Promise<Dumper> {
  const { databaseUrl, dataDir } = database.location;
  const source = databaseUrl === undefined ? sqliteSource(dataDir) : await postgresSource(databaseUrl);
  return {
    async dump() {
      const dump: Record<string, readonly Record<string, unknown>[]> = {};
      for (const table of (await source.tables()).sort()) dump[table] = sorted(await source.rows(table));
      return dump;
    },
    close: source.close,
  };
}

/** What a refused call must leave as it was: everything, except that a good token was used. */
export function withoutUses(dump: Dump): Dump {
  const tokens = (dump.api_tokens ?? []).map(({ last_used_at, ...token }) => token);
  return { ...dump, api_tokens: tokens };
}

/** In a group of tests whose calls are all refused: when the last is over, every row is what it was before the first. */
export function expectNothingChanges(dump: () => Promise<Dump>): void {
  let before: Dump;
  beforeAll(async () => {
    before = await dump();
  });
  afterAll(async () => expect(await dump()).toEqual(before));
}

interface Source {
  tables(): Promise<string[]>;
  rows(table: string): Promise<Record<string, unknown>[]>;
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

function sorted(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  return rows
    .map((row) => ({ row, key: JSON.stringify(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
}
