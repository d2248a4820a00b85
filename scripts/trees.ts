// Makes, compares and copies folders of text files.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** One file that is not the same in two folders; the path is relative to both. */
export type Difference = { path: string; kind: "missing" | "changed" | "left over" };

/** Lists how `actual` differs from `wanted`, by path; an absent folder counts as an empty one. */
export function compareTrees(wanted: string, actual: string): Difference[] {
  const left = readTree(wanted);
  const right = readTree(actual);
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  return paths.flatMap((path): Difference[] => {
    if (!right.has(path)) return [{ path, kind: "missing" }];
    if (!left.has(path)) return [{ path, kind: "left over" }];
    return left.get(path) === right.get(path) ? [] : [{ path, kind: "changed" }];
  });
}

/** Makes `actual` equal to `wanted`, touches only files that differ, and returns what it changed. */
export function syncTrees(wanted: string, actual: string): Difference[] {
  const differences = compareTrees(wanted, actual);
  for (const { path, kind } of differences) {
    const target = join(actual, path);
    if (kind === "left over") rmSync(target);
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, readFileSync(join(wanted, path)));
    }
  }
  return differences;
}

/** Calls `use` with a new empty folder, and removes the folder afterwards. */
export function withTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "organization-service-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTree(folder: string): Map<string, string> {
  mkdirSync(folder, { recursive: true });
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}
