/**
 * Makes `dist`, which is what the npm package and the image contain, or the folder that is named: the modules that others import,
 * compiled one by one with their declarations, and the command, bundled.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** What package.json names as the command. `require`, because it spares Node.js what only `import` of its own modules needs. */
const COMMAND = `#!/usr/bin/env node
import { createRequire } from "node:module";
createRequire(import.meta.url)("../../command/main.cjs");
`;

rmSync(out, { recursive: true, force: true });
// The bundler does not look at types.
compile("--project", "tsconfig.build.json", "--noEmit");
compile("--project", "tsconfig.library.json", "--outDir", out);
renameInDeclarations();

await bundleCommand(join(root, "src", "cli", "main.ts"), join(out, "command"));
const command = join(out, "src", "cli", "main.js");
mkdirSync(dirname(command), { recursive: true });
writeFileSync(command, COMMAND);
chmodSync(command, 0o755);
process.stdout.write(`built ${out}\n`);
