import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { turns } from "../gate.ts";
import type { Subject } from "../subject.ts";

/** `LockStore`. */
export function locks(subject: Subject): void {
  it("is held by one transaction at a time, of all storages", async () => {
    const name = newId();
    let holders = 0;
    const hold = (storage: Storage) =>
      storage.write(async (records) => {
        await records.locks.hold(name);
        expect(++holders).toBe(1);
        await turns(3);
        holders--;
      });
    await Promise.all(Array.from({ length: 10 }, (_, i) => hold(i % 2 ? subject.storage : subject.other)));
  });

  it("is held twice by one transaction, under any name", async () => {
    for (const name of ["", "é 😀 'quoted'", newId()]) {
      await subject.storage.write(async (records) => {
        await records.locks.hold(name);
        await records.locks.hold(name);
      });
    }
  });

  it("is free after a rollback", async () => {
    const name = newId();
    const work = subject.storage.write(async (records) => {
      await records.locks.hold(name);
      throw new Error("own");
    });
    await expect(work).rejects.toThrow("own");
    await subject.other.write((records) => records.locks.hold(name));
  });

  it("is refused outside of a transaction", async () => {
    await expect(subject.storage.read.locks.hold(newId())).rejects.toThrow("outside of a transaction");
  });
}
