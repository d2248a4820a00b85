/** Opens the database when it is told to, adds an organization and closes it. Prints `ready`, and then the new id. */
import { once } from "node:events";
import { openStorage } from "../../../src/storage/open.ts";
import { addOrganization } from "../records.ts";

const location = JSON.parse(process.argv[2] ?? "");
process.stdout.write("ready\n");
await once(process.stdin, "data");
process.stdin.destroy();
const storage = await openStorage(location);
const { id } = await addOrganization(storage);
await storage.close();
process.stdout.write(`${id}\n`);
