// Generates clients in other languages from the schema, and lets them call the real server: the programs in clients/, and
// the examples of the API reference. Run it with `npm run test:clients`. A language whose toolchain is missing is skipped, and that
// is said; tools and libraries come from the languages' own package registries.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { exampleCode } from "../src/docs/examples/examples.ts";
import { EXAMPLES } from "../src/docs/examples/scenario.ts";
import { methodAt } from "../src/docs/schema.ts";
import { driverRunner, nameOf, runProgram, valuesOfLines } from "../test/docs/runners.ts";
import { type Runner, runExamples } from "../test/docs/scenario.ts";
import { startTestServer } from "../test/support/server.ts";
import { root } from "./buf.ts";
import { vendorProtos } from "./vendor-proto.ts";

/** Git-ignored, so that tools and libraries are fetched once. */
const work = join(root, ".clients");
const clients = join(root, "clients");

/** A language with its toolchain. */
interface Language {
  readonly name: string;
  /** Why it cannot be tested here, or undefined. */
  missing(): string | undefined;
  /** Fetches the tools, generates the client and builds what is run. */
  prepare(): void;
  /** The command of the program that makes the four calls. */
  readonly program: readonly [command: string, ...args: string[]];
  examples(): Runner;
}

const go = join(work, "go");
const python = join(work, "python");
const pythonBin = join(python, "venv", process.platform === "win32" ? "Scripts" : "bin");

const LANGUAGES: readonly Language[] = [
  {
    name: "Go",
    missing: () => (succeeds("go", ["version"]) ? undefined : "there is no `go` on the PATH"),
    prepare: prepareGo,
    program: [join(go, "bin", "calls")],
    examples: () => ({
      language: "go",
      run: (example, _code, env) => runProgram(join(go, "bin", "examples"), [nameOf(example)], env),
      values: valuesOfLines,
      close: async () => {},
    }),
  },
  {
    name: "Python",
    missing() {
      const recent = succeeds("python3", ["-c", "import sys, venv; sys.exit(sys.version_info < (3, 11))"]);
      return recent ? undefined : "there is no `python3` of version 3.11 or later with venv on the PATH";
    },
    prepare: preparePython,
    program: [join(pythonBin, "python"), join(clients, "python", "main.py")],
    examples() {
      const folder = join(work, "python-examples");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "driver.py"), PYTHON_DRIVER);
      const fileOf = (name: string) => `${name}.py`;
      const env = { PYTHONPATH: join(python, "gen") };
      return driverRunner("python", folder, fileOf, join(pythonBin, "python"), ["driver.py"], env);
    },
  },
];

/** Every version of a tool is written once: where its language keeps it. */
const GO_TOOLS = [
  ["google.golang.org/protobuf/cmd/protoc-gen-go", goVersion("google.golang.org/protobuf")],
  ["connectrpc.com/connect/cmd/protoc-gen-connect-go", goVersion("connectrpc.com/connect")],
  ["google.golang.org/grpc/cmd/protoc-gen-go-grpc", "v1.6.2"],
] as const;

function goVersion(module: string): string {
  const line = readFileSync(join(clients, "go", "go.mod"), "utf8")
    .split("\n")
    .find((each) => each.includes(`${module} v`));
  return line?.trim().split(" ").at(-1) as string;
}

function prepareGo(): void {
  mkdirSync(go, { recursive: true });
  for (const name of ["gen", "examples"]) rmSync(join(go, name), { recursive: true, force: true });
  const tools = join(work, "go-tools");
  for (const [path, version] of GO_TOOLS) run("go", ["install", `${path}@${version}`], { env: { GOBIN: tools } });
  generate("go", go, tools);
  for (const name of ["go.mod", "go.sum", "main.go"]) cpSync(join(clients, "go", name), join(go, name));
  writeGoExamples();
  run("go", ["vet", "./..."], { cwd: go });
  run("go", ["build", "-o", join(go, "bin", "calls"), "."], { cwd: go });
  run("go", ["build", "-o", join(go, "bin", "examples"), "./examples"], { cwd: go });
}

/** Each example is a package of its own, so that one program can be linked from all; nothing else of it is changed. */
function writeGoExamples(): void {
  const names = EXAMPLES.map((example) => {
    const name = nameOf(example).toLowerCase().replace("_", "");
    const code = exampleCode(methodAt(example.method), "go");
    const file = join(go, "examples", name, "main.go");
    mkdirSync(join(go, "examples", name), { recursive: true });
    writeFileSync(file, code);
    const formatted = spawnSync("gofmt", ["-d", file], { encoding: "utf8" });
    if (formatted.stdout) throw new Error(`the example is not in the form of gofmt:\n${formatted.stdout}`);
    writeFileSync(file, code.replace("package main", `package ${name}`).replace("func main()", "func Main()"));
    return [nameOf(example), name] as const;
  });
  const imports = names.map(([, name]) => `\t"example.com/organization-client/examples/${name}"`);
  const cases = names.map(([key, name]) => `\tcase "${key}":\n\t\t${name}.Main()`);
  const main = `package main

import (
\t"log"
\t"os"

${imports.join("\n")}
)

func main() {
\tswitch os.Args[1] {
${cases.join("\n")}
\tdefault:
\t\tlog.Fatal("there is no such example")
\t}
}
`;
  writeFileSync(join(go, "examples", "main.go"), main);
}

function preparePython(): void {
  mkdirSync(python, { recursive: true });
  if (!existsSync(pythonBin)) run("python3", ["-m", "venv", join(python, "venv")]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  run(join(pythonBin, "python"), [...pip, "--requirement", join(clients, "python", "requirements.txt")]);
  rmSync(join(python, "gen"), { recursive: true, force: true });
  generate("python", python, pythonBin);
  // buf has no name for gRPC's own plugin, which is a part of the compiler in grpcio-tools.
  const includes = ["--proto_path=proto", "--proto_path=proto-vendor", `--grpc_python_out=${join(python, "gen")}`];
  run(join(pythonBin, "python"), ["-m", "grpc_tools.protoc", ...includes, "gitpod/v1/organization_service.proto"]);
}

const PYTHON_DRIVER = `
import contextlib, io, json, os, runpy, sys, traceback
for line in sys.stdin:
    call = json.loads(line)
    os.environ.update(call["env"])
    printed, failure = io.StringIO(), ""
    with contextlib.redirect_stdout(printed):
        try:
            runpy.run_path(call["file"], run_name="__main__")
        except Exception:
            failure = traceback.format_exc()
    print(json.dumps({"stdout": printed.getvalue(), "failure": failure}), flush=True)
`;

function generate(language: string, output: string, tools: string): void {
  const path = [tools, process.env.PATH].join(delimiter);
  const template = join(clients, language, "buf.gen.yaml");
  run(join(root, "node_modules/.bin/buf"), ["generate", "--template", template, "--output", output], {
    env: { PATH: path },
  });
}

function run(command: string, args: string[], options: { cwd?: string; env?: Record<string, string> } = {}): void {
  const { cwd = root, env = {} } = options;
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** The four calls of the public documentation, over every protocol. */
async function runCalls({ program: [command, ...args] }: Language): Promise<string[]> {
  const server = await startTestServer("sqlite");
  try {
    const { token, organizationId } = await server.createUser(await server.createOrganization());
    const env = { ORGANIZATION_SERVICE_URL: server.url, TOKEN: token, ORGANIZATION_ID: organizationId };
    const { stdout, failure } = await runProgram(command, args, { ...env, PYTHONPATH: join(python, "gen") });
    process.stdout.write(stdout.replace(/^(?=.)/gm, "  "));
    return failure === "" ? [] : [failure];
  } finally {
    await server.close();
  }
}

async function test(language: Language): Promise<string[]> {
  language.prepare();
  const calls = await runCalls(language);
  const examples = await runExamples(language.examples());
  console.log(`  ${EXAMPLES.length - examples.length} of ${EXAMPLES.length} examples of the reference`);
  return [...calls, ...examples.map(({ method, problem }) => `example of ${method}: ${problem}`)];
}

vendorProtos();
const problems: string[] = [];
for (const language of LANGUAGES) {
  const missing = language.missing();
  if (missing !== undefined) {
    console.log(`${language.name}: skipped, because ${missing}`);
    continue;
  }
  console.log(`${language.name}:`);
  const found = await test(language).catch((error: Error) => [error.message]);
  problems.push(...found.map((problem) => `${language.name}: ${problem}`));
}
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
