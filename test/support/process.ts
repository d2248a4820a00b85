import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { inject } from "vitest";

/** Compiled modules, kept from one process to the next: most of what a short command does is to load. */
const COMPILE_CACHE = join(tmpdir(), "organization-service-compile-cache");

type Env = Readonly<Record<string, string | undefined>>;

/** What a command left behind. */
export interface Finished {
  /** The exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A test that fails half-way must not leave a server behind. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** The command as a child process, with an environment of nothing but what is given. */
export class Command {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly #finished: Promise<number | null>;

  /**
   * @param options `input` is all that it reads; with `terminal` more can be typed: see {@link type}. `main` is another file
   * than that of the run's bundle.
   */
  constructor(
    args: readonly string[],
    env: Env,
    options: { cwd?: string; input?: string; terminal?: boolean; main?: string } = {},
  ) {
    const { cwd, input, terminal = false, main = inject("command") } = options;
    this.child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env } as NodeJS.ProcessEnv,
      stdio: [input === undefined && !terminal ? "ignore" : "pipe", "pipe", "pipe"],
      ...(cwd !== undefined && { cwd }),
    });
    running.add(this.child);
    if (!terminal) this.child.stdin?.end(input);
    this.child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.#finished = once(this.child, "close").then(([code]) => {
      running.delete(this.child);
      return code;
    });
  }

  /** Types a line. */
  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Waits for its end. */
  async finished(): Promise<Finished> {
    const code = await this.#finished;
    return { code, stdout: this.stdout, stderr: this.stderr };
  }

  /** Waits until standard error holds the pattern; throws when the process ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#holds("stderr", pattern);
  }

  /** Waits until standard output holds the pattern; throws when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#holds("stdout", pattern);
  }

  async #holds(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray> {
    const ended = this.#finished.then(() => "ended" as const);
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match) return match;
      const more = once(this.child[stream] as Readable, "data");
      if ((await Promise.race([ended, more])) === "ended" && !pattern.test(this[stream])) {
        throw new Error(`the process ended without ${pattern}: ${this.stderr}`);
      }
    }
  }

  /** Waits until it serves, and returns the URL under which it is reached. */
  async url(): Promise<string> {
    return (await this.said(/^organization-service listens on (\S+)$/m))[1] as string;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Finished> {
    this.child.kill(signal);
    return this.finished();
  }
}

/** Runs a command to its end. */
export function run(
  args: readonly string[],
  env: Env,
  options: { cwd?: string; input?: string; main?: string } = {},
): Promise<Finished> {
  return new Command(args, env, options).finished();
}

/** Temporary folders and processes of a test file. */
export class Workshop {
  readonly #folders: string[] = [];
  readonly #commands: Command[] = [];

  /** An empty folder. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), "organization-service-"));
    this.#folders.push(folder);
    return folder;
  }

  /** Starts the server on a free port. */
  serve(env: Env, options: { args?: readonly string[]; cwd?: string; main?: string } = {}): Command {
    const command = new Command(["serve", ...(options.args ?? [])], { PORT: "0", ...env }, options);
    this.#commands.push(command);
    return command;
  }

  /** Ends whatever still runs and removes the folders. */
  async close(): Promise<void> {
    const running = this.#commands.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    await Promise.all(running.map((command) => command.stop("SIGKILL")));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}
