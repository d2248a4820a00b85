import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Storage } from "../../src/storage/storage.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";
import { appendAuditEntry, newAuditEntry } from "./nouns/audit-entries.ts";
import { addOrganization } from "./records.ts";

/** Collects what a listener is told, and lets a test wait for it. */
function listen(storage: Storage) {
  const told: (string | undefined)[] = [];
  let wake = () => {};
  const stop = storage.subscribe((organizationId) => {
    told.push(organizationId);
    wake();
  });
  return {
    told,
    stop,
    /** Resolves when the listener has been told of the organization, or of anything, since the last `forget`. */
    async heard(organizationId: string | undefined): Promise<void> {
      while (!told.includes(organizationId) && !told.includes(undefined)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    forget: () => void told.splice(0),
  };
}

describe.each(ENGINES)("changes on %s", (engine) => {
  let database: TestDatabase;
  let storage: Storage;
  let other: Storage;
  let stops: (() => void)[] = [];

  beforeAll(async () => {
    database = await createDatabase(engine);
    storage = await database.open();
    other = await database.open();
  });
  afterAll(() => database.drop());
  afterEach(() => {
    for (const stop of stops) stop();
    stops = [];
  });

  function listener(on: Storage) {
    const listening = listen(on);
    stops.push(listening.stop);
    return listening;
  }

  /** A listener that has been told of the beginning, which may be anything. */
  async function settled(on: Storage) {
    const listening = listener(on);
    await listening.heard(undefined);
    listening.forget();
    return listening;
  }

  it("are told in the same process, of each organization, after the commit", async () => {
    const { id } = await addOrganization(storage);
    const listening = await settled(storage);
    const seen: number[] = [];
    const stop = storage.subscribe(() => seen.push(listening.told.length));
    stops.push(stop);
    await storage.write(async (records) => {
      await appendAuditEntry(records, id);
      await appendAuditEntry(records, id);
      expect(listening.told.filter((told) => told === id)).toEqual([]);
    });
    expect(listening.told.filter((told) => told === id)).toEqual([id]);
  });

  it("are told to another process", async () => {
    const { id } = await addOrganization(storage);
    const listening = await settled(other);
    await storage.write((records) => appendAuditEntry(records, id));
    await listening.heard(id);
    const { items } = await other.read.auditEntries.list(id, {}, "newest", { limit: 1 });
    expect(items).toHaveLength(1);
  });

  it("are told of many organizations at once", async () => {
    const listening = await settled(other);
    const ids: string[] = [];
    for (let i = 0; i < 150; i++) ids.push((await addOrganization(storage)).id);
    await storage.write(async (records) => {
      for (const id of ids) await appendAuditEntry(records, id);
    });
    await listening.heard(ids[149]);
  });

  it("are told as anything when they belong to no organization", async () => {
    const listening = await settled(other);
    await storage.write((records) => records.auditEntries.append(newAuditEntry(undefined)));
    await listening.heard(undefined);
  });

  it("are not told of a transaction that was rolled back, nor of one without entries", async () => {
    const { id } = await addOrganization(storage);
    const listening = await settled(storage);
    const failing = storage.write(async (records) => {
      await appendAuditEntry(records, id);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await addOrganization(storage);
    expect(listening.told.filter((told) => told === id)).toEqual([]);
  });

  it("are told to no listener that has ended", async () => {
    const { id } = await addOrganization(storage);
    const ended = listener(storage);
    const listening = listener(storage);
    ended.stop();
    ended.stop();
    ended.forget();
    await storage.write((records) => appendAuditEntry(records, id));
    expect(listening.told).toContain(id);
    expect(ended.told).toEqual([]);
  });

  it("are told again to one who subscribes after all others have ended", async () => {
    const { id } = await addOrganization(storage);
    (await settled(other)).stop();
    const listening = await settled(other);
    await storage.write((records) => appendAuditEntry(records, id));
    await listening.heard(id);
  });

  it("can be subscribed to until the storage is closed, which ends everything", async () => {
    const closing = await database.open();
    listener(closing);
    const { id } = await addOrganization(closing);
    const listening = await settled(storage);
    await closing.write((records) => appendAuditEntry(records, id));
    await closing.close();
    await listening.heard(id);
    expect(() => closing.subscribe(() => {})).toThrow("closed");
  });

  if (engine === "postgres") {
    it("are told as anything when the connection was lost, and then as before", async () => {
      const { id } = await addOrganization(storage);
      const listening = await settled(other);
      const terminated = await database.execute(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'organization-service changes'`,
      );
      expect(terminated).toEqual([{ pg_terminate_backend: true }]);
      await listening.heard(undefined);
      listening.forget();
      await storage.write((records) => appendAuditEntry(records, id));
      await listening.heard(id);
      expect(listening.told).toEqual([id]);
    });

    it("take a connection only while somebody listens", async () => {
      const connections = () =>
        database.execute(
          `select pid from pg_stat_activity
           where datname = current_database() and application_name = 'organization-service changes'`,
        );
      const listening = await settled(other);
      expect(await connections()).toHaveLength(1);
      listening.stop();
      while ((await connections()).length > 0);
    });

    it("take any notification that is not understood for anything", async () => {
      const listening = await settled(other);
      await database.execute("select pg_notify('organization_service_changes', 'from the future')");
      await listening.heard(undefined);
    });
  }
});
