/**
 * Makes `dist`, which is what the npm package and the image contain, or the folder that is named: the modules that others import,
 * compiled one by one with their declarations, and the command, bundled.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCommand } from "./bundle-command.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(process.argv[2] ?? join(root, "dist"));

function compile(...options: string[]): void {
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const { status } = spawnSync(tsc, options, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** The compiler leaves `.ts` in declarations, which older compilers do not look up beside a `.d.ts`. */
function renameInDeclarations(): void {
  for (const path of readdirSync(out, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".d.ts")) continue;
    const text = readFileSync(join(out, path), "utf8");
    writeFileSync(join(out, path), text.replace(/((?:from|import)\s*\(?\s*"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'));
  }
}

rmSync(out, { recursive: true, force: true });
// The bundler does not look at types.
compile("--project", "tsconfig.build.json", "--noEmit");
compile("--project", "tsconfig.library.json", "--outDir", out);
renameInDeclarations();

await bundleCommand(join(root, "src", "cli", "main.ts"), join(out, "command"));
// What package.json names as the command is no ECMAScript module: it would have Node.js load what only those need.
const cli = join(out, "src", "cli");
mkdirSync(cli, { recursive: true });
writeFileSync(join(cli, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
writeFileSync(join(cli, "main.js"), '#!/usr/bin/env node\nrequire("../../command/main.cjs");\n', { mode: 0o755 });
process.stdout.write(`built ${out}\n`);
