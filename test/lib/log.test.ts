import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

/** Logs in a process of its own, which ends at once, or after so many milliseconds; what it has written until then. */
async function logged(statements: string, waitMs = 0): Promise<{ msg: string }[]> {
  const log = join(import.meta.dirname, "..", "..", "src", "lib", "log.ts");
  const script = `import { createLog } from ${JSON.stringify(log)};
    const log = createLog("info");
    ${statements}
    ${waitMs > 0 ? `setTimeout(() => process.kill(process.pid, "SIGKILL"), ${waitMs});` : ""}`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const { stderr } = await (waitMs > 0 ? run.catch((error) => error as { stderr: string }) : run);
  return stderr
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

describe("log lines", () => {
  it("are all written, in their order, when the process ends", async () => {
    const lines = await logged(`
      for (let i = 0; i < 2_000; i++) log.info(\`\${i} é€😀 \${"x".repeat(i % 300)}\`);
    `);
    expect(lines.map(({ msg }) => msg)).toEqual(
      Array.from({ length: 2_000 }, (_, i) => `${i} é€😀 ${"x".repeat(i % 300)}`),
    );
  });

  it("keep their order around one that is longer than a batch", async () => {
    const lines = await logged(`
      for (const text of ["a", "b", "€".repeat(100_000), "c", "d"]) log.info(text);
    `);
    expect(lines.map(({ msg }) => msg)).toEqual(["a", "b", "€".repeat(100_000), "c", "d"]);
  });

  it("are written soon after they came, not only at the end", async () => {
    const lines = await logged(`for (const text of ["a", "b", "c"]) log.info(text);`, 2_000);
    expect(lines.map(({ msg }) => msg)).toEqual(["a", "b", "c"]);
  });
});
