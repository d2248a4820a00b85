import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

/** Installs them into the folder, unless they are there already. Several processes may do so at once. */
export function installPeers(folder: string): void {
  const manifest = `${JSON.stringify({ private: true, type: "module", ...PEERS }, undefined, 2)}\n`;
  const file = join(folder, "package.json");
  if (existsSync(file) && readFileSync(file, "utf8") === manifest) return;
  process.stderr.write(`… installing the others into ${folder}\n`);
  const fresh = `${folder}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, "package.json"), manifest);
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet], { cwd: fresh, stdio: ["ignore", "ignore", "inherit"] });
  // Whole or not at all, whoever else is at it.
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}
