import { deepStrictEqual } from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { openStorage, type StorageLocation } from "../../src/storage/open.ts";
import { type OrganizationRecord, type Storage, StorageUnavailableError } from "../../src/storage/storage.ts";
import { createDatabase, type TestDatabase } from "../support/storage.ts";
import { gate, turns } from "./gate.ts";
import { addOrganization, newOrganization } from "./records.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

const isUnavailable = (error: unknown) => error instanceof StorageUnavailableError;
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("PostgreSQL that cannot be reached", () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let storage: Storage;
  let organization: OrganizationRecord;

  /** The database as it is reached through the proxy. */
  function location(parameters = ""): StorageLocation {
    const url = new URL(database.location.databaseUrl ?? "");
    url.port = String(proxy.port);
    return { ...database.location, databaseUrl: url.href + parameters };
  }

  /** Uses that fail once because they meet a broken connection do not fail again. */
  async function expectRecovery(): Promise<void> {
    for (let i = 0; i < 2 * database.location.poolSize; i++) {
      const failures = [await reasonOf(storage.ping()), await reasonOf(storage.write(async () => {}))];
      expect(failures.filter((failure) => failure !== undefined && !isUnavailable(failure))).toEqual([]);
      if (failures.every((failure) => failure === undefined)) break;
    }
    deepStrictEqual(await storage.read.organizations.get(organization.id), organization);
    await addOrganization(storage);
  }

  beforeAll(async () => {
    database = await createDatabase("postgres");
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    proxy = await startTcpProxy(Number(new URL(database.location.databaseUrl ?? "").port));
    storage = await openStorage(location());
    organization = await addOrganization(storage);
  });
  afterEach(async () => {
    await storage.close();
    await proxy.close();
  });

  it("is said at open, with what to check and without the password", async () => {
    await proxy.close();
    const error = await reasonOf(openStorage(location()));
    expect(error).toBeInstanceOf(StorageUnavailableError);
    expect((error as Error).message).toContain("DATABASE_URL");
    expect((error as Error).message).not.toContain("postgres:postgres");
    proxy = await startTcpProxy(1);
  });

  it("is said at open when the server breaks the connection off", async () => {
    proxy.cut();
    await expect(openStorage(location())).rejects.toThrow(StorageUnavailableError);
  });

  it("is said by read, write and ping while it lasts, and nothing is written", async () => {
    const added = newOrganization();
    proxy.cut();
    for (let i = 0; i < 3; i++) {
      await expect(storage.read.organizations.get(organization.id)).rejects.toThrow(StorageUnavailableError);
      await expect(storage.ping()).rejects.toThrow(StorageUnavailableError);
      await expect(addOrganization(storage, added)).rejects.toThrow(StorageUnavailableError);
    }
    proxy.restore();
    await expectRecovery();
    expect(await storage.read.organizations.get(added.id)).toBeUndefined();
  });

  it("is said by a transaction that it interrupts, of which nothing remains", async () => {
    const added = newOrganization();
    const work = storage.write(async (records) => {
      await records.organizations.insert(added);
      proxy.cut();
      // The connection breaks while no query waits for it.
      await turns(5);
      await records.organizations.update({ ...organization, name: "changed" });
    });
    await expect(work).rejects.toThrow(StorageUnavailableError);
    proxy.restore();
    await expectRecovery();
    expect(await storage.read.organizations.get(added.id)).toBeUndefined();
  });

  it("does not replace the error that the work ended with", async () => {
    const own = new Error("own");
    const work = storage.write(async (records) => {
      await records.organizations.delete(organization.id);
      proxy.cut();
      await turns(5);
      throw own;
    });
    await expect(work).rejects.toBe(own);
    proxy.restore();
    await expectRecovery();
  });

  it("recovers when the server ends the connections", async () => {
    const held = gate();
    const go = gate();
    const added = newOrganization();
    const interrupted = reasonOf(
      storage.write(async (records) => {
        await records.organizations.insert(added);
        held.open();
        await go.opened;
      }),
    );
    await held.opened;
    await database.execute(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    go.open();
    expect(await interrupted).toBeInstanceOf(StorageUnavailableError);
    await expectRecovery();
    expect(await storage.read.organizations.get(added.id)).toBeUndefined();
  });

  it("is said to whoever waits for a lock when the server ends the connection", async () => {
    const locked = gate();
    const go = gate();
    const holder = storage.write(async (records) => {
      await records.organizations.lock(organization.id);
      locked.open();
      await go.opened;
    });
    await locked.opened;
    const waiter = reasonOf(storage.write((records) => records.organizations.lock(organization.id)));
    const waiting = "datname = current_database() and wait_event_type = 'Lock'";
    for (let ended = 0; ended === 0; await turns(1)) {
      const rows = await database.execute(`select pg_terminate_backend(pid) from pg_stat_activity where ${waiting}`);
      ended = rows.length;
    }
    expect(await waiter).toBeInstanceOf(StorageUnavailableError);
    go.open();
    await holder;
    await expectRecovery();
  });

  it("is said when the server does not answer in time", async () => {
    const impatient = await openStorage(location("?query_timeout=1500"));
    await Promise.all([impatient.ping(), impatient.ping()]);
    await impatient.write(async () => {});
    proxy.stall();
    const failures = [impatient.ping(), impatient.read.organizations.get(newId()), impatient.write(async () => {})];
    expect((await Promise.all(failures.map(reasonOf))).every(isUnavailable)).toBe(true);
    proxy.restore();
    deepStrictEqual(await impatient.read.organizations.get(organization.id), organization);
    await impatient.write((records) => records.organizations.lock(organization.id));
    await impatient.close();
  });

  it("does not keep the storage from closing", async () => {
    proxy.cut();
    await storage.close();
  });
});

describe("a SQLite file that cannot be opened", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase("sqlite");
  });
  afterEach(() => database.drop());

  it("is said at open when the data directory is a file", async () => {
    const dataDir = join(database.location.dataDir, "file");
    writeFileSync(dataDir, "");
    await expect(openStorage({ ...database.location, dataDir })).rejects.toThrow(StorageUnavailableError);
    await expect(openStorage({ ...database.location, dataDir: join(dataDir, "below") })).rejects.toThrow(dataDir);
  });

  it("is said at open when it is a directory", async () => {
    const file = join(database.location.dataDir, "organization-service.sqlite");
    mkdirSync(file);
    const error = await reasonOf(database.open());
    expect(error).toBeInstanceOf(StorageUnavailableError);
    expect((error as Error).message).toContain(file);
  });
});
