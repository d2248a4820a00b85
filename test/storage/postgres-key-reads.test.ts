import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { type OrganizationRecord, type Storage, StorageUnavailableError } from "../../src/storage/storage.ts";
import { createDatabase, type TestDatabase } from "../support/storage.ts";
import { addOrganization } from "./records.ts";

const OURS = "application_name = 'organization-service' and datname = current_database()";

describe("reads by key on PostgreSQL", () => {
  let database: TestDatabase;
  let storage: Storage;
  let organizations: OrganizationRecord[];

  beforeAll(async () => {
    database = await createDatabase("postgres");
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    storage = await database.open();
    organizations = [];
    for (let i = 0; i < 20; i++) organizations.push(await addOrganization(storage));
  });
  afterEach(() => storage.close());

  const read = (id: string) => storage.read.organizations.get(id);
  const connections = async () =>
    Number((await database.execute(`select count(*) as n from pg_stat_activity where ${OURS}`))[0]?.n);

  it("are answered each with its own row, or none, on one connection", async () => {
    const before = await connections();
    const asked = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? newId() : (organizations[i % 20]?.id ?? "")));
    const answers = await Promise.all(asked.map(read));
    expect(answers.map((answer) => answer?.id)).toEqual(asked.map((id, i) => (i % 3 === 0 ? undefined : id)));
    // None but one, if it was not there before.
    expect(await connections()).toBeLessThanOrEqual(before + 1);
  });

  it("see what was committed before they were asked", async () => {
    const [first] = organizations as [OrganizationRecord];
    for (let i = 0; i < 20; i++) {
      const crowd = organizations.map(({ id }) => read(id));
      await storage.write((records) => records.organizations.update({ ...first, name: `name ${i}` }));
      expect((await read(first.id))?.name).toBe(`name ${i}`);
      await Promise.all(crowd);
    }
  });

  it("fail together with their connection, and go on with another one", async () => {
    const [first] = organizations as [OrganizationRecord];
    let failures = 0;
    for (let i = 0; i < 10; i++) {
      const crowd = Array.from({ length: 50 }, () => read(first.id));
      if (i === 2) await database.execute(`select pg_terminate_backend(pid) from pg_stat_activity where ${OURS}`);
      for (const outcome of await Promise.allSettled(crowd)) {
        if (outcome.status === "fulfilled") expect(outcome.value?.id).toBe(first.id);
        else {
          failures++;
          expect(outcome.reason).toBeInstanceOf(StorageUnavailableError);
        }
      }
    }
    // What was on its way to one connection, and what met one that nobody had noticed yet.
    expect(failures).toBeLessThanOrEqual(150);
    expect((await read(first.id))?.id).toBe(first.id);
  });
});
