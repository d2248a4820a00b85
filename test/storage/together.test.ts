import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { DuplicateError, type Storage } from "../../src/storage/storage.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";
import { insertScimConfiguration } from "./nouns/scim-configurations.ts";
import { newScimUser } from "./nouns/scim-users.ts";
import { newUser } from "./nouns/users.ts";
import { addOrganization, insertAccount } from "./records.ts";

/** More than one statement takes. */
const MANY = 40;

describe.each(ENGINES)("records that are inserted at the same time, on %s", (engine) => {
  let database: TestDatabase;
  let storage: Storage;
  beforeEach(async () => {
    database = await createDatabase(engine);
    storage = await database.open();
  });
  afterEach(() => database.drop());

  it("are members who are found by any part of their names, each one", async () => {
    const organizations = [await addOrganization(storage), await addOrganization(storage)];
    const users = await storage.write(async (records) => {
      const made = [];
      for (let n = 0; n < MANY; n++) {
        const { id: organizationId } = organizations[n % 2] ?? { id: "" };
        const { id: accountId } = await insertAccount(records, organizationId);
        const member = newUser({ organizationId, accountId });
        made.push({ ...member, name: `Name ${n}x`, email: `m${n}@example.com` });
      }
      await Promise.all(made.map((user) => records.users.insert(user)));
      return made;
    });
    for (const { id, organizationId, name, email } of users) {
      expect(await storage.read.users.get(organizationId, id)).toMatchObject({ name, email });
      for (const search of [name, email]) {
        const order = { by: "name", descending: false } as const;
        const { items } = await storage.read.users.list(organizationId, { search }, order, { limit: 5 });
        expect(items.map((item) => item.id)).toEqual([id]);
      }
    }
  });

  it("have the numbers of their order, and are counted, each with its configuration", async () => {
    const { id: organizationId } = await addOrganization(storage);
    const [users, configurationIds] = await storage.write(async (records) => {
      const ids = [
        (await insertScimConfiguration(records, organizationId)).id,
        (await insertScimConfiguration(records, organizationId)).id,
      ];
      const made = [];
      for (let n = 0; n < MANY; n++) {
        const changes = { scimConfigurationId: ids[n % 2] ?? "", externalId: `x${n}`, active: n % 4 < 2 };
        made.push(await newScimUser(records, organizationId, changes));
      }
      await Promise.all(made.map((user) => records.scimUsers.insert(user)));
      return [made, ids] as const;
    });
    for (const [at, id] of configurationIds.entries()) {
      const query = { filter: undefined, order: undefined, start: { offset: 0 }, limit: MANY } as const;
      const rows = await storage.read.scimUsers.list(id, query);
      const own = users.filter(({ scimConfigurationId }) => scimConfigurationId === id);
      expect(rows.map(({ record }) => [record.externalId, record.number])).toEqual(
        own.map(({ externalId }, index) => [externalId, index + 1]),
      );
      expect(await storage.read.scimUsers.counts(id)).toMatchObject({ users: MANY / 2, activeUsers: MANY / 4 });
      const asked = [`name ${users[at]?.id}`, "nobody", `name ${users[at + 2]?.id}`];
      const taken = Promise.all(asked.map((name) => storage.read.scimUsers.hasUserName(organizationId, name)));
      expect(await taken).toEqual([true, false, true]);
      expect(await storage.read.scimUsers.hasUserName(newId(), asked[0] ?? "")).toBe(false);
    }
  });

  it("find who was kept before by name or by external id, each its own, the latest first", async () => {
    const { id: organizationId } = await addOrganization(storage);
    const formers = await storage.write(async (records) => {
      const { id: scimConfigurationId } = await insertScimConfiguration(records, organizationId);
      const made = [];
      for (let n = 0; n < 6; n++) {
        const { id: accountId } = await insertAccount(records, organizationId);
        const externalId = n === 5 ? undefined : `x${n % 3}`;
        made.push({ scimConfigurationId, userNameFolded: `name ${n}`, externalId, accountId, endedAt: n });
      }
      for (const former of made) await records.scimFormerUsers.put(former);
      return made;
    });
    const id = formers[0]?.scimConfigurationId ?? "";
    const searches = [
      ["name 0", "x0"],
      ["name 5", undefined],
      ["nobody", "x1"],
      ["nobody", undefined],
      ["name 2", "nothing"],
    ] as const;
    const found = await Promise.all(
      searches.map(([name, other]) => storage.read.scimFormerUsers.find(id, name, other)),
    );
    expect(found.map((each) => each.map(({ endedAt }) => endedAt))).toEqual([[3, 0], [5], [4, 1], [], [2]]);
    expect(await storage.read.scimFormerUsers.find(newId(), "name 0", "x0")).toEqual([]);
  });

  it("stand in the audit log in their order", async () => {
    const { id: organizationId } = await addOrganization(storage);
    await storage.write(async (records) => {
      const entries = Array.from({ length: MANY }, (_, n) => ({
        id: newId(),
        organizationId: n % 4 === 3 ? undefined : organizationId,
        actorId: "",
        actorPrincipal: "system" as const,
        subjectId: `subject ${n}`,
        subjectType: "user" as const,
        action: "test",
        operation: "update" as const,
        requestId: "",
        before: undefined,
        after: undefined,
        createdAt: 1,
      }));
      await Promise.all(entries.map((entry) => records.auditEntries.append(entry)));
    });
    const { items } = await storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: MANY });
    const wanted = Array.from({ length: MANY }, (_, n) => n).filter((n) => n % 4 !== 3);
    expect(items.map(({ subjectId }) => subjectId)).toEqual(wanted.map((n) => `subject ${n}`));
  });

  it("are all refused when one of them is", async () => {
    const ids = Array.from({ length: 5 }, () => newId());
    const account = (id: string) => ({
      ...{ id, name: "", email: "", avatarUrl: "", organizationId: undefined, createdAt: 1, updatedAt: 1 },
    });
    const write = storage.write((records) =>
      Promise.all([...ids, ids[0] ?? ""].map((id) => records.accounts.insert(account(id)))),
    );
    await expect(write).rejects.toThrow(DuplicateError);
    for (const id of ids) expect(await storage.read.accounts.get(id)).toBeUndefined();
  });
});
