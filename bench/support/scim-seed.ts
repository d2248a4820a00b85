import { isDeepStrictEqual } from "node:util";
import type { BulkDatabase } from "./scim-database.ts";

/**
 * Very many users at once: the rows that the service wrote for one user, the model, are copied in the database with another
 * name and other ids. So they are whatever the service writes, in every column, and {@link compareUsers} shows it.
 */

/** Name of the model, and of the nth copy. */
export const MODEL = "user0";
export const nameOf = (n: number): string => `user${n}`;

/** What a directory's copies are made of. */
export interface Model {
  readonly organizationId: string;
  readonly configurationId: string;
  readonly userId: string;
  /** Tells the copies of directories apart: a digit. */
  readonly tag: number;
  /** Users that the directory is to have, with the model. */
  readonly size: number;
}

const KINDS = { user: 1, account: 2, audit: 3 };

/** Milliseconds since the epoch of the first copy: in the past, so that what is measured comes behind all of them. */
const FIRST = 1_700_000_000_000;

/** Id of the nth copy of a user. */
export function copyId({ tag }: Pick<Model, "tag">, n: number): string {
  const time = (FIRST + n).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-0000000000${KINDS.user}${tag}`;
}

function idSql({ engine }: BulkDatabase, kind: keyof typeof KINDS, { tag }: Model): string {
  const time = engine === "sqlite" ? `printf('%012x', ${FIRST} + n)` : `lpad(to_hex(${FIRST} + n), 12, '0')`;
  return `substr(${time}, 1, 8) || '-' || substr(${time}, 9) || '-7000-8000-0000000000${KINDS[kind]}${tag}'`;
}

const TABLES = ["accounts", "users", "scim_users", "audit_entries", "member_grams"];

/** Copies the models until each directory has its size. */
export async function seedCopies(database: BulkDatabase, models: readonly Model[]): Promise<void> {
  const indexes = await database.dropIndexes(TABLES);
  const postgres = database.engine === "postgres";
  if (postgres) await database.run("alter table member_grams drop constraint member_grams_pkey");
  for (const model of models) {
    const account = await one(database, `select account_id as id from users where id = '${model.userId}'`);
    const audit = await one(database, `select id from audit_entries where subject_id = '${model.userId}'`);
    const ids = { user: model.userId, account, audit };
    await copy(database, model, "accounts", `id = '${account}'`, ids);
    await copy(database, model, "users", `id = '${model.userId}'`, ids);
    await copy(database, model, "scim_users", `id = '${model.userId}'`, ids);
    await copy(database, model, "audit_entries", `id = '${audit}'`, ids);
    await count(database, model);
  }
  for (const index of indexes.filter((sql) => !sql.includes("member_grams"))) await database.run(index);
  for (const model of models) await copyGrams(database, model);
  if (postgres) await database.run("alter table member_grams add primary key (organization_number, gram, place)");
  for (const index of indexes.filter((sql) => sql.includes("member_grams"))) await database.run(index);
  await database.settle();
}

async function one(database: BulkDatabase, sql: string): Promise<string> {
  const [row] = await database.rows(sql);
  return String(row?.id);
}

type Ids = Readonly<Record<keyof typeof KINDS, string>>;

async function copy(database: BulkDatabase, model: Model, table: string, where: string, ids: Ids): Promise<void> {
  const columns = [...(await database.columns(table))].filter(([name]) => table === "scim_users" || name !== "number");
  const known = columns.filter(([name]) => name !== "sequence");
  const values = known.map(([name, type]) => {
    if (name === "number") return "n + 1";
    if (name === "created_at" || name === "updated_at") return `${FIRST} + n`;
    if (type !== "text" && type !== "jsonb") return `m."${name}"`;
    // What has no letter of the name or the ids in it is quickly through.
    let value = `replace(cast(m."${name}" as text), '${MODEL}', 'user' || n)`;
    for (const kind of ["user", "account", "audit"] as const)
      value = `replace(${value}, '${ids[kind]}', s.${kind}_copy)`;
    return type === "jsonb" ? `cast(${value} as jsonb)` : value;
  });
  const names = known.map(([name]) => `"${name}"`).join(", ");
  const id = (kind: keyof typeof KINDS) => `${idSql(database, kind, model)} as ${kind}_copy`;
  await database.run(`insert into ${table} (${names}) select ${values.join(", ")}
    from (select n, ${id("user")}, ${id("account")}, ${id("audit")} from ${series(database, 1, model.size - 1)}) as s
    cross join (select * from ${table} where ${where}) as m order by n`);
}

function series({ engine }: BulkDatabase, first: number, last: number): string {
  if (engine === "postgres") return `generate_series(${first}, ${last}) as series(n)`;
  return `(with recursive series(n) as (select ${first} where ${first} <= ${last}
    union all select n + 1 from series where n < ${last}) select n from series)`;
}

async function count(database: BulkDatabase, { configurationId, size }: Model): Promise<void> {
  await database.run(`update scim_counts set users = ${size}, active_users = ${size}, last_number = ${size}
    where scim_configuration_id = '${configurationId}'`);
}

/** Runs of three characters are each member's own; the beginnings of words are the same for all. */
async function copyGrams(database: BulkDatabase, { organizationId, userId }: Model): Promise<void> {
  const sqlite = database.engine === "sqlite";
  const position = sqlite ? "instr" : "strpos";
  const separator = sqlite ? "char(1)" : "chr(1)";
  const place = `name_key || ${separator} || substr(cast(1000000000000 + number as text), 2)`;
  const from = `from users where organization_id = '${organizationId}' and id <> '${userId}'`;
  const [longest] = await database.rows(`select max(max_name) as n from (
    select max(length(name_key)) as max_name ${from} union all select max(length(email_key)) ${from}) as l`);
  // As tables, or they would be made again for each user.
  await database.run(
    `create temporary table positions as select n as i from ${series(database, 1, Number(longest?.n))}`,
  );
  await database.run(`create temporary table beginnings as select gram from member_grams where length(gram) < 3
    and user_number = (select number from users where id = '${userId}')`);
  const run = (key: string) => `substr(${key}, i, 3)`;
  // Each run once: where it comes first, and in the name only when it is not in the email.
  const parts = [
    `select ${run("email_key")} as gram, ${place} as place, number, created_at from u cross join positions
      where i <= length(email_key) - 2 and ${position}(email_key, ${run("email_key")}) = i`,
    `select ${run("name_key")}, ${place}, number, created_at from u cross join positions
      where i <= length(name_key) - 2 and ${position}(name_key, ${run("name_key")}) = i
      and ${position}(email_key, ${run("name_key")}) = 0`,
    `select gram, ${place}, number, created_at from u cross join beginnings`,
  ];
  await database.run(`insert into member_grams (organization_number, gram, place, user_number, joined_at)
    with u as (select number, name_key, email_key, created_at ${from})
    select (select number from organizations where id = '${organizationId}'), gram, place, number, created_at
    from (${parts.join(" union all ")}) as g ${sqlite ? "order by gram, place" : ""}`);
  await database.run("drop table positions");
  await database.run("drop table beginnings");
}

/**
 * Compares what the database has of two users of the same name, row by row.
 * @throws Error that names a table in which they differ by more than ids, numbers and times.
 */
export async function compareUsers(database: BulkDatabase, a: string, b: string): Promise<void> {
  const [first, second] = [await rowsOf(database, a), await rowsOf(database, b)];
  for (const table of TABLES) {
    if (isDeepStrictEqual(first.get(table), second.get(table)) && first.get(table)?.length !== 0) continue;
    const show = (rows: unknown) => JSON.stringify(rows, undefined, 1);
    throw new Error(
      `${table} of a copied user is not what the service writes:\n${show(first.get(table))}\n${show(second.get(table))}`,
    );
  }
}

const OWN = new Set([
  "number",
  "user_number",
  "organization_number",
  "sequence",
  "created_at",
  "updated_at",
  "joined_at",
]);

async function rowsOf(database: BulkDatabase, userId: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const user = `select * from users where id = '${userId}'`;
  const wheres: Readonly<Record<string, string>> = {
    accounts: `id = (select account_id from (${user}) as u)`,
    users: `id = '${userId}'`,
    scim_users: `id = '${userId}'`,
    audit_entries: `subject_id = '${userId}'`,
    member_grams: `user_number = (select number from (${user}) as u)
      and organization_number = (select o.number from organizations as o where o.id = (select organization_id from (${user}) as u))`,
  };
  const ids = new Map<string, string>();
  const plain = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) return JSON.parse(String(plain(JSON.stringify(sorted(value)))));
    if (typeof value !== "string") return value;
    const text = value.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
      return ids.get(id) as string;
    });
    return text.split("\u0001")[0];
  };
  const tables = new Map<string, readonly unknown[]>();
  for (const [table, where] of Object.entries(wheres)) {
    const rows = await database.rows(`select * from ${table} where ${where}`);
    const texts = rows.map((row) =>
      JSON.stringify(Object.entries(row).flatMap(([name, value]) => (OWN.has(name) ? [] : [[name, plain(value)]]))),
    );
    tables.set(table, texts.sort());
  }
  return tables;
}

const sorted = (value: object): object =>
  Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
