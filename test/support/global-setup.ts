import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundleCommand } from "../../scripts/bundle-command.ts";
import { startPostgres } from "./postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** URL of the run's PostgreSQL server, without a database name. */
    postgresUrl: string;
    /** The command, bundled as it is published: it starts in half the time of its source. */
    command: string;
  }
}

const root = join(import.meta.dirname, "..", "..");

/**
 * One PostgreSQL server and one bundle of the command for the whole run; every test file makes its own database in the
 * server.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Two folders below the root, where the published one is, too.
  const bundles = join(root, ".bundles");
  mkdirSync(bundles, { recursive: true });
  const bundle = mkdtempSync(join(bundles, "command-"));
  const [postgres] = await Promise.all([startPostgres(), bundleCommand(join(root, "src", "cli", "main.ts"), bundle)]);
  project.provide("postgresUrl", postgres.url);
  project.provide("command", join(bundle, "main.cjs"));
  return async () => {
    rmSync(bundle, { recursive: true, force: true });
    await postgres.stop();
  };
}
