import { deepStrictEqual } from "node:assert/strict";
import { expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { type Storage, StorageUnavailableError } from "../../src/storage/storage.ts";
import { gate } from "./gate.ts";
import { addOrganization, newOrganization } from "./records.ts";
import type { Subject } from "./subject.ts";

/** What `Storage.ping` and `Storage.close` promise. */
export function lifetime(subject: Subject): void {
  const expectClosed = async (storage: Storage) => {
    const organization = newOrganization();
    await expect(storage.read.organizations.get(newId())).rejects.toThrow("closed");
    await expect(storage.write((records) => records.organizations.insert(organization))).rejects.toThrow("closed");
    await expect(storage.write(async () => {})).rejects.toThrow("closed");
    await expect(storage.ping()).rejects.toThrow(StorageUnavailableError);
    expect(await subject.storage.read.organizations.get(organization.id)).toBeUndefined();
  };

  it("answers a ping", async () => {
    await subject.storage.ping();
  });

  it("refuses use after close", async () => {
    const storage = await subject.database.open();
    await storage.ping();
    await addOrganization(storage);
    await storage.close();
    await expectClosed(storage);
  });

  it("refuses use after close also when it was never used", async () => {
    const storage = await subject.database.open();
    await storage.close();
    await expectClosed(storage);
  });

  it("closes once, however often it is asked to", async () => {
    const storage = await subject.database.open();
    await Promise.all([storage.close(), storage.close()]);
    await storage.close();
    await expectClosed(storage);
  });

  it("leaves every other storage of the database open", async () => {
    const storage = await subject.database.open();
    await storage.close();
    await subject.storage.ping();
    await addOrganization(subject.other);
  });

  it("waits for the transaction that runs, and for those that wait for their turn", async () => {
    const storage = await subject.database.open();
    const organizations = Array.from({ length: 20 }, () => newOrganization());
    const started = gate();
    const go = gate();
    const writes = organizations.map((organization) =>
      storage.write(async (records) => {
        started.open();
        await go.opened;
        await records.organizations.insert(organization);
      }),
    );
    await started.opened;
    let closed = false;
    const closing = storage.close().then(() => {
      closed = true;
    });
    await subject.storage.ping();
    expect(closed).toBe(false);
    await expect(storage.write(async () => {})).rejects.toThrow("closed");
    go.open();
    await Promise.all([...writes, closing]);
    for (const organization of organizations) {
      deepStrictEqual(await subject.storage.read.organizations.get(organization.id), organization);
    }
  });

  it("answers the reads that run before it closes", async () => {
    const storage = await subject.database.open();
    const organization = await addOrganization(storage);
    const reads = Array.from({ length: 20 }, () => storage.read.organizations.get(organization.id));
    const pings = [storage.ping(), storage.ping()];
    await storage.close();
    deepStrictEqual(
      await Promise.all(reads),
      Array.from({ length: 20 }, () => organization),
    );
    await Promise.all(pings);
  });

  it("closes after a transaction that failed", async () => {
    const storage = await subject.database.open();
    const failing = storage.write(() => Promise.reject(new Error("own")));
    await Promise.all([expect(failing).rejects.toThrow("own"), storage.close()]);
    await expectClosed(storage);
  });
}
