import Database from "better-sqlite3";
import pg from "pg";

/** What one update must write: a row and its entry in a log, in one transaction. */
const TABLES = [
  "create table item (id integer primary key, value text)",
  "create table entry (number integer primary key, what text)",
  "insert into item values (1, '')",
];

/** Commits a second of a SQLite file with full synchronization, one behind the other, with nothing around them. */
export function sqliteCommits(file: string, seconds: number): number {
  const database = new Database(file);
  try {
    for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) database.pragma(pragma);
    for (const statement of TABLES) database.exec(statement);
    const update = database.prepare("update item set value = ? where id = 1");
    const insert = database.prepare("insert into entry (what) values (?)");
    const commit = database.transaction((value: string) => {
      update.run(value);
      insert.run(value);
    });
    let count = 0;
    const start = performance.now();
    while (performance.now() - start < seconds * 1000) commit.immediate(String(count++));
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
    for (const statement of TABLES) await client.query(statement.replace("number integer", "number serial"));
    let count = 0;
    const start = performance.now();
    while (performance.now() - start < seconds * 1000) {
      const value = String(count++);
      await client.query("begin");
      await client.query({ name: "update", text: "update item set value = $1 where id = 1", values: [value] });
      await client.query({ name: "insert", text: "insert into entry (what) values ($1)", values: [value] });
      await client.query("commit");
    }
    return count / ((performance.now() - start) / 1000);
  } finally {
    await client.end();
  }
}
