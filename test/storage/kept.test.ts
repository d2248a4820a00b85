import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVERY_ORGANIZATION, type OrganizationRecord, type Storage } from "../../src/storage/storage.ts";
import { createDatabase, type TestDatabase } from "../support/storage.ts";
import { newSsoConfiguration } from "./nouns/sso-configurations.ts";
import { addOrganization } from "./records.ts";

let database: TestDatabase;
let storage: Storage;
let other: Storage;
let organization: OrganizationRecord;

beforeEach(async () => {
  database = await createDatabase("sqlite");
  storage = await database.open();
  other = await database.open();
  organization = await addOrganization(storage);
});
afterEach(() => database.drop());

const read = (by = storage) => by.read.organizations.get(organization.id);
const rename = (by: Storage, name: string) =>
  by.write((records) => records.organizations.update({ ...organization, name }));

describe("what was read on SQLite", () => {
  it("is kept as long as nothing is committed, and cannot be changed", async () => {
    const first = await read();
    await setImmediate();
    expect(await read()).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it.each(["this", "another"])(
    "is read again behind any commit of %s storage, also in the same turn",
    async (which) => {
      const first = await read();
      await addOrganization(which === "this" ? storage : other);
      const second = await read();
      expect(second).toEqual(first);
      expect(second).not.toBe(first);
      await rename(which === "this" ? storage : other, "changed");
      expect((await read())?.name).toBe("changed");
    },
  );

  it("is not given to who asks for the same id in another scope", async () => {
    const configuration = newSsoConfiguration(organization.id);
    await storage.write((records) => records.ssoConfigurations.insert(configuration));
    const stranger = await addOrganization(storage);
    for (let i = 0; i < 3; i++) {
      expect(await storage.read.ssoConfigurations.get(organization.id, configuration.id)).toEqual(configuration);
      expect(await storage.read.ssoConfigurations.get(EVERY_ORGANIZATION, configuration.id)).toEqual(configuration);
      expect(await storage.read.ssoConfigurations.get(stranger.id, configuration.id)).toBeUndefined();
      await setImmediate();
    }
  });

  it("is not kept when it was nothing", async () => {
    const unknown = "01890000-0000-7000-8000-000000000000";
    expect(await storage.read.organizations.get(unknown)).toBeUndefined();
    const { id } = await addOrganization(other);
    expect(await storage.read.organizations.get(id)).toMatchObject({ id });
  });

  it("is nothing to a transaction, which sees its own changes", async () => {
    await read();
    await storage.write(async (records) => {
      await records.organizations.update({ ...organization, name: "inside" });
      expect((await records.organizations.get(organization.id))?.name).toBe("inside");
      expect((await read())?.name).toBe(organization.name);
    });
    expect((await read())?.name).toBe("inside");
  });

  it("is never older than the last commit, whoever writes and reads in whichever order", async () => {
    const step = fc.constantFrom("write here", "write there", "read here", "read there", "turn");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        let [name, count] = [(await read())?.name, 0];
        for (const each of steps) {
          const by = each.endsWith("here") ? storage : other;
          if (each === "turn") await setImmediate();
          else if (each.startsWith("read")) expect((await read(by))?.name).toBe(name);
          else {
            name = `name ${++count}`;
            await rename(by, name);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
