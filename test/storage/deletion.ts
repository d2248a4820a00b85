import { expect, it } from "vitest";
import { NOUNS } from "./nouns/nouns.ts";
import { addOrganization } from "./records.ts";
import type { Subject } from "./subject.ts";
import { tablesOf } from "./tables.ts";

/** Deleting an organization takes along everything that carries its id, of every noun, and nothing else. */
export function deletion(subject: Subject): void {
  it("deletes everything of the organization and nothing of another one", async () => {
    const { storage, database } = subject;
    const deleted = await addOrganization(storage);
    const other = await addOrganization(storage);
    for (const organization of [deleted, other]) {
      for (const noun of Object.values(NOUNS)) {
        await storage.write(async (records) => void (await noun.insertInto?.(records, organization.id)));
      }
    }
    const tenants = (await tablesOf(database)).filter((table) => table.columns.includes("organization_id"));
    const countsOf = async (id: string) => {
      const counts = tenants.map(async ({ name }) => {
        const rows = await database.execute(`select count(*) as count from ${name} where organization_id = '${id}'`);
        return [name, Number(rows[0]?.count)] as const;
      });
      return Object.fromEntries(await Promise.all(counts));
    };
    const before = await countsOf(other.id);
    // Every table that carries the id is filled, or this test would show nothing of it: see `insertInto` in nouns.ts.
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
    expect(await countsOf(deleted.id)).toEqual(before);

    await storage.write((records) => records.organizations.delete(deleted.id));
    expect(await storage.read.organizations.get(deleted.id)).toBeUndefined();
    expect(await countsOf(deleted.id)).toEqual(Object.fromEntries(Object.keys(before).map((name) => [name, 0])));
    expect(await countsOf(other.id)).toEqual(before);
  });
}
