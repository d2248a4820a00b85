import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { createInterface } from "node:readline";

/** A server under measurement, in a process of its own on one processor. */
export interface ServerProcess {
  readonly port: number;
  /** What the server printed as its first line: JSON with at least a port. */
  readonly hello: Readonly<Record<string, unknown>>;
  /** Processor seconds that it used so far. */
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
  if (canPin) execFileSync("taskset", ["-a", "-c", "-p", LOAD_CPU, String(process.pid)], { stdio: "ignore" });
  return canPin;
}

/** Starts a script that prints `{"port": …}` as its first line, on the server's processor. */
export async function startProcess(script: string, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const command = canPin ? ["taskset", "-c", SERVER_CPU, process.execPath] : [process.execPath];
  const child = spawn(command[0] as string, [...command.slice(1), script], {
    env: { ...process.env, NODE_ENV: "production", ...env },
    // The log is written, as in production, but nobody reads it.
    stdio: ["ignore", "pipe", openSync(devNull, "w")],
  });
  const hello = await firstLine(child);
  return {
    port: Number(hello.port),
    hello,
    cpuSeconds: () => cpuSeconds(child.pid as number),
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

/** User and system time of a process, from the kernel's accounting (proc(5), fields 14 and 15, 100 ticks a second). */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}
