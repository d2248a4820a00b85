import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", "bench");
const benchmarks = readdirSync(folder).filter((name) => name.endsWith(".ts"));

/** Runs a benchmark with arguments that keep it from measuring anything. */
function run(name: string, args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, name), ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe("benchmarks", () => {
  it.each(benchmarks)("%s says with --help how it is run", async (name) => {
    const { code, stdout } = await run(name, ["--help"]);
    expect({ code, usage: stdout.includes(name === "main.ts" ? "npm run bench" : `node bench/${name}`) }).toEqual({
      code: 0,
      usage: true,
    });
  });

  it.each([
    ["main.ts", ["--only", "nonsense"], /--only is nonsense: expected one of .*\bget\b.*\bpeer\b/],
    ["main.ts", ["--rounds", "many"], /--rounds is many: expected a number above 0/],
    ["main.ts", ["--flags", "--expose-gc"], /use '--flags=-XYZ'/],
    ["list-members.ts", ["oracle"], /an argument is oracle: expected one of sqlite, postgres/],
    ["workers.ts", ["--engine", "oracle"], /--engine is oracle: expected one of sqlite, postgres/],
    ["soak.ts", ["--nonsense"], /Unknown option '--nonsense'/],
  ])("%s refuses %s, and measures nothing", async (name, args, message) => {
    const { code, stdout, stderr } = await run(name, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
