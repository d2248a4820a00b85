import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../support/process.ts";

let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "organization-service-home-"));
  folder = join(home, "organization-service/compiled");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function start(env: Record<string, string> = {}): Promise<void> {
  const finished = await run(["--version"], { XDG_CACHE_HOME: home, NODE_COMPILE_CACHE: undefined, ...env });
  expect(finished).toMatchObject({ code: 0, stderr: "" });
}

describe("compiled code", () => {
  it("is kept in a folder of the user alone", async () => {
    await start();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThan(3);
  });

  it("is in the home folder when nothing else is said", async () => {
    await start({ XDG_CACHE_HOME: "", HOME: home });
    expect(readdirSync(join(home, ".cache/organization-service/compiled"))).toHaveLength(1);
  });

  it.each(["", "organization-service", "organization-service/compiled"])(
    "is not taken from a folder that others may write to: the cache's %s",
    async (path) => {
      mkdirSync(folder, { recursive: true });
      chmodSync(join(home, path), 0o777);
      await start();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("is not kept when Node.js is told so, or told another folder", async () => {
    await start({ NODE_DISABLE_COMPILE_CACHE: "1" });
    await start({ NODE_COMPILE_CACHE: join(home, "elsewhere") });
    expect(readdirSync(home)).toEqual(["elsewhere"]);
  });

  it("is done without where nothing can be written", async () => {
    writeFileSync(join(home, "organization-service"), "");
    await start();
    expect(existsSync(folder)).toBe(false);
  });
});
