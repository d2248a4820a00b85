// Bundles a module as a frontend would, and weighs the result.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { root } from "./buf.ts";

/** A bundle: its code, its size in bytes, as it is and as servers send it, and the files whose code is in it. */
export interface Bundle {
  readonly code: string;
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
  readonly modules: readonly string[];
}

/** Bundles and minifies for current browsers. Throws when the module needs anything of Node.js. */
export async function bundle(entry: string): Promise<Bundle> {
  const output = (await build({
    root,
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      modulePreload: false,
      target: "es2022",
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: "strict",
        output: { codeSplitting: false },
      },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = output.output.filter((file) => file.type === "chunk");
  const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
  // Vite puts an empty module of such a name in the place of one of Node.js.
  const ofNode = modules.filter((path) => path.includes("__vite-browser-external"));
  if (ofNode.length > 0) throw new Error(`${entry} needs Node.js: ${ofNode.join(", ")}`);
  const code = chunks.map((chunk) => chunk.code).join("");
  const bytes = Buffer.from(code);
  return {
    code,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
    modules,
  };
}
