import { afterAll, beforeAll } from "vitest";
import type { Storage } from "../../src/storage/storage.ts";
import { createDatabase, type EngineName, type TestDatabase } from "../support/storage.ts";

/** What a case runs against: one database, opened twice, as two replicas open it. The members exist inside tests only. */
export interface Subject {
  readonly engine: EngineName;
  readonly database: TestDatabase;
  readonly storage: Storage;
  /** Shares nothing with `storage` but the database. */
  readonly other: Storage;
  /** Stands between the cases and each storage, to see what they call. */
  readonly wrap: (storage: Storage) => Storage;
}

/** Makes an empty database for the tests of the surrounding `describe` and drops it after them. */
export function openSubject(engine: EngineName, wrap: Subject["wrap"] = (storage) => storage): Subject {
  let members: Pick<Subject, "database" | "storage" | "other">;
  beforeAll(async () => {
    const database = await createDatabase(engine);
    const storage = wrap(await database.open());
    const other = wrap(await database.open());
    members = { database, storage, other };
  });
  afterAll(() => members.database.drop());
  return {
    engine,
    wrap,
    get database() {
      return members.database;
    },
    get storage() {
      return members.storage;
    },
    get other() {
      return members.other;
    },
  };
}
