import { type Insertable, type Kysely, type RawBuilder, type Selectable, sql, type Updateable } from "kysely";
import { EVERY_ORGANIZATION } from "../storage.ts";
import type { Engine } from "./engine.ts";
import type { Tables } from "./schema.ts";

/** Statements about single rows of any table, each of which is compiled once. */

type Row = Readonly<Record<string, unknown>>;

/** The columns that a statement about a table writes, in the order in which its first row had them. */
const inserted = new Map<string, readonly string[]>();
const updated = new Map<string, readonly string[]>();

/** Columns that never change, where leaving more than the id alone saves the database an index. */
const FIXED: { readonly [Table in keyof Tables]?: readonly (string & keyof Tables[Table])[] } = {
  sso_configurations: ["id", "organization_id"],
};

/** Which values a row has in some columns; a scope of every organization says nothing. */
type Key<Table extends keyof Tables> = {
  readonly [Column in keyof Tables[Table]]?: string | typeof EVERY_ORGANIZATION;
};

/** The row, if there is one. The key belongs to one row at most. */
export async function selectRow<Table extends keyof Tables>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table,
  key: Key<Table>,
): Promise<Selectable<Tables[Table]> | undefined> {
  return findRow(engine, db, table, key, "");
}

/** Like {@link selectRow}, and no other transaction changes or locks the row before this one ends. */
export async function lockRow<Table extends keyof Tables>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table,
  key: Key<Table>,
  strength: "update" | "no key update" = "update",
): Promise<Selectable<Tables[Table]> | undefined> {
  return findRow(engine, db, table, key, engine.dialect.rowLocks ? `for ${strength}` : "");
}

/** Inserts whole rows in one statement, which is compiled once for each number of rows. */
export async function insertRows<Table extends keyof Tables, Column extends keyof Selectable<Tables[Table]> = never>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table,
  rows: readonly Insertable<Tables[Table]>[],
  returning: readonly Column[] = [],
): Promise<readonly Pick<Selectable<Tables[Table]>, Column>[]> {
  const columns = columnsOf(inserted, table, rows[0] ?? {});
  const parameters = rows.flatMap((row) => valuesOf(row, columns));
  return engine.rows(db, `${table}.insert ${rows.length}`, parameters, (connection) => {
    const query = connection.insertInto(table).values(rows.map((row) => pick(row, columns)) as never);
    return (returning.length > 0 ? query.returning(returning as never) : query) as never;
  });
}

/**
 * Sets the columns of the row with its id, but those that never change: the same columns for each row of a table.
 * @returns how many rows there were: one or none.
 */
export async function updateRow<Table extends keyof Tables>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table,
  row: Updateable<Tables[Table]> & { readonly id: string },
): Promise<number> {
  const columns = columnsOf(updated, table, row, FIXED[table] ?? ["id"]);
  const build = () => sql`update ${sql.table(table)} set ${sql.join(equations(columns))} where id = ${row.id}`;
  return engine.run(db, `${table}.update`, [...valuesOf(row, columns), row.id], compilable(build));
}

/** Deletes the rows with the key. @returns how many there were. */
export async function deleteRow<Table extends keyof Tables>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table,
  key: Key<Table>,
): Promise<number> {
  const [names, values] = partsOf(key);
  const build = () => sql`delete from ${sql.table(table)} where ${sql.join(equations(names), sql` and `)}`;
  return engine.run(db, `${table}.delete ${names.join()}`, values, compilable(build));
}

async function findRow<Table extends keyof Tables>(
  engine: Engine,
  db: Kysely<Tables>,
  table: Table,
  key: Key<Table>,
  ending: string,
): Promise<Selectable<Tables[Table]> | undefined> {
  const [names, values] = partsOf(key);
  const build = () =>
    sql`select * from ${sql.table(table)} where ${sql.join(equations(names), sql` and `)} ${sql.raw(ending)}`;
  const name = `${table}.find ${names.join()} ${ending}`;
  const rows = await (ending === ""
    ? engine.byKey(db, name, values, compilable(build))
    : engine.rows(db, name, values, compilable(build)));
  return rows[0] as Selectable<Tables[Table]> | undefined;
}

function columnsOf(
  known: Map<string, readonly string[]>,
  table: string,
  row: object,
  without: readonly string[] = [],
): readonly string[] {
  let columns = known.get(table);
  if (!columns) {
    columns = Object.keys(row).filter((column) => !without.includes(column));
    known.set(table, columns);
  }
  return columns;
}

const valuesOf = (row: object, columns: readonly string[]) => columns.map((column) => (row as Row)[column]);

const pick = (row: object, columns: readonly string[]) =>
  Object.fromEntries(columns.map((column) => [column, (row as Row)[column]]));

function partsOf(key: Row): [names: readonly string[], values: readonly unknown[]] {
  const parts = Object.entries(key).filter(([, value]) => value !== EVERY_ORGANIZATION);
  return [parts.map(([name]) => name), parts.map(([, value]) => value)];
}

const equations = (names: readonly string[]) => names.map((name) => sql`${sql.ref(name)} = ${null}`);

/** A statement written out, for {@link Engine.rows}. */
export const compilable = (build: () => RawBuilder<unknown>) => (db: Kysely<Tables>) => ({
  compile: () => build().compile(db) as never,
});
