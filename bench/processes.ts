/**
 * What a process of the built package costs before anybody calls it: the time until it answers, beside `node -e 0`, and the
 * memory that it holds when it has nothing to do. It is started with what the start before has left of compiled code, which is
 * how it starts everywhere but on a new machine, and without. Build first: `npm run build`.
 *
 *   node bench/processes.ts [--rounds 9] [--idle 10]
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { readArguments } from "./support/arguments.ts";
import { median } from "./support/median.ts";
import { residentBytes } from "./support/server-process.ts";

const START_LIMIT = 12;
const IDLE_LIMIT_MB = 160;

const { rounds, idle } = readArguments(import.meta.filename, { rounds: 9, idle: 10 }).flags;
const main = join(import.meta.dirname, "..", "dist", "src", "cli", "main.js");
if (!existsSync(main)) {
  console.error("there is no dist/: run `npm run build` first");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));

/** Where compiled code is kept, and the setting that keeps none. */
const WARM = { XDG_CACHE_HOME: join(folder, "cache") };
const COLD = { NODE_DISABLE_COMPILE_CACHE: "1" };

/** Milliseconds of a process that does nothing. */
function emptyProcess(): number {
  const start = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return performance.now() - start;
}

interface Start {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds to wait, once it has started. */
  readonly idleMs?: number;
}

/** Starts the server on the folder, and stops it. @returns milliseconds until it answered, and bytes after `idleMs`. */
async function serve({ dataDir, env, idleMs = 0 }: Start): Promise<{ startedMs: number; bytes: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [main, "serve"], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: "0", HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const answer = await fetch(`${await announced(child.stderr)}/readyz`);
    if (!answer.ok) throw new Error(`/readyz: ${answer.status}`);
    const startedMs = performance.now() - start;
    await sleep(idleMs);
    return { startedMs, bytes: residentBytes(child.pid as number) };
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

/** The URL that the server says it listens on. Asking until there is an answer would take from the time that is measured. */
async function announced(lines: Readable): Promise<string> {
  let said = "";
  for await (const chunk of lines.iterator({ destroyOnReturn: false })) {
    said += chunk;
    const url = /^organization-service listens on (\S+)$/m.exec(said)?.[1];
    if (url !== undefined) {
      lines.resume();
      return url.replace("localhost", "127.0.0.1");
    }
  }
  throw new Error(`the server ended: ${said}`);
}

try {
  const dataDir = join(folder, "data");
  const first = await serve({ dataDir, env: WARM });
  // Keeps what is compiled behind a start, too.
  await serve({ dataDir, env: WARM, idleMs: 2000 });
  const empty: number[] = [];
  const warm: number[] = [];
  const cold: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(emptyProcess());
    warm.push((await serve({ dataDir, env: WARM })).startedMs);
    cold.push((await serve({ dataDir, env: COLD })).startedMs);
  }
  const ratio = (times: number[]) => median(times) / median(empty);
  const show = (times: number[]) => `${median(times).toFixed(0)} ms, ${ratio(times).toFixed(1)} times as long`;
  const { bytes } = await serve({ dataDir, env: WARM, idleMs: idle * 1000 });
  const megabytes = bytes / 1024 ** 2;
  console.log(`node -e 0                 ${median(empty).toFixed(0)} ms`);
  console.log(`first start, empty store  ${first.startedMs.toFixed(0)} ms`);
  console.log(`start until /readyz       ${show(warm)}`);
  console.log(`  without compiled code   ${show(cold)}`);
  console.log(`idle after ${idle} s           ${megabytes.toFixed(0)} MB`);
  if (Math.max(ratio(warm), ratio(cold)) > START_LIMIT || megabytes > IDLE_LIMIT_MB) {
    console.error(`above the limit of ${START_LIMIT} times or ${IDLE_LIMIT_MB} MB`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
