import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type Dialect, Kysely, PostgresDialect, type RawBuilder, type SqlBool, SqliteDialect, sql } from "kysely";
import pg from "pg";
import { inject } from "vitest";
import type { ResourceType } from "../../../../src/domain/provisioning/attribute.ts";
import { groupColumns, userColumns } from "../../../../src/domain/provisioning/columns.ts";
import type { Filter } from "../../../../src/domain/provisioning/filter.ts";
import { toStorageFilter } from "../../../../src/domain/provisioning/query.ts";
import type { StoredResource } from "../../../../src/domain/provisioning/representation.ts";
import { postgresDialect, sqliteDialect } from "../../../../src/storage/dialect.ts";
import type { Tables } from "../../../../src/storage/sql/schema.ts";
import { compileFilter, type ScimTarget } from "../../../../src/storage/sql/scim-filters.ts";
import type { EngineName } from "../../../support/storage.ts";
import { BASE_URL, CONFIGURATION_ID, type Directory, ORGANIZATION_ID } from "./directory.ts";

/** The tables that filters query, with the rows of a directory, in one engine. */
export interface DirectoryDatabase {
  readonly engine: EngineName;
  readonly db: Kysely<Tables>;
  /** Ids of the rows for which the condition holds, in id order. */
  find(type: ResourceType, condition: RawBuilder<SqlBool>): Promise<string[]>;
  /** How the engine would look for users of the organization and configuration for whom the condition holds. */
  plan(condition: RawBuilder<SqlBool>): Promise<string>;
  close(): Promise<void>;
}

/** The alias that the conditions are compiled for. */
export const ALIAS = "resource";

/** Where conditions are compiled to in these tests. */
export const target = (engine: EngineName, type: ResourceType): ScimTarget => ({
  dialect: { name: engine },
  resource: type.name === "User" ? "user" : "group",
  alias: ALIAS,
});

/** A filter as a condition on the rows. */
export function conditionOf(filter: Filter, type: ResourceType, engine: EngineName): RawBuilder<SqlBool> {
  return compileFilter(toStorageFilter(filter, type, BASE_URL), target(engine, type));
}

/** Writes a directory into an empty database. */
export async function openDirectory(engine: EngineName, directory: Directory): Promise<DirectoryDatabase> {
  const { dialect, drop } = await (engine === "sqlite" ? createSqlite() : createPostgres());
  const db = new Kysely<Tables>({ dialect });
  await createTables(db, engine);
  await insertRows(db, directory);
  return {
    engine,
    db,
    async find(type, condition) {
      const table = type.name === "User" ? "scim_users" : "scim_groups";
      const query = sql<{ id: string }>`
        select ${sql.ref(`${ALIAS}.id`)} from ${sql.table(table)} as ${sql.id(ALIAS)} where ${condition} order by id`;
      return (await query.execute(db)).rows.map(({ id }) => id);
    },
    plan: (condition) => explain(db, engine, condition),
    async close() {
      await db.destroy();
      await drop();
    },
  };
}

async function explain(db: Kysely<Tables>, engine: EngineName, condition: RawBuilder<SqlBool>): Promise<string> {
  const query = sql`select * from scim_users as ${sql.id(ALIAS)}
    where organization_id = ${ORGANIZATION_ID} and scim_configuration_id = ${CONFIGURATION_ID} and ${condition}`;
  await sql`analyze`.execute(db);
  const plan = await sql<
    Record<string, string>
  >`${sql.raw(engine === "sqlite" ? "explain query plan" : "explain")} ${query}`.execute(db);
  return plan.rows.map((row) => row.detail ?? row["QUERY PLAN"]).join("\n");
}

interface EmptyDatabase {
  readonly dialect: Dialect;
  drop(): Promise<void>;
}

async function createSqlite(): Promise<EmptyDatabase> {
  const directory = mkdtempSync(join(tmpdir(), "organization-service-scim-"));
  const dialect = new SqliteDialect({ database: new Database(join(directory, "directory.sqlite")) });
  return { dialect, drop: async () => rmSync(directory, { recursive: true, force: true }) };
}

/** A database that orders text by the rules of English, as an operator's may: no condition may depend on it. */
async function createPostgres(): Promise<EmptyDatabase> {
  const server = inject("postgresUrl");
  const name = `scim_${randomBytes(8).toString("hex")}`;
  await administer(`create database ${name} template template0 locale_provider icu icu_locale 'en-US'`);
  const pool = new pg.Pool({ connectionString: `${server}/${name}`, max: 2 });
  return { dialect: new PostgresDialect({ pool }), drop: () => administer(`drop database ${name} with (force)`) };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject("postgresUrl")}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function createTables(db: Kysely<Tables>, engine: EngineName): Promise<void> {
  const { text, bigint } = engine === "sqlite" ? sqliteDialect : postgresDialect;
  const document = engine === "sqlite" ? sql`text` : sql`jsonb`;
  await sql`create table scim_users (
    id ${text} primary key, organization_id ${text} not null, scim_configuration_id ${text} not null,
    number ${bigint} not null, user_name ${text} not null, user_name_folded ${text} not null, external_id ${text},
    display_name ${text}, display_name_folded ${text}, active integer not null,
    attributes ${text} not null, folded ${document} not null,
    version ${bigint} not null, created_at ${bigint} not null, updated_at ${bigint} not null)`.execute(db);
  await sql`create unique index scim_users_name on scim_users (organization_id, user_name_folded)`.execute(db);
  await sql`create index scim_users_external on scim_users (scim_configuration_id, external_id)`.execute(db);
  await sql`create table scim_groups (
    id ${text} primary key, organization_id ${text} not null, scim_configuration_id ${text} not null,
    number ${bigint} not null, display_name ${text} not null, display_name_folded ${text} not null, external_id ${text},
    version ${bigint} not null, created_at ${bigint} not null, updated_at ${bigint} not null)`.execute(db);
  await sql`create table group_memberships (
    group_id ${text} not null, user_id ${text} not null, primary key (group_id, user_id))`.execute(db);
}

async function insertRows(db: Kysely<Tables>, { users, groups, memberships }: Directory): Promise<void> {
  const common = { organization_id: ORGANIZATION_ID, scim_configuration_id: CONFIGURATION_ID };
  let number = 0;
  const rowOf = ({ id, version, createdAt, updatedAt }: StoredResource) => ({
    ...common,
    id,
    number: number++,
    version,
    created_at: createdAt,
    updated_at: updatedAt,
  });
  for (const chunk of chunks(users)) {
    const rows = chunk.map((user) => {
      const columns = userColumns(user.resource);
      return {
        ...rowOf(user),
        user_name: columns.userName,
        user_name_folded: columns.userNameFolded,
        external_id: columns.externalId ?? null,
        display_name: columns.displayName ?? null,
        display_name_folded: columns.displayNameFolded ?? null,
        active: columns.active ? (1 as const) : (0 as const),
        attributes: columns.attributes,
        folded: columns.folded,
      };
    });
    await db.insertInto("scim_users").values(rows).execute();
  }
  for (const chunk of chunks(groups)) {
    const rows = chunk.map((group) => {
      const { displayName, displayNameFolded, externalId } = groupColumns(group.resource);
      const columns = { display_name: displayName, display_name_folded: displayNameFolded };
      return { ...rowOf(group), ...columns, external_id: externalId ?? null };
    });
    await db.insertInto("scim_groups").values(rows).execute();
  }
  for (const chunk of chunks(memberships)) {
    const rows = chunk.map(({ userId, groupId }) => ({ user_id: userId, group_id: groupId }));
    await db
      .insertInto("group_memberships")
      .values(rows as never)
      .execute();
  }
}

function* chunks<T>(items: readonly T[], size = 100): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
