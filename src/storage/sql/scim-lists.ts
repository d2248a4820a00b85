import { type Kysely, type RawBuilder, sql } from "kysely";
import type { ScimFilter, ScimQuery, ScimRow } from "../storage.ts";
import type { Engine } from "./engine.ts";
import type { Tables } from "./schema.ts";
import { compileFilter, type ScimTarget } from "./scim-filters.ts";
import { compileOrder } from "./scim-orders.ts";

/** What lists of users and of groups have in common. */
export interface ListedTable {
  readonly table: "scim_users" | "scim_groups";
  readonly resource: ScimTarget["resource"];
  /** The columns that records are made of. */
  readonly columns: readonly string[];
}

const ALIAS = "r";

/** Look-ups that identity providers make before every change, which are compiled once: column → SQL name. */
const HOT = { userNameFolded: "user_name_folded", displayNameFolded: "display_name_folded", externalId: "external_id" };

type Row = Record<string, unknown> & { readonly sort_value: string | number | null };

/** The rows of a list, with what they were sorted by. */
export async function selectRows<T>(
  engine: Engine,
  db: Kysely<Tables>,
  listed: ListedTable,
  scimConfigurationId: string,
  query: ScimQuery,
  toRecord: (row: never) => T,
): Promise<readonly ScimRow<T>[]> {
  if (query.limit === 0) return [];
  const rows = (await (selectHot(engine, db, listed, scimConfigurationId, query) ??
    selectAny(engine, db, listed, scimConfigurationId, query))) as readonly Row[];
  return rows.map((row) => ({ record: toRecord(row as never), sortValue: row.sort_value }));
}

/** How many rows pass the filter. */
export async function countRows(
  engine: Engine,
  db: Kysely<Tables>,
  listed: ListedTable,
  scimConfigurationId: string,
  filter: ScimFilter | undefined,
): Promise<number> {
  const condition = filter ? sql`and ${compileFilter(filter, targetOf(engine, listed))}` : sql``;
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(listed.table)} as ${sql.id(ALIAS)}
    where ${sql.ref(`${ALIAS}.scim_configuration_id`)} = ${scimConfigurationId} ${condition}`.execute(db);
  return Number(rows[0]?.count);
}

async function selectAny(
  engine: Engine,
  db: Kysely<Tables>,
  listed: ListedTable,
  scimConfigurationId: string,
  { filter, order, start, limit }: ScimQuery,
): Promise<readonly unknown[]> {
  const target = targetOf(engine, listed);
  const compiled = compileOrder(order, target);
  const conditions: RawBuilder<unknown>[] = [
    sql`${sql.ref(`${ALIAS}.scim_configuration_id`)} = ${scimConfigurationId}`,
  ];
  if (filter) conditions.push(compileFilter(filter, target));
  if ("after" in start) conditions.push(compiled.after(start.after));
  const offset = "offset" in start ? start.offset : 0;
  const { rows } = await sql`
    select ${columnsOf(listed)}, ${compiled.value} as sort_value
    from ${sql.table(listed.table)} as ${sql.id(ALIAS)}
    where ${sql.join(conditions, sql` and `)}
    order by ${compiled.orderBy} limit ${limit} offset ${offset}`.execute(db);
  return rows;
}

/** A list that is compiled once: a look-up by one column, or a page of all. Undefined when this is none. */
function selectHot(
  engine: Engine,
  db: Kysely<Tables>,
  listed: ListedTable,
  scimConfigurationId: string,
  { filter, order: asked, start, limit }: ScimQuery,
): Promise<readonly unknown[]> | readonly unknown[] | undefined {
  if (asked) return undefined;
  const hot = filter && hotOf(filter);
  if (filter && !hot) return undefined;
  const { column, value } = hot ?? { column: undefined, value: undefined };
  const after = "after" in start ? start.after.number : undefined;
  const offset = "offset" in start ? start.offset : 0;
  const name = `${listed.table}.list by ${column ?? "nothing"}${after === undefined ? "" : " after"}`;
  const parameters = [
    scimConfigurationId,
    ...(value === undefined ? [] : [value]),
    ...(after === undefined ? [] : [after]),
    limit,
    offset,
  ];
  const number = sql.ref(`${ALIAS}.number`);
  // With the sign, the order is no reason to read all rows by their numbers in search of the few that are looked up.
  const order = column === undefined ? number : sql`+${number}`;
  return engine.rows(db, name, parameters, (connection) => ({
    compile: () =>
      sql`
        select ${columnsOf(listed)}, null as sort_value from ${sql.table(listed.table)} as ${sql.id(ALIAS)}
        where ${sql.ref(`${ALIAS}.scim_configuration_id`)} = ${""}
        ${column === undefined ? sql`` : sql`and ${sql.ref(`${ALIAS}.${column}`)} = ${""}`}
        ${after === undefined ? sql`` : sql`and ${sql.ref(`${ALIAS}.number`)} > ${0}`}
        order by ${order} limit ${1} offset ${0}`.compile(connection) as never,
  }));
}

function hotOf(filter: ScimFilter): { readonly column: string; readonly value: string } | undefined {
  if (filter.kind !== "compare" || filter.operator !== "eq" || filter.operand.from !== "column") return undefined;
  const column = HOT[filter.operand.column as keyof typeof HOT];
  return column === undefined || typeof filter.value !== "string" ? undefined : { column, value: filter.value };
}

function targetOf(engine: Engine, { resource }: ListedTable): ScimTarget {
  return { dialect: engine.dialect, resource, alias: ALIAS };
}

function columnsOf({ columns }: ListedTable): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(`${ALIAS}.${column}`)));
}
