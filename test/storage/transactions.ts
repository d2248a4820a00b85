import { deepStrictEqual } from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { DuplicateError, type OrganizationRecord, type Records, type Storage } from "../../src/storage/storage.ts";
import { gate, turns } from "./gate.ts";
import { addOrganization, newOrganization } from "./records.ts";
import type { Subject } from "./subject.ts";

/** What `Storage.read` and `Storage.write` promise. */
export function transactions(subject: Subject): void {
  describe("commit", () => commits(subject));
  describe("rollback", () => rollbacks(subject));
  describe("isolation", () => isolation(subject));
  describe("misuse", () => misuse(subject));
  describe("deadlock", () => deadlocks(subject));
}

function commits(subject: Subject): void {
  it("answers with what the work resolves to", async () => {
    const value = { any: "thing" };
    expect(await subject.storage.write(async () => value)).toBe(value);
    expect(await subject.storage.write(async () => undefined)).toBeUndefined();
  });

  it("includes what the work did not wait for", async () => {
    const [first, second] = [newOrganization(), newOrganization()];
    await subject.storage.write(async (records) => {
      void records.organizations.insert(first);
      await records.organizations.insert(second);
    });
    await subject.storage.write(async (records) => void records.organizations.delete(second.id));
    deepStrictEqual(await subject.other.read.organizations.get(first.id), first);
    expect(await subject.other.read.organizations.get(second.id)).toBeUndefined();
  });

  it("fails with an error that the work did not wait for", async () => {
    const organization = await addOrganization(subject.storage);
    const added = newOrganization();
    const work = subject.storage.write(async (records) => {
      await records.organizations.insert(added);
      records.organizations.insert(organization).catch(() => {});
    });
    await expect(work).rejects.toThrow(DuplicateError);
    expect(await subject.storage.read.organizations.get(added.id)).toBeUndefined();
  });

  it("shows a commit to the next read of every storage", async () => {
    for (let i = 0; i < 20; i++) {
      const organization = await addOrganization(subject.storage);
      deepStrictEqual(await subject.storage.read.organizations.get(organization.id), organization);
      deepStrictEqual(await subject.other.read.organizations.get(organization.id), organization);
    }
  });

  it("takes more reads and writes at once than it has connections", async () => {
    const organizations = Array.from({ length: 60 }, () => newOrganization());
    await Promise.all(organizations.map((organization) => addOrganization(subject.storage, organization)));
    const found = organizations.map(({ id }) => subject.storage.read.organizations.get(id));
    deepStrictEqual(await Promise.all(found), organizations);
  });
}

function rollbacks(subject: Subject): void {
  it.each([new Error("own"), "a text", undefined])("leaves nothing and passes the error %s on", async (error) => {
    const kept = await addOrganization(subject.storage);
    const deleted = await addOrganization(subject.storage);
    const inserted = newOrganization();
    const work = subject.storage.write(async (records) => {
      await records.organizations.insert(inserted);
      await records.organizations.update({ ...kept, name: "changed" });
      await records.organizations.delete(deleted.id);
      throw error;
    });
    expect(
      await work.then(
        () => "resolved",
        (thrown: unknown) => [thrown],
      ),
    ).toEqual([error]);
    const { organizations } = subject.storage.read;
    expect(await organizations.get(inserted.id)).toBeUndefined();
    deepStrictEqual(await organizations.get(kept.id), kept);
    deepStrictEqual(await organizations.get(deleted.id), deleted);
  });

  it("passes on the error that the work makes of a record's error", async () => {
    const organization = await addOrganization(subject.storage);
    const own = new Error("own");
    const work = subject.storage.write(async (records) => {
      await records.organizations.insert(organization).catch(() => {
        throw own;
      });
    });
    await expect(work).rejects.toBe(own);
  });

  it("takes the next write after a failed one", async () => {
    const failing = () => subject.storage.write(() => Promise.reject(new Error("own")));
    for (let i = 0; i < 20; i++) await expect(failing()).rejects.toThrow("own");
    const organization = await addOrganization(subject.storage);
    deepStrictEqual(await subject.other.read.organizations.get(organization.id), organization);
  });
}

function isolation(subject: Subject): void {
  it("reads the old state, at once, while a transaction is open", async () => {
    const { storage, other } = subject;
    const organization = await addOrganization(storage);
    const added = newOrganization();
    const changed = { ...organization, name: "changed" };
    await storage.write(async (records) => {
      await records.organizations.lock(organization.id);
      await records.organizations.update(changed);
      await records.organizations.insert(added);
      // A read that waited for the transaction would wait for ever here.
      for (const reader of [storage.read, other.read]) {
        deepStrictEqual(await reader.organizations.get(organization.id), organization);
        expect(await reader.organizations.get(added.id)).toBeUndefined();
      }
      await storage.ping();
    });
    deepStrictEqual(await other.read.organizations.get(organization.id), changed);
    deepStrictEqual(await other.read.organizations.get(added.id), added);
  });

  it("shows a transaction its own writes", async () => {
    const organization = newOrganization();
    await subject.storage.write(async (records) => {
      await records.organizations.insert(organization);
      deepStrictEqual(await records.organizations.get(organization.id), organization);
      await records.organizations.delete(organization.id);
      expect(await records.organizations.get(organization.id)).toBeUndefined();
    });
  });

  it("shows either all of a transaction or nothing", async () => {
    const { storage, other } = subject;
    const accountsOf = (id: string) => other.read.accounts.get(id);
    const pair = newOrganization();
    const account = { ...pair, email: "", avatarUrl: "", organizationId: pair.id, name: "" };
    const { inviteDomains: _, ...record } = account;
    let writing = true;
    const work = storage
      .write(async (records) => {
        await records.organizations.insert(pair);
        await turns(3);
        await records.accounts.insert(record);
      })
      .finally(() => {
        writing = false;
      });
    // The first row is read first: whoever sees it sees the second one too.
    while (writing) {
      const first = await other.read.organizations.get(pair.id);
      const second = await accountsOf(pair.id);
      if (first) deepStrictEqual(second, record);
      await turns(1);
    }
    await work;
    deepStrictEqual(await accountsOf(pair.id), record);
  });
}

function misuse(subject: Subject): void {
  it("refuses a write inside a write, of which nothing remains", async () => {
    const { storage } = subject;
    const [outer, inner] = [newOrganization(), newOrganization()];
    const work = storage.write(async (records) => {
      await records.organizations.insert(outer);
      await storage.write((nested) => nested.organizations.insert(inner));
    });
    await expect(work).rejects.toThrow("write inside a write");
    expect(await storage.read.organizations.get(outer.id)).toBeUndefined();
    expect(await storage.read.organizations.get(inner.id)).toBeUndefined();
  });

  it("takes a write that a write started and that runs after it", async () => {
    const { storage } = subject;
    const ended = gate();
    const later = newOrganization();
    const started = await storage.write(async () => ({
      work: ended.opened.then(() => addOrganization(storage, later)),
    }));
    ended.open();
    await started.work;
    deepStrictEqual(await storage.read.organizations.get(later.id), later);
  });

  it("refuses the records of a transaction that has ended", async () => {
    const { storage } = subject;
    const leaked: Records[] = [];
    await storage.write(async (records) => {
      leaked.push(records);
    });
    const failed = storage.write(async (records) => {
      leaked.push(records);
      throw new Error("own");
    });
    await expect(failed).rejects.toThrow("own");
    for (const records of leaked) {
      const late = newOrganization();
      await expect(records.organizations.insert(late)).rejects.toThrow();
      await expect(records.organizations.get(late.id)).rejects.toThrow();
      expect(await storage.read.organizations.get(late.id)).toBeUndefined();
    }
  });
}

function deadlocks(subject: Subject): void {
  const append = (records: Records, organization: OrganizationRecord | undefined, text: string) =>
    organization
      ? records.organizations.update({ ...organization, name: organization.name + text })
      : Promise.reject(new Error("the row is gone"));

  it("runs the loser of a deadlock again, so that both works are done", async () => {
    const { storage, other, engine } = subject;
    const a = await addOrganization(storage, { name: "" });
    const b = await addOrganization(storage, { name: "" });
    const holdsA = gate();
    const holdsB = gate();
    let runs = 0;
    const both = async (through: Storage, text: string, [first, second]: string[], mine = gate(), theirs = gate()) => {
      await through.write(async (records) => {
        runs++;
        await append(records, await records.organizations.lock(first ?? ""), text);
        mine.open();
        // Where one transaction writes at a time, nobody can hold the other row meanwhile.
        if (engine === "postgres") await theirs.opened;
        await append(records, await records.organizations.lock(second ?? ""), text);
      });
    };
    await Promise.all([
      both(storage, "x", [a.id, b.id], holdsA, holdsB),
      both(other, "y", [b.id, a.id], holdsB, holdsA),
    ]);
    const names = [await storage.read.organizations.get(a.id), await storage.read.organizations.get(b.id)];
    // One of them ran after the other one, as a whole.
    expect(["xy", "yx"]).toContain(names[0]?.name);
    expect(names[1]?.name).toBe(names[0]?.name);
    expect(runs).toBeGreaterThanOrEqual(engine === "postgres" ? 3 : 2);
  });
}
