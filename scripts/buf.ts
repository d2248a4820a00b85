// Runs the buf that npm installed, with the plugins that npm installed, and never reaches for the network.
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTemporaryFolder } from "./trees.ts";

/** The root folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const bin = join(root, "node_modules", ".bin");

/** Runs buf in the root folder, with its output on ours; returns whether it succeeded. */
export function buf(...args: string[]): boolean {
  console.log(`buf ${args.join(" ")}`);
  const path = `${bin}${delimiter}${process.env.PATH ?? ""}`;
  const { status, error } = spawnSync(join(bin, "buf"), args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  if (error) throw new Error(`buf could not be started (${error.message}); run \`npm ci\` first`);
  return status === 0;
}

/** What buf generates: the server's code with every rule and option, the clients' without, and one message of buf's own. */
const templates = ["buf.gen.yaml", "buf.gen.client.yaml", "buf.gen.violations.yaml"];

/** Generates the code of the whole schema into a temporary folder, hands it to `use`, and removes it. */
export function withGenerated<T>(use: (folder: string) => T): T {
  return withTemporaryFolder((folder) => {
    for (const template of templates) {
      if (buf("generate", "--template", template, "--output", folder)) continue;
      throw new Error("buf generate failed: its message is above");
    }
    return use(join(folder, "gen"));
  });
}
