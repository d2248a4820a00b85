/**
 * What the store can do by itself: the rows of an update of an SSO configuration (the row under its lock, and an entry of the
 * audit log), written by nothing but their statements, one transaction behind the other.
 */
import { randomUUID } from "node:crypto";
import Database from "better-sqlite3";
import pg from "pg";

interface Statements {
  readonly lock: string;
  readonly update: string;
  readonly append: string;
}

/** Over an existing configuration and entry; `value` writes the n-th parameter. */
function statementsOf(
  configuration: readonly string[],
  entry: readonly string[],
  value: (n: number) => string,
): Statements {
  const written = configuration.filter((column) => column !== "id");
  const set = written.map((column) => `${column} = ${column === "updated_at" ? value(1) : column}`);
  const copied = entry.filter((column) => column !== "sequence");
  const copy = copied.map((column) => (column === "id" ? value(1) : column));
  return {
    lock: `select * from sso_configurations where id = ${value(1)}`,
    update: `update sso_configurations set ${set.join(", ")} where id = ${value(2)}`,
    append: `insert into audit_entries (${copied.join(", ")}) select ${copy.join(", ")} from audit_entries where sequence = ${value(2)}`,
  };
}

const ANY_CONFIGURATION = "select * from sso_configurations limit 1";
const ANY_ENTRY = "select * from audit_entries where action = 'sso_configuration.update' limit 1";

interface Rows {
  readonly configuration: Record<string, unknown>;
  readonly entry: Record<string, unknown>;
}

/** How often a second a SQLite file of the service commits them, with full synchronization. */
export function sqliteCommits(file: string, seconds: number): number {
  const database = new Database(file);
  try {
    for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) database.pragma(pragma);
    const rows = {
      configuration: database.prepare(ANY_CONFIGURATION).get(),
      entry: database.prepare(ANY_ENTRY).get(),
    } as Rows;
    const { configuration, entry } = rows;
    const texts = statementsOf(Object.keys(configuration), Object.keys(entry), () => "?");
    const [lock, update, append] = [texts.lock, texts.update, texts.append].map((text) => database.prepare(text));
    const commit = database.transaction((time: number) => {
      lock?.get(configuration.id);
      update?.run(time, configuration.id);
      append?.run(randomUUID(), entry.sequence);
    });
    let count = 0;
    const start = performance.now();
    while (performance.now() - start < seconds * 1000) commit.immediate(count++);
    return count / ((performance.now() - start) / 1000);
  } finally {
    database.close();
  }
}

/** The same of a PostgreSQL database, where each commit of one row waits for the one before, whoever makes it. */
export async function postgresCommits(url: string, seconds: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const [configuration] = (await client.query(ANY_CONFIGURATION)).rows;
    const [entry] = (await client.query(ANY_ENTRY)).rows;
    const texts = statementsOf(Object.keys(configuration), Object.keys(entry), (n) => `$${n}`);
    let count = 0;
    const start = performance.now();
    while (performance.now() - start < seconds * 1000) {
      await client.query("begin");
      await client.query({ name: "lock", text: `${texts.lock} for update`, values: [configuration.id] });
      await client.query({ name: "update", text: texts.update, values: [count++, configuration.id] });
      await client.query({ name: "append", text: texts.append, values: [randomUUID(), entry.sequence] });
      await client.query("commit");
    }
    return count / ((performance.now() - start) / 1000);
  } finally {
    await client.end();
  }
}
