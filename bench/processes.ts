/**
 * What a process of the built package costs before anybody calls it: the time until it answers, beside `node -e 0`, and the
 * memory that it holds when it has nothing to do. Build first: `npm run build`.
 *
 *   node bench/processes.ts [--rounds 9] [--idle 10]
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { median } from "./support/median.ts";
import { residentBytes } from "./support/server-process.ts";

const START_LIMIT = 12;
const IDLE_LIMIT_MB = 160;

const { values: flags } = parseArgs({
  options: { rounds: { type: "string", default: "9" }, idle: { type: "string", default: "10" } },
});
const rounds = Number(flags.rounds);
const main = join(import.meta.dirname, "..", "dist", "src", "cli", "main.js");
if (!existsSync(main)) {
  console.error("there is no dist/: run `npm run build` first");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));

/** Milliseconds of a process that does nothing. */
function emptyProcess(): number {
  const start = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return performance.now() - start;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the server on the folder, and stops it. @returns milliseconds until it answered, and bytes after `idleMs`. */
async function serve(dataDir: string, idleMs: number): Promise<{ startedMs: number; bytes: number }> {
  const port = await freePort();
  const start = performance.now();
  const child = spawn(process.execPath, [main, "serve"], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port), HOST: "127.0.0.1" },
    stdio: "ignore",
  });
  try {
    while (!(await answers(port))) await sleep(2);
    const startedMs = performance.now() - start;
    await sleep(idleMs);
    return { startedMs, bytes: residentBytes(child.pid as number) };
  } finally {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
}

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

try {
  const data = join(folder, "data");
  const first = await serve(data, 0);
  const empty: number[] = [];
  const started: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(emptyProcess());
    started.push((await serve(data, 0)).startedMs);
  }
  const ratio = median(started) / median(empty);
  const { bytes } = await serve(data, Number(flags.idle) * 1000);
  const megabytes = bytes / 1024 ** 2;
  console.log(`node -e 0                 ${median(empty).toFixed(0)} ms`);
  console.log(`first start, empty store  ${first.startedMs.toFixed(0)} ms`);
  console.log(`start until /readyz       ${median(started).toFixed(0)} ms, ${ratio.toFixed(1)} times as long`);
  console.log(`idle after ${flags.idle} s           ${megabytes.toFixed(0)} MB`);
  if (ratio > START_LIMIT || megabytes > IDLE_LIMIT_MB) {
    console.error(`above the limit of ${START_LIMIT} times or ${IDLE_LIMIT_MB} MB`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
