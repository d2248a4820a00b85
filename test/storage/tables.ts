import type { TestDatabase } from "../support/storage.ts";

/** A table as the database's own catalog describes it. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns that may not be null, or are the primary key. */
  readonly required: readonly string[];
}

const QUERIES = {
  sqlite: `select t.name as "table", c.name as "column", c."notnull" or c.pk as required
    from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table'`,
  postgres: `select c.table_name as "table", c.column_name as "column", (c.is_nullable = 'NO')::int as required
    from information_schema.columns c where c.table_schema = 'public'`,
};

/** The tables of the service in a database, by name; not those of the engine or of the migrator. */
export async function tablesOf(database: TestDatabase): Promise<readonly Table[]> {
  const rows = await database.execute(QUERIES[database.engine]);
  const byTable = Map.groupBy(rows, (row) => String(row.table));
  return [...byTable]
    .filter(([name]) => !/^(sqlite|kysely)_/.test(name))
    .map(([name, columns]) => ({
      name,
      columns: columns.map((row) => String(row.column)).sort(),
      required: columns
        .filter((row) => row.required === 1)
        .map((row) => String(row.column))
        .sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
