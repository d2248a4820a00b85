import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const FILE = "encryption.key";

/**
 * The encryption key of a server that was given none: a file of mode 0600 in the data directory, made on first use.
 * Several processes that start at once agree on one key.
 * @throws Error when others may read the file.
 */
export function readOrCreateKeyFile(dataDir: string): string {
  const path = join(dataDir, FILE);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  createOnce(path, `${randomBytes(32).toString("base64")}\n`);
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`${path} can be read by others: run \`chmod 600 ${path}\`, and replace the key if they may have`);
  }
  return readFileSync(path, "utf8").trim();
}

/** Writes the whole file and only then gives it its name, so that nobody ever reads half a key. */
function createOnce(path: string, content: string): void {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}
