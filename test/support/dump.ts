import { createHash } from "node:crypto";
import { join } from "node:path";
import Database from "better-sqlite3";
import pg from "pg";
import { afterAll, beforeAll, expect } from "vitest";
import type { TestDatabase } from "./storage.ts";

type Row = Readonly<Record<string, unknown>>;

/** Every row of every table, by table name. */
export type Dump = Readonly<Record<string, readonly Row[]>>;

/** How many rows each table has, and a digest of them: equal when, and only when, every row is. */
export type Fingerprint = Readonly<Record<string, string>>;

/** Looks at a whole database behind the service's back, over one connection of its own. */
export interface Dumper {
  dump(): Promise<Dump>;
  /** What tells whether anything changed, except that a good token was used: that is noted now and then. */
  fingerprint(): Promise<Fingerprint>;
  close(): Promise<void>;
}

/** Opens a look at the database; close it before the database is dropped. */
export async function openDumper(database: TestDatabase): Promise<Dumper> {
  const { databaseUrl, dataDir } = database.location;
  return databaseUrl === undefined ? sqliteDumper(dataDir) : postgresDumper(databaseUrl);
}

/** In a group of tests whose calls are all refused: when the last is over, every row is what it was before the first. */
export function expectNothingChanges(dumper: () => Dumper): void {
  let before: Fingerprint;
  beforeAll(async () => {
    before = await dumper().fingerprint();
  });
  afterAll(async () => expect(await dumper().fingerprint()).toEqual(before));
}

/** Columns that change without anybody's doing. */
const VOLATILE = "last_used_at";

function sqliteDumper(dataDir: string): Dumper {
  const database = new Database(join(dataDir, "organization-service.sqlite"), { readonly: true });
  const names = (query: string) => database.prepare(query).pluck().all() as string[];
  const tables = () => names("select name from sqlite_schema where type = 'table' order by name");

  function digest(table: string): string {
    const columns = names(`select name from pragma_table_info('${table}') where name <> '${VOLATILE}'`);
    const rows = database.prepare(`select ${columns.map((name) => `"${name}"`).join(", ")} from "${table}"`);
    const texts = rows
      .raw()
      .all()
      .map((row) => JSON.stringify(row));
    return `${texts.length} rows, ${createHash("sha256").update(texts.sort().join()).digest("base64url")}`;
  }

  return {
    async dump() {
      const rows = (table: string) => database.prepare(`select * from "${table}"`).all() as Row[];
      return Object.fromEntries(tables().map((table) => [table, rows(table)]));
    },
    fingerprint: async () => Object.fromEntries(tables().map((table) => [table, digest(table)])),
    close: async () => void database.close(),
  };
}

async function postgresDumper(url: string): Promise<Dumper> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const columns = (await client.query(COLUMNS)).rows as { table_name: string; columns: string }[];
  // One query for all tables, which the database digests itself.
  const fingerprint = columns
    .map(
      ({ table_name, columns: list }) => `select '${table_name}' as "table",
        count(*) || ' rows, ' || md5(coalesce(string_agg(row::text, ',' order by row::text collate "C"), '')) as digest
        from (select ${list} from "${table_name}") row`,
    )
    .join(" union all ");

  return {
    async dump() {
      const dump: Record<string, readonly Row[]> = {};
      for (const { table_name } of columns)
        dump[table_name] = (await client.query(`select * from "${table_name}"`)).rows;
      return dump;
    },
    async fingerprint() {
      const { rows } = await client.query(fingerprint);
      return Object.fromEntries(rows.map(({ table, digest }) => [table, digest]));
    },
    close: () => client.end(),
  };
}

const COLUMNS = `select table_name, string_agg('"' || column_name || '"', ', ' order by ordinal_position) as columns
  from information_schema.columns
  where table_schema = 'public' and column_name <> '${VOLATILE}'
  group by table_name order by table_name`;
