import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { StorageLocation } from "../../../src/storage/open.ts";

/** Another process that uses the same database. */
export interface Child {
  /** Lets it go on from where it said `ready`. */
  go(): void;
  /** Ends it at once, as a crash would. */
  kill(): void;
  /** Resolves when it has ended, with its exit code (null when it was killed) and what it wrote to standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
}

/** Starts one of the programs of this folder with Node.js; `onLine` gets each line that it prints. */
export function startChild(program: string, location: StorageLocation, onLine: (line: string) => void): Child {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [file, JSON.stringify(location)], { stdio: "pipe" });
  createInterface({ input: child.stdout }).on("line", onLine);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return {
    go: () => child.stdin.write("go\n"),
    kill: () => child.kill("SIGKILL"),
    ended: ending(child).then((code) => ({ code, errors })),
  };
}

/** Not before everything that it printed has been read. */
async function ending(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}
