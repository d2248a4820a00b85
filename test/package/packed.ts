/** The package as `npm pack` makes it, installed where projects of other people would install it. */
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const consumers = join(import.meta.dirname, "consumers");
const execute = promisify(execFile);

/** Compiles and packs into a folder, beside whatever `dist/` is at the moment. Returns the path of the archive. */
export async function pack(folder: string): Promise<string> {
  const { files } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { files: string[] };
  const copied = ["package.json", "README.md", "LICENSE", ...files.filter((path) => /^\w+$/.test(path))];
  await mkdir(folder, { recursive: true });
  await Promise.all([
    runNode(root, "scripts/build.ts", join(folder, "dist")),
    ...copied
      .filter((path) => path !== "dist")
      .map((path) => cp(join(root, path), join(folder, path), { recursive: true })),
  ]);
  const { stdout } = await npm(folder, "pack", "--silent", "--ignore-scripts");
  return join(folder, stdout.trim());
}

/** Copies a consumer and has it depend on the archive. Returns its folder. */
export async function copyConsumer(name: string, target: string, archive: string): Promise<string> {
  const folder = join(target, name);
  await cp(join(consumers, name), folder, { recursive: true });
  const path = join(folder, "package.json");
  const manifest = await readFile(path, "utf8");
  await writeFile(path, manifest.replace(/("organization-service": )"[^"]+"/, `$1"file:${archive}"`));
  return folder;
}

/** Installs what the package.json of a folder asks for. */
export async function install(folder: string): Promise<void> {
  await npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
}

/** Runs a script with this Node.js; a failure says what it printed. Returns standard output. */
export async function runNode(folder: string, script: string, ...args: string[]): Promise<string> {
  return (await run(process.execPath, folder, [script, ...args])).stdout;
}

/** As {@link runNode}, with an environment of nothing but this. */
export async function runNodeWith(env: Record<string, string>, folder: string, script: string): Promise<string> {
  return (await run(process.execPath, folder, [script], env)).stdout;
}

function npm(folder: string, ...args: string[]) {
  // The settings of an outer `npm test` are not those of a project elsewhere.
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(registry|cache|userconfig)$)/i.test(name),
  );
  return run("npm", folder, args, Object.fromEntries(outer));
}

async function run(command: string, cwd: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  try {
    return await execute(command, args, { cwd, env, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")} in ${cwd}:\n${stdout}\n${stderr}`, { cause: error });
  }
}
