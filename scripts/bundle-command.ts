// Bundles the command, because a server of more than a thousand modules starts three times as slowly as one of a few.
import { appendFileSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { build, type Rolldown } from "vite";
import { root } from "./buf.ts";

/** In the folder of the bundle: the licenses of everybody whose code is in it. */
const LICENSES = "THIRD-PARTY-LICENSES.md";

/**
 * Bundles a module with all that it imports, for Node.js. What it imports with `import()` is in files of its own, loaded when it
 * is asked for. Nothing is renamed or put in one line, so that stack traces can be read.
 */
export async function bundleCommand(entry: string, folder: string): Promise<void> {
  const { output } = (await build({
    root,
    configFile: false,
    logLevel: "warn",
    // It has a part that is no JavaScript.
    ssr: { noExternal: true, external: ["better-sqlite3"] },
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: true,
      target: "node24",
      minify: false,
      license: { fileName: LICENSES },
      rolldownOptions: {
        output: {
          // Importing a module of Node.js as an ECMAScript module evaluates all of its properties, some of which load a lot.
          format: "cjs",
          entryFileNames: "[name].cjs",
          chunkFileNames: "[name].cjs",
          comments: { legal: false, jsdoc: false, annotation: false },
        },
      },
    },
  })) as Rolldown.RolldownOutput;
  const modules = output.flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
  appendFileSync(join(folder, LICENSES), `\n## Notices in the files\n\n${notices(modules).join("\n\n")}\n`);
}

/** The comments with a copyright at the beginning of the modules of others, each once: some packages have no other notice. */
function notices(modules: readonly string[]): string[] {
  const found = modules
    .filter((path) => isAbsolute(path) && /[\\/]node_modules[\\/]/.test(path))
    .map((path) => /^(?:\/\/.*\n)+|^\/\*[\s\S]*?\*\//.exec(readFileSync(path, "utf8"))?.[0] ?? "")
    .filter((comment) => /copyright/i.test(comment))
    .map((comment) => comment.replaceAll(/^(?:\/\/|\/\*+!?| \*\/?) ?/gm, "").trim());
  return [...new Set(found)].sort();
}
