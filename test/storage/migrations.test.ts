import { deepStrictEqual } from "node:assert/strict";
import { afterEach, describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/open.ts";
import { NewerSchemaError } from "../../src/storage/storage.ts";
import { createDatabase, ENGINES, type EngineName, type TestDatabase } from "../support/storage.ts";
import { startChild } from "./children/child.ts";
import { gate } from "./gate.ts";
import { addOrganization } from "./records.ts";
import { tablesOf } from "./tables.ts";

const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop();
});

async function emptyDatabase(engine: EngineName): Promise<TestDatabase> {
  const database = await createDatabase(engine);
  databases.push(database);
  return database;
}

const stepsOf = (database: TestDatabase) => database.execute("select * from kysely_migration order by name");

describe.each(ENGINES)("migrations of %s", (engine) => {
  it("make the schema in an empty database", async () => {
    const database = await emptyDatabase(engine);
    expect(await tablesOf(database)).toEqual([]);
    await addOrganization(await database.open());
    expect((await tablesOf(database)).map(({ name }) => name)).toContain("organizations");
  });

  it("run once, and keep what is there", async () => {
    const database = await emptyDatabase(engine);
    const first = await database.open();
    const organization = await addOrganization(first);
    await first.close();
    const [tables, steps] = [await tablesOf(database), await stepsOf(database)];
    expect(steps.length).toBeGreaterThan(0);

    const second = await database.open();
    deepStrictEqual(await second.read.organizations.get(organization.id), organization);
    expect(await stepsOf(database)).toEqual(steps);
    expect(await tablesOf(database)).toEqual(tables);
  });

  it("run once when an empty database is opened several times at the same moment", async () => {
    const database = await emptyDatabase(engine);
    const storages = await Promise.all(Array.from({ length: 6 }, () => database.open()));
    const organization = await addOrganization(storages[0]!);
    for (const storage of storages) {
      deepStrictEqual(await storage.read.organizations.get(organization.id), organization);
    }
  });

  it("run once when several processes open an empty database at the same moment", async () => {
    const database = await emptyDatabase(engine);
    const lines: string[] = [];
    const ready = gate();
    const children = Array.from({ length: 3 }, () =>
      startChild("opener.ts", database.location, (line) => {
        lines.push(line);
        if (lines.length === children.length) ready.open();
      }),
    );
    await ready.opened;
    for (const child of children) child.go();
    for (const child of children) expect(await child.ended).toEqual({ code: 0, errors: "" });

    const storage = await database.open();
    const { items } = await storage.read.organizations.list({ limit: 10 });
    expect(items.map(({ id }) => id).sort()).toEqual(lines.filter((line) => line !== "ready").sort());
    expect(items).toHaveLength(children.length);
  });

  it("refuse a database of a newer version and leave it as it is", async () => {
    const database = await emptyDatabase(engine);
    const older = await database.open();
    const organization = await addOrganization(older);
    await older.close();
    await database.execute("insert into kysely_migration values ('9999-later', '2999-01-01T00:00:00.000Z')");
    const [tables, steps] = [await tablesOf(database), await stepsOf(database)];

    await expect(database.open()).rejects.toThrow(NewerSchemaError);
    await expect(database.open()).rejects.toThrow("newer version");
    expect(await tablesOf(database)).toEqual(tables);
    expect(await stepsOf(database)).toEqual(steps);

    await database.execute("delete from kysely_migration where name = '9999-later'");
    const storage = await database.open();
    deepStrictEqual(await storage.read.organizations.get(organization.id), organization);
  });

  // A table of the first step, and one of the last.
  it.each(["organizations", "job_runs"])("leave nothing when they fail at %s", async (name) => {
    const database = await emptyDatabase(engine);
    await database.execute(`create table ${name} (stranger integer)`);
    await expect(database.open()).rejects.toThrow(name);
    expect(await tablesOf(database)).toEqual([{ name, columns: ["stranger"], required: [] }]);
    expect(await stepsOf(database)).toEqual([]);
    await database.execute(`drop table ${name}`);
    await addOrganization(await database.open());
  });

  it("of a newer version do not disturb a replica that runs, when they add a column", async () => {
    const database = await emptyDatabase(engine);
    const storage = await openStorage({ ...database.location, poolSize: 1 });
    try {
      const { id } = await addOrganization(storage);
      const rename = (name: string) =>
        storage.write(async (records) => {
          const organization = await records.organizations.lock(id);
          if (organization) await records.organizations.update({ ...organization, name });
        });
      const nameNow = async () => (await storage.read.organizations.get(id))?.name;
      await rename("before");
      expect(await nameNow()).toBe("before");
      for (const column of ["later", "latest"]) {
        await database.execute(`alter table organizations add column ${column} text`);
        expect(await nameNow()).toBeDefined();
        await rename(column);
        expect(await nameNow()).toBe(column);
      }
    } finally {
      await storage.close();
    }
  });
});

describe("the schema", () => {
  it("is the same on every engine", async () => {
    const schemas = ENGINES.map(async (engine) => {
      const database = await emptyDatabase(engine);
      await database.open();
      return tablesOf(database);
    });
    const [first, ...others] = await Promise.all(schemas);
    expect(first?.length).toBeGreaterThan(5);
    for (const other of others) expect(other).toEqual(first);
  });

  it("compares every text byte by byte on PostgreSQL, whatever the database's own collation is", async () => {
    const database = await emptyDatabase("postgres");
    await database.open();
    const columns = await database.execute(
      `select table_name, column_name, collation_name from information_schema.columns
       where table_schema = 'public' and table_name not like 'kysely_%' and data_type in ('text', 'character varying')`,
    );
    expect(columns.length).toBeGreaterThan(20);
    expect(columns.filter((column) => column.collation_name !== "C")).toEqual([]);
  });
});
