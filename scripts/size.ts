// What a page has to load to call one method, compared with what we allow. Run it with `npm run size`.
import { join } from "node:path";
import { root } from "./buf.ts";
import { bundle } from "./bundle.ts";
import { BROTLI_LIMIT } from "./size/limit.ts";

const { raw, gzip, brotli } = await bundle(join(root, "scripts/size/one-method.ts"));
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

console.log("organization-service/client/web with one method:");
console.log(`  minified ${kilobytes(raw)}, gzip ${kilobytes(gzip)}, brotli ${kilobytes(brotli)}`);
if (brotli > BROTLI_LIMIT) {
  console.error(`That is more than ${kilobytes(BROTLI_LIMIT)} in brotli: find out what came in, and keep it out.`);
  process.exit(1);
}
