/**
 * Runs the official conformance suite of the Connect, gRPC and gRPC-Web protocols against a server on `src/transport`.
 *
 * The suite is the Go module connectrpc.com/conformance. Its runner is built by the Go toolchain, and its schema is taken
 * from the module and generated, both into `.conformance/`, which git ignores. Arguments go to the runner, for example
 * `npm run conformance -- --run 'Basic/**' --trace`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./buf.ts";

const module = "connectrpc.com/conformance";
const version = "v1.0.7";
const folder = join(root, ".conformance", version);
const runner = join(folder, "bin", "connectconformance");
const generated = join(folder, "gen");
/** Code that Node runs as it is. */
const opt = ["target=ts", "import_extension=ts", "erasable_syntax=true"];

requireGo();
if (!existsSync(runner)) {
  build();
}
if (!existsSync(generated)) {
  generate();
}
process.exit(test(process.argv.slice(2)));

function requireGo(): void {
  const { error } = spawnSync("go", ["version"]);
  if (error !== undefined) {
    console.error(`The conformance suite is a Go program, and there is no \`go\` here (${error.message}).`);
    console.error("Install Go 1.26 or newer from https://go.dev/dl/ and run this again.");
    process.exit(2);
  }
}

function build(): void {
  console.log(`building ${module} ${version}`);
  mkdirSync(join(folder, "bin"), { recursive: true });
  run("go", ["install", `${module}/cmd/connectconformance@${version}`], { GOBIN: join(folder, "bin") });
}

/** Offline: buf and its plugin come from npm, the schema from the module that was just built. */
function generate(): void {
  const { Dir: source } = JSON.parse(run("go", ["mod", "download", "-json", `${module}@${version}`])) as {
    Dir: string;
  };
  const schema = join(folder, "proto");
  rmSync(schema, { recursive: true, force: true });
  cpSync(join(source, "proto"), schema, { recursive: true });
  // The module cache is read-only, and so would be its copy.
  run("chmod", ["-R", "u+w", schema]);
  const template = join(folder, "buf.gen.yaml");
  writeFileSync(
    template,
    JSON.stringify({ version: "v2", plugins: [{ local: "protoc-gen-es", out: generated, opt }] }),
  );
  run(join(root, "node_modules", ".bin", "buf"), ["generate", schema, "--template", template]);
}

function test(args: readonly string[]): number {
  const server = [process.execPath, join(root, "test", "conformance", "server.ts"), generated];
  const config = join(root, "test", "conformance", "config.yaml");
  const all = ["--mode", "server", "--conf", config, ...args, "--", ...server];
  const { status } = spawnSync(runner, all, { cwd: root, stdio: "inherit" });
  return status ?? 1;
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): string {
  const path = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`;
  const { status, stdout, error } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: path, ...env },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed${error === undefined ? "" : `: ${error.message}`}`);
  }
  return stdout;
}
