import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");

/** Folder of `src` (or file, for the roots) → what it may import, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  transport: ["lib"],
  storage: ["lib"],
  domain: ["lib", "storage"],
  http: ["lib"],
  rpc: ["lib", "storage", "domain", "http", "transport", "gen"],
  auth: ["lib", "storage", "domain", "http"],
  scim: ["lib", "storage", "domain", "http"],
  "well-known": ["lib", "storage", "domain", "http"],
  downloads: ["lib", "domain", "http"],
  jobs: ["lib", "storage", "domain"],
  client: ["gen"],
  console: ["client", "gen"],
  docs: ["lib", "gen", "config.ts", "version.ts"],
  cli: ["lib", "client", "gen", "docs", "domain", "storage", "http", "app.ts", "config.ts", "version.ts"],
  "index.ts": ["gen"],
  "config.ts": ["lib"],
  "version.ts": [],
  "app.ts": [
    "lib",
    "storage",
    "domain",
    "http",
    "transport",
    "rpc",
    "auth",
    "downloads",
    "scim",
    "well-known",
    "jobs",
    "docs",
    "config.ts",
    "version.ts",
  ],
};

/** Only these commands administer the store; every other one is a client like anybody else. */
const STORE_COMMANDS = ["failure.ts", "serve-command.ts", "serve.ts", "store-commands.ts", "store.ts", "workers.ts"];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly target: string;
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function partOf(path: string): string {
  if (path.startsWith(join(root, "gen"))) return "gen";
  return relative(src, path).split(/[\\/]/)[0] as string;
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) => {
    const target = resolve(dirname(path), specifier as string);
    return { file: relative(root, path), from: partOf(path), to: partOf(target), target: relative(root, target) };
  });
}

const imports = files(src).flatMap(importsOf);

describe("imports", () => {
  it("run downwards only", () => {
    const wrong = imports.filter(({ from, to }) => from !== to && !(MAY_IMPORT[from] ?? []).includes(to));
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it("reach storage engines from storage and the commands alone", () => {
    const wrong = imports.filter(
      ({ from, to, target }) =>
        to === "storage" && !["storage", "cli"].includes(from) && !/storage\/(storage|contract\/.*)\.ts$/.test(target),
    );
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it("reach the store from the commands that administer it alone", () => {
    const wrong = imports.filter(
      ({ from, to, file }) =>
        from === "cli" &&
        ["app.ts", "domain", "storage", "http"].includes(to) &&
        !STORE_COMMANDS.some((name) => file.endsWith(`/${name}`)),
    );
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it("know every part of the source", () => {
    const parts = [...new Set(files(src).map(partOf))];
    expect(parts.filter((part) => !(part in MAY_IMPORT))).toEqual([]);
  });
});

describe("the lock file", () => {
  interface Locked {
    readonly optionalDependencies?: Record<string, string>;
    readonly resolved?: string;
    /** Whether it is a folder of this repository. */
    readonly link?: boolean;
  }
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };

  it("has every optional package of every platform, without which a clean install is refused", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("names no download address", () => {
    expect(Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link)).toEqual([]);
  });
});
