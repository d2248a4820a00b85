import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBatches, sideBySide } from "../../src/domain/batches.ts";
import { newId } from "../../src/lib/ids.ts";
import { DuplicateError, type Records, type Storage, StorageUnavailableError } from "../../src/storage/storage.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";

describe.each(ENGINES)("work that shares a transaction, on %s", (engine) => {
  let database: TestDatabase;
  let storage: Storage;
  let writes: number;
  let batches: ReturnType<typeof createBatches<(records: Records) => Promise<string>, string>>;

  beforeEach(async () => {
    database = await createDatabase(engine);
    storage = await database.open();
    writes = 0;
    const write: Storage["write"] = (work) => {
      writes++;
      return storage.write(work);
    };
    batches = createBatches({ ...storage, write }, sideBySide<string>);
  });
  afterEach(() => database.drop());

  const account = (name: string, id = newId()) => ({
    id,
    name,
    email: "",
    avatarUrl: "",
    organizationId: undefined,
    createdAt: 1,
    updatedAt: 1,
  });
  const insert = (name: string, id?: string) => async (records: Records) => {
    const record = account(name, id);
    await records.accounts.insert(record);
    return record.id;
  };
  const names = async (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await storage.read.accounts.get(id))?.name));

  it("is done in few transactions, and each gets its own answer", async () => {
    const wanted = Array.from({ length: 40 }, (_, n) => `account ${n}`);
    const ids = await Promise.all(wanted.map((name) => batches.add("key", insert(name))));
    expect(await names(ids)).toEqual(wanted);
    // The first one waits for nobody; the others come as they fit.
    expect(writes).toBe(4);
  });

  it("does not wait for work of another key, nor for the next when it is over", async () => {
    const ids = await Promise.all(["a", "b", "c"].map((key) => batches.add(key, insert(key))));
    ids.push(await batches.add("a", insert("later")));
    expect(await names(ids)).toEqual(["a", "b", "c", "later"]);
    expect(writes).toBe(4);
  });

  it("fails alone: the others are done, and nothing remains of what failed", async () => {
    const twice = newId();
    const failing = newId();
    const runs = [
      batches.add("key", insert("first", twice)),
      batches.add("key", insert("second")),
      batches.add("key", insert("third")),
      batches.add("key", insert("twice", twice)),
      batches.add("key", async (records) => {
        await insert("half", failing)(records);
        throw new Error("refused");
      }),
      batches.add("key", insert("last")),
    ];
    const outcomes = await Promise.allSettled(runs);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected", "fulfilled"],
    ]);
    expect(outcomes[3]).toMatchObject({ reason: expect.any(DuplicateError) });
    expect(outcomes[4]).toMatchObject({ reason: new Error("refused") });
    expect(await storage.read.accounts.get(failing)).toBeUndefined();
    const done = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value as string] : []));
    expect(await names(done)).toEqual(["first", "second", "third", "last"]);
  });

  it("is not done a second time when the database is gone: it may have been committed", async () => {
    const gone = new StorageUnavailableError("gone");
    const lost = createBatches(
      {
        ...storage,
        write: async (work) => {
          writes++;
          await storage.write(work);
          throw gone;
        },
      },
      sideBySide<string>,
    );
    const outcomes = await Promise.allSettled(["a", "b", "c"].map((name) => lost.add("key", insert(name))));
    expect(outcomes).toEqual(Array(3).fill({ status: "rejected", reason: gone }));
    expect(writes).toBe(2);
  });
});
