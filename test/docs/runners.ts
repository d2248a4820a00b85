/** Programs that run examples: curl, Node.js, and drivers in other languages. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Language } from "../../src/docs/examples/examples.ts";
import type { Example } from "../../src/docs/examples/scenario.ts";
import type { Ran, Runner } from "./scenario.ts";

const root = join(import.meta.dirname, "../..");

/** Runs each example in a POSIX shell; without a curl on the machine, with as much of one as the examples need. */
export function curlRunner(): Runner {
  const { status } = spawnSync("curl", ["--version"]);
  const folder = status !== 0 ? folderOfCurl() : undefined;
  return {
    language: "curl",
    run: (_example, code, env) =>
      runProgram("sh", ["-c", code], { ...env, ...(folder && { PATH: `${folder}:${process.env.PATH}` }) }),
    values: (example, stdout) => pick(example, (path) => at(JSON.parse(stdout), path)),
    async close() {
      if (folder) rmSync(folder, { recursive: true });
    },
  };
}

/** A folder with a program of the name `curl`. */
function folderOfCurl(): string {
  const folder = mkdtempSync(join(tmpdir(), "organization-service-curl-"));
  const script = join(import.meta.dirname, "curl.mjs");
  writeFileSync(join(folder, "curl"), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, { mode: 0o755 });
  return folder;
}

/** Runs each example with Node.js as a file of its own, in a folder where `organization-service` is installed. */
export function typescriptRunner(): Runner {
  const folder = mkdtempSync(join(tmpdir(), "organization-service-examples-"));
  installPackage(folder);
  writeFileSync(join(folder, "driver.mjs"), DRIVER);
  return driverRunner("typescript", folder, (name) => `${name}.ts`, process.execPath, ["driver.mjs"]);
}

/** One process for all examples: it imports the file of each, and says what that printed. */
const DRIVER = `
import { createInterface } from "node:readline";
import { inspect } from "node:util";
const answer = process.stdout.write.bind(process.stdout);
for await (const line of createInterface({ input: process.stdin })) {
  const { file, env } = JSON.parse(line);
  const printed = [];
  console.log = (...values) => printed.push(values.map((value) => typeof value === "string" ? value : inspect(value)).join(" "));
  Object.assign(process.env, env);
  let failure = "";
  await import("./" + file).catch((error) => { failure = String(error.stack ?? error) || "failed"; });
  answer(JSON.stringify({ stdout: printed.join("\\n"), failure }) + "\\n");
}
`;

/**
 * Runs examples by a driver that reads lines of `{file, env}` and answers each with a line of `{stdout, failure}`. The folder is
 * removed at the end.
 */
export function driverRunner(
  language: Language,
  folder: string,
  fileOf: (name: string) => string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Runner {
  const driver = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: driver.stdout })[Symbol.asyncIterator]();
  return {
    language,
    async run(example, code, env) {
      const file = fileOf(nameOf(example));
      writeFileSync(join(folder, file), code);
      driver.stdin.write(`${JSON.stringify({ file, env })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`the ${language} driver has ended`);
      return JSON.parse(value) as Ran;
    },
    values: valuesOfLines,
    async close() {
      driver.stdin.end();
      if (driver.exitCode === null) await once(driver, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `gitpod.v1.GroupService/GetGroup` → `GroupService_GetGroup`: a name for a file. */
export function nameOf({ method }: Example): string {
  return (method.split(".").at(-1) as string).replace("/", "_");
}

/** The values that a program has printed, one a line. */
export function valuesOfLines(example: Example, stdout: string): Record<string, string> {
  const lines = stdout.trim().split("\n");
  return pick(example, (_path, index) => lines[index]);
}

/** Runs a program to its end. */
export async function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  options: { cwd?: string } = {},
): Promise<Ran> {
  const child: ChildProcess = spawn(command, args, {
    ...options,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { stdout, failure: code === 0 ? "" : stderr || `it ended with ${code}` };
}

/** What `npm install organization-service` would put into the folder. */
export function installPackage(folder: string): void {
  const modules = join(folder, "node_modules");
  const self = join(modules, "organization-service");
  mkdirSync(self, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  for (const name of ["@bufbuild", "@connectrpc", "@types", "undici-types"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  const exports: Record<string, string> = {};
  for (const entry of [".", "./client"]) {
    const file = entry === "." ? "index" : entry.slice(2);
    exports[entry] = `./${file}.js`;
    const source = pathToFileURL(join(root, sourceOf(entry)));
    writeFileSync(join(self, `${file}.js`), `export * from ${JSON.stringify(source.href)};\n`);
  }
  writeFileSync(join(self, "package.json"), JSON.stringify({ type: "module", exports }));
}

/** The source of an entry of our package.json. */
export function sourceOf(entry: string): string {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return (exports[entry].default as string).replace("./dist/", "").replace(/\.js$/, ".ts");
}

function pick({ gives = {} }: Example, read: (path: string, index: number) => unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(gives).map(([name, path], index) => {
      const value = read(path, index);
      if (typeof value !== "string" || value === "" || value === "undefined") throw new Error(`no ${name} at ${path}`);
      return [name, value];
    }),
  );
}

function at(json: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], json);
}
