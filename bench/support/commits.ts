/**
 * What the store can do by itself: the rows of an update of an SSO configuration (the row under its lock, and an entry of the
 * audit log), written by nothing but their statements, one transaction behind the other, of all configurations in turn.
 */
import { randomUUID } from "node:crypto";
import Database from "better-sqlite3";
import pg from "pg";

interface Statements {
  readonly lock: string;
  readonly update: string;
  readonly append: string;
}

/** Over existing configurations and entries; `value` writes the n-th parameter. */
function statementsOf({ configurations, entryColumns }: Updated, value: (n: number) => string): Statements {
  const fixed = ["id", "organization_id", "sequence"];
  const written = Object.keys(configurations[0] ?? {}).filter((column) => !fixed.includes(column));
  const set = written.map((column) => `${column} = ${column === "updated_at" ? value(1) : column}`);
  const copied = entryColumns.filter((column) => column !== "sequence");
  const copy = copied.map((column) => (column === "id" ? value(1) : column));
  return {
    lock: `select * from sso_configurations where id = ${value(1)}`,
    update: `update sso_configurations set ${set.join(", ")} where id = ${value(2)}`,
    append: `insert into audit_entries (${copied.join(", ")}) select ${copy.join(", ")} from audit_entries where sequence = ${value(2)}`,
  };
}

/** Those that were updated, with the first entry about it. */
const UPDATED = `select s.*, (select min(a.sequence) from audit_entries a where a.subject_id = s.id
  and a.action = 'sso_configuration.update') as sequence from sso_configurations s`;

interface Updated {
  readonly configurations: readonly Readonly<Record<string, unknown>>[];
  readonly entryColumns: readonly string[];
}

const ANY_ENTRY = "select * from audit_entries limit 1";

function updatedOf(rows: readonly unknown[], entry: unknown): Updated {
  const configurations = (rows as Updated["configurations"]).filter(({ sequence }) => sequence !== null);
  return { configurations, entryColumns: Object.keys(entry as object) };
}

/** A store that is written to. */
export interface BareStore {
  /** How often a second it commits the rows, one transaction behind the other, for so many seconds. */
  commitsPerSecond(seconds: number): Promise<number>;
  close(): Promise<void>;
}

/** A SQLite file of the service, with the settings of the service. */
export function openBareSqlite(file: string): BareStore {
  const database = new Database(file);
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 4000"])
    database.pragma(pragma);
  const updated = updatedOf(database.prepare(UPDATED).all(), database.prepare(ANY_ENTRY).get());
  const texts = statementsOf(updated, () => "?");
  const [lock, update, append] = [texts.lock, texts.update, texts.append].map((text) => database.prepare(text));
  const commit = database.transaction((time: number) => {
    const { id, sequence } = turn(updated, time);
    lock?.get(id);
    update?.run(time, id);
    append?.run(randomUUID(), sequence);
  });
  return {
    commitsPerSecond: async (seconds) => perSecond(seconds, async (time) => void commit.immediate(time)),
    close: async () => void database.close(),
  };
}

/** A PostgreSQL database of the service. */
export async function openBarePostgres(url: string): Promise<BareStore> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const updated = updatedOf((await client.query(UPDATED)).rows, (await client.query(ANY_ENTRY)).rows[0]);
  const texts = statementsOf(updated, (n) => `$${n}`);
  const commit = async (time: number) => {
    const { id, sequence } = turn(updated, time);
    await client.query("begin");
    await client.query({ name: "lock", text: `${texts.lock} for update`, values: [id] });
    await client.query({ name: "update", text: texts.update, values: [time, id] });
    await client.query({ name: "append", text: texts.append, values: [randomUUID(), sequence] });
    await client.query("commit");
  };
  return { commitsPerSecond: (seconds) => perSecond(seconds, commit), close: () => client.end() };
}

const turn = ({ configurations }: Updated, time: number) => configurations[time % configurations.length] ?? {};

async function perSecond(seconds: number, commit: (time: number) => Promise<void>): Promise<number> {
  let count = 0;
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) await commit(count++);
  return count / ((performance.now() - start) / 1000);
}
