import { join } from "node:path";
import Database from "better-sqlite3";
import pg from "pg";

/** A connection of its own to a database that no process uses meanwhile, for filling it at once. */
export interface BulkDatabase {
  readonly engine: "sqlite" | "postgres";
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Columns of a table: name → type in lower case, without those that the database fills itself. */
  columns(table: string): Promise<ReadonlyMap<string, string>>;
  /** Takes the indexes of the tables away, as far as none of them is a rule, and says how to make them again. */
  dropIndexes(tables: readonly string[]): Promise<readonly string[]>;
  /** Leaves the database as one that has been in use. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database for filling: fast, and not safe against a crash. */
export async function openBulk(databaseUrl: string | undefined, dataDir: string): Promise<BulkDatabase> {
  return databaseUrl === undefined ? openSqlite(dataDir) : openPostgres(databaseUrl);
}

function openSqlite(dataDir: string): BulkDatabase {
  const database = new Database(join(dataDir, "organization-service.sqlite"));
  // Without a journal: what fails is made again from the beginning. It has to go by way of another mode.
  database.unsafeMode();
  database.pragma("journal_mode = DELETE");
  for (const pragma of ["journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = FILE"]) {
    database.pragma(pragma);
  }
  const rows = (sql: string) => database.prepare(sql).all() as Record<string, unknown>[];
  return {
    engine: "sqlite",
    run: async (sql) => void database.exec(sql),
    rows: async (sql) => rows(sql),
    async columns(table) {
      const found = rows(`select name, lower(type) as type from pragma_table_info('${table}')`);
      return new Map(found.map(({ name, type }) => [String(name), String(type)]));
    },
    async dropIndexes(tables) {
      const found = rows(
        `select name, sql from sqlite_schema where type = 'index' and sql is not null and tbl_name in (${list(tables)})`,
      );
      for (const { name } of found) database.exec(`drop index "${name}"`);
      return found.map(({ sql }) => String(sql));
    },
    async settle() {
      database.exec("analyze");
      database.pragma("journal_mode = WAL");
    },
    close: async () => void database.close(),
  };
}

async function openPostgres(databaseUrl: string): Promise<BulkDatabase> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const run = async (sql: string) => void (await client.query(sql));
  const rows = async (sql: string) => (await client.query(sql)).rows as Record<string, unknown>[];
  // No triggers: they would look up, row by row, that what is referred to exists.
  await run(
    "set session_replication_role = replica; set work_mem = '256MB'; set maintenance_work_mem = '1GB'; set max_parallel_workers_per_gather = 0",
  );
  return {
    engine: "postgres",
    run,
    rows,
    async columns(table) {
      const found = await rows(`select column_name as name, data_type as type from information_schema.columns
        where table_schema = 'public' and table_name = '${table}' and is_identity = 'NO' order by ordinal_position`);
      return new Map(found.map(({ name, type }) => [String(name), String(type)]));
    },
    async dropIndexes(tables) {
      const found = await rows(`select i.indexname as name, i.indexdef as sql from pg_indexes as i
        where i.schemaname = 'public' and i.tablename in (${list(tables)}) and not exists (
          select from pg_constraint as c where c.conindid = ('"' || i.indexname || '"')::regclass)`);
      for (const { name } of found) await run(`drop index "${name}"`);
      return found.map(({ sql }) => String(sql));
    },
    settle: async () => run("vacuum analyze").then(() => run("checkpoint")),
    close: () => client.end(),
  };
}

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join();
