/**
 * Compiles `src` and `gen` to `dist`, which is what the npm package and the image contain, or to the folder that is named.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(process.argv[2] ?? join(root, "dist"));
rmSync(out, { recursive: true, force: true });
const tsc = join(root, "node_modules", ".bin", "tsc");
const { status } = spawnSync(tsc, ["--project", "tsconfig.build.json", "--outDir", out], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);

// The compiler leaves `.ts` in declarations, which older compilers do not look up beside a `.d.ts`.
for (const path of readdirSync(out, { recursive: true, encoding: "utf8" })) {
  if (!path.endsWith(".d.ts")) continue;
  const text = readFileSync(join(out, path), "utf8");
  writeFileSync(join(out, path), text.replace(/((?:from|import)\s*\(?\s*"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'));
}
chmodSync(join(out, "src", "cli", "main.js"), 0o755);
process.stdout.write(`built ${out}\n`);
