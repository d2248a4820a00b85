// Writes the pages that are made from source: `docs/configuration.md` from the table of settings. Run it with
// `npm run docs`; a test fails when a page is not what the source says.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationPage } from "../src/docs/configuration.ts";
import { root } from "./buf.ts";

writeFileSync(join(root, "docs", "configuration.md"), configurationPage());
process.stdout.write("wrote docs/configuration.md\n");
