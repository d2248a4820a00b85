/** Adds organizations, each with an account in the same transaction, until it is killed. Prints each id once it is committed. */
import { writeSync } from "node:fs";
import { newId } from "../../../src/lib/ids.ts";
import { openStorage } from "../../../src/storage/open.ts";
import { newAccount, newOrganization } from "../records.ts";

const storage = await openStorage(JSON.parse(process.argv[2] ?? ""));

async function writeForEver(): Promise<never> {
  for (;;) {
    const id = newId();
    await storage.write(async (records) => {
      await records.organizations.insert(newOrganization({ id }));
      await records.accounts.insert(newAccount({ id, organizationId: id }));
    });
    writeSync(1, `${id}\n`);
  }
}

await Promise.all([writeForEver(), writeForEver()]);
