import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { createInterface } from "node:readline";

/** A server under measurement, in a process of its own on one processor. */
export interface ServerProcess {
  readonly port: number;
  /** What the server printed as its first line: JSON with at least a port. */
  readonly hello: Readonly<Record<string, unknown>>;
  readonly pid: number;
  /** Processor seconds that it and its children used so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

const SERVER_CPU = "0";
const LOAD_CPU = "1";

/** Whether processes can be pinned; without it, server and load share all processors. */
const canPin = (() => {
  try {
    execFileSync("taskset", ["-c", SERVER_CPU, "true"]);
    return true;
  } catch {
    return false;
  }
})();

/** Moves this process, which makes the load, away from the server's processor. Says whether that worked. */
export function pinLoad(): boolean {
  return pin(process.pid, LOAD_CPU);
}

/** Moves a process and its children, which were not started by {@link startProcess}, to the server's processor. */
export function pinServer(pid: number): boolean {
  return treeOf(pid).every((each) => pin(each, SERVER_CPU));
}

function pin(pid: number, cpu: string): boolean {
  if (!canPin) return false;
  const once = () => spawnSync("taskset", ["-a", "-c", "-p", cpu, String(pid)], { stdio: "ignore" }).status === 0;
  // It fails when a thread ends while it goes through them.
  return once() || once() || once();
}

/** How a server is started. */
export interface StartOptions {
  /** Flags of Node.js. */
  readonly flags?: readonly string[];
}

/** Starts a script that prints `{"port": …}` as its first line. */
export async function startProcess(
  script: string,
  env: Readonly<Record<string, string>> = {},
  { flags = [] }: StartOptions = {},
): Promise<ServerProcess> {
  const node = [process.execPath, ...flags, script];
  const command = canPin ? ["taskset", "-c", SERVER_CPU, ...node] : node;
  const child = spawn(command[0] as string, command.slice(1), {
    env: { ...process.env, NODE_ENV: "production", ...env },
    // The log is written, as in production, but nobody reads it.
    stdio: ["ignore", "pipe", openSync(devNull, "w")],
  });
  const hello = await firstLine(child);
  return {
    port: Number(hello.port),
    hello,
    pid: child.pid as number,
    cpuSeconds: () => cpuSecondsOfTree(child.pid as number),
    stop: () =>
      new Promise((resolve) => {
        child.on("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server stopped with code ${code} before it listened`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once("line", (line) => resolve(JSON.parse(line)));
  });
}

/** Processor seconds that a process and its children used so far; NaN where that cannot be told. */
export function cpuSecondsOfTree(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + cpuSeconds(each), 0);
}

/** A process and its children, which are threads' children in proc(5). */
function treeOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => treeOf(Number(child))))];
  } catch {
    return [pid];
  }
}

/** Memory of a process that is in use now, in bytes (proc(5), VmRSS); NaN where that cannot be told. */
export function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}

/** User and system time of a process, from the kernel's accounting (proc(5), fields 14 and 15, 100 ticks a second). */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}
