import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records } from "../../../src/storage/storage.ts";
import { newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { insertScimConfiguration } from "./scim-configurations.ts";
import { insertUser } from "./users.ts";

/** Notes that a configuration of the organization kept somebody. */
export async function putScimFormerUser(records: Records, organizationId: string): Promise<void> {
  const { id: scimConfigurationId } = await insertScimConfiguration(records, organizationId);
  const { accountId } = await insertUser(records, organizationId);
  const former = { scimConfigurationId, userNameFolded: "ada", externalId: "x", accountId, endedAt: 1 };
  await records.scimFormerUsers.put(former);
}

/** What the store of former users promises. */
export function scimFormerUsers(subject: Subject): void {
  it("remembers whom a configuration kept, by userName and by externalId, the latest first", async () => {
    const { storage } = subject;
    const { former, accountId } = await storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      const configuration = await insertScimConfiguration(records, organization.id);
      const { accountId } = await insertUser(records, organization.id);
      const former = { scimConfigurationId: configuration.id, accountId, externalId: "one" };
      await records.scimFormerUsers.put({ ...former, userNameFolded: "a", endedAt: 1 });
      await records.scimFormerUsers.put({ ...former, userNameFolded: "b", endedAt: 2 });
      return { former, accountId };
    });
    const { scimFormerUsers } = storage.read;
    const find = async (name: string, externalId?: string) =>
      (await scimFormerUsers.find(former.scimConfigurationId, name, externalId)).map((one) => one.userNameFolded);
    expect(await find("a")).toEqual(["a"]);
    expect(await find("c", "one")).toEqual(["b", "a"]);
    expect(await find("c", "ONE")).toEqual([]);
    expect(await scimFormerUsers.find(newId(), "a", "one")).toEqual([]);
    const replaced = { ...former, userNameFolded: "a", externalId: undefined, endedAt: 3 };
    await storage.write((records) => records.scimFormerUsers.put(replaced));
    expect(await scimFormerUsers.find(former.scimConfigurationId, "a", undefined)).toEqual([
      { ...replaced, accountId },
    ]);
  });
}
