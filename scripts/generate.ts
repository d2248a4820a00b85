// Makes gen/ from proto/. Run it with `npm run generate` after every change of the schema, and commit what it wrote.
import { join } from "node:path";
import { buf, root, withGenerated } from "./buf.ts";
import { syncTrees } from "./trees.ts";
import { vendorProtos } from "./vendor-proto.ts";

vendorProtos();
if (!buf("build", "--output", "/dev/null")) {
  console.error("The schema does not compile: fix what buf names above. gen/ was left as it is.");
  process.exit(1);
}
const changes = withGenerated((folder) => syncTrees(folder, join(root, "gen")));
for (const { path, kind } of changes) console.log(`gen/${path}: ${kind === "left over" ? "removed" : "written"}`);
console.log(changes.length === 0 ? "gen/ was up to date." : "gen/ is up to date now: commit it with the schema.");
