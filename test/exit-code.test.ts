import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

it("a process that has used PostgreSQL ends with the code that was decided on, or failed tests would pass", async () => {
  const support = new URL("./support/postgres.ts", import.meta.url).href;
  const script = `
    const { startPostgres } = await import(${JSON.stringify(support)});
    await (await startPostgres()).stop();
    process.exitCode = 3;`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "inherit" });
  expect(await once(child, "exit")).toEqual([3, null]);
});
