import { deepStrictEqual } from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStorage } from "../../src/storage/open.ts";
import { StorageUnavailableError } from "../../src/storage/storage.ts";
import { createDatabase, type TestDatabase } from "../support/storage.ts";
import { turns } from "./gate.ts";
import { addOrganization, newOrganization } from "./records.ts";

let database: TestDatabase;
let file: string;

beforeEach(async () => {
  database = await createDatabase("sqlite");
  file = join(database.location.dataDir, "organization-service.sqlite");
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await database.drop();
});

describe("the connections to a SQLite file", () => {
  it("write with full synchronization and with foreign keys, and read without the right to write", async () => {
    const pragma = vi.spyOn(Database.prototype, "pragma");
    await database.open();
    const connections = [...new Set(pragma.mock.contexts as Database.Database[])];
    const settings = connections.map((connection) => ({
      readonly: connection.readonly,
      journal: connection.pragma("journal_mode", { simple: true }),
      synchronous: connection.pragma("synchronous", { simple: true }),
      foreignKeys: connection.pragma("foreign_keys", { simple: true }),
    }));
    // 2 is FULL (https://www.sqlite.org/pragma.html#pragma_synchronous).
    expect(settings).toEqual([
      { readonly: false, journal: "wal", synchronous: 2, foreignKeys: 1 },
      { readonly: true, journal: "wal", synchronous: expect.anything(), foreignKeys: expect.anything() },
    ]);
  });

  it("are all closed with the storage", async () => {
    const pragma = vi.spyOn(Database.prototype, "pragma");
    const storage = await database.open();
    const connections = pragma.mock.contexts as Database.Database[];
    await storage.close();
    expect(connections.map((connection) => connection.open)).not.toContain(true);
  });

  it("are in a directory that nobody else may look into", async () => {
    const dataDir = join(database.location.dataDir, "of", "its", "own");
    const storage = await openStorage({ ...database.location, dataDir });
    await storage.close();
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });
});

describe("a SQLite file that another process has locked", () => {
  it("is written once it is free, and read meanwhile", async () => {
    const storage = await database.open();
    const organization = await addOrganization(storage);
    const stranger = new Database(file);
    stranger.exec("begin immediate");
    let written = false;
    const work = storage
      .write((records) => records.organizations.update({ ...organization, name: "changed" }))
      .finally(() => {
        written = true;
      });
    await turns(20);
    expect(written).toBe(false);
    deepStrictEqual(await storage.read.organizations.get(organization.id), organization);
    stranger.exec("commit");
    stranger.close();
    await work;
    expect((await storage.read.organizations.get(organization.id))?.name).toBe("changed");
  });

  it("is given up after a while, and nothing is written", async () => {
    const storage = await database.open();
    const organization = newOrganization();
    const stranger = new Database(file);
    stranger.exec("begin immediate");
    vi.useFakeTimers({ toFake: ["Date"] });
    const work = addOrganization(storage, organization);
    const failure = expect(work).rejects.toThrow(StorageUnavailableError);
    await turns(5);
    vi.setSystemTime(Date.now() + 60_000);
    await failure;
    stranger.exec("commit");
    stranger.close();
    expect(await storage.read.organizations.get(organization.id)).toBeUndefined();
    await addOrganization(storage, organization);
  });

  it.each([
    ["before it is in WAL mode", "create table strange (thing); begin exclusive"],
    ["before it has a schema", "pragma journal_mode = wal; begin immediate"],
  ])("is opened once it is free: %s", async (_when, lock) => {
    const stranger = new Database(file);
    stranger.exec(lock);
    let opened = false;
    const opening = database.open().finally(() => {
      opened = true;
    });
    await turns(20);
    expect(opened).toBe(false);
    stranger.exec("commit");
    stranger.close();
    await addOrganization(await opening);
  });

  it("is given up at open after a while", async () => {
    const stranger = new Database(file);
    stranger.exec("create table strange (thing); begin exclusive");
    vi.useFakeTimers({ toFake: ["Date"] });
    const failure = expect(database.open()).rejects.toThrow(StorageUnavailableError);
    await turns(5);
    vi.setSystemTime(Date.now() + 60_000);
    await failure;
    stranger.exec("commit");
    stranger.close();
  });
});
