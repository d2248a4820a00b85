import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOrCreateKeyFile } from "../../src/lib/key-file.ts";
import { createKeyring } from "../../src/lib/keyring.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "organization-service-key-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the key file", () => {
  it("is made once, for its owner alone, in a folder that it makes", () => {
    const dataDir = join(folder, "a", "b");
    const key = readOrCreateKeyFile(dataDir);
    expect(Buffer.from(key, "base64")).toHaveLength(32);
    expect(() => createKeyring([key])).not.toThrow();
    expect(readOrCreateKeyFile(dataDir)).toBe(key);
    expect(statSync(join(dataDir, "encryption.key")).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir)).toEqual(["encryption.key"]);
  });

  it("is another one in another folder", () => {
    expect(readOrCreateKeyFile(join(folder, "a"))).not.toBe(readOrCreateKeyFile(join(folder, "b")));
  });

  it("is read as it stands", () => {
    const key = Buffer.alloc(32, 9).toString("base64");
    writeFileSync(join(folder, "encryption.key"), `${key}\n`, { mode: 0o600 });
    expect(readOrCreateKeyFile(folder)).toBe(key);
  });

  it.each([0o640, 0o604, 0o666])("is refused when others may read or write it (mode %o)", (mode) => {
    const key = readOrCreateKeyFile(folder);
    chmodSync(join(folder, "encryption.key"), mode);
    let message = "";
    try {
      readOrCreateKeyFile(folder);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("chmod 600");
    expect(message).not.toContain(key);
  });

  it("is one, whoever of several processes begins at the same moment", async () => {
    const source = new URL("../../src/lib/key-file.ts", import.meta.url).href;
    const program = `import { readOrCreateKeyFile } from ${JSON.stringify(source)};
      process.stdout.write(readOrCreateKeyFile(process.argv[1]));`;
    const keys = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const args = ["--input-type=module", "--eval", program, folder];
        return (await promisify(execFile)(process.execPath, args)).stdout;
      }),
    );
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBe(readOrCreateKeyFile(folder));
    expect(readdirSync(folder)).toEqual(["encryption.key"]);
  });
});
