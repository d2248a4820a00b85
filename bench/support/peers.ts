import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is installed for comparisons: exact versions, and what they ask for. */
export const PEERS = {
  dependencies: {
    "@better-auth/core": "1.7.5",
    "@better-auth/scim": "1.7.5",
    "@better-auth/utils": "0.4.2",
    "@boxyhq/saml-jackson": "26.2.0",
    "better-auth": "1.7.5",
    "better-call": "1.4.0",
    "better-sqlite3": "13.2.0",
    pg: "8.23.1",
  },
  // Its binaries are in the package, so that no install script has to fetch them.
  overrides: { "better-sqlite3": "13.2.0" },
};

/** Where they are by default: they are large, and the next run uses them again. */
export const PEERS_FOLDER = join(tmpdir(), "organization-service-peers");

/** Installs them into the folder, unless they are there already. */
export function installPeers(folder: string): void {
  const manifest = `${JSON.stringify({ private: true, type: "module", ...PEERS }, undefined, 2)}\n`;
  const file = join(folder, "package.json");
  const done = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(file) && readFileSync(file, "utf8") === manifest && existsSync(done)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, manifest);
  process.stderr.write(`… installing the others into ${folder}\n`);
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}
