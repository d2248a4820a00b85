/**
 * `@better-auth/scim` behind node:http, with better-auth's own handler and migrations, as its documentation says. `PEERS` is the
 * folder that it is installed in; `DATABASE_URL` a PostgreSQL database, or else `DATA_DIR` the folder of an SQLite file.
 */
import { createServer, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { PEERS = "", DATABASE_URL, DATA_DIR = "" } = process.env;
const require = createRequire(join(PEERS, "package.json"));
const load = async <T>(name: string): Promise<T> => (await import(pathToFileURL(require.resolve(name)).href)) as T;

const { betterAuth } = await load<{ betterAuth(options: object): object }>("better-auth");
const { toNodeHandler } = await load<{ toNodeHandler(auth: object): RequestListener }>("better-auth/node");
const { getMigrations } = await load<{
  getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }>;
}>("better-auth/db/migration");
const { scim } = await load<{ scim(options: object): object }>("@better-auth/scim");

const token = "bench-token-bench-token-bench-token-bench-token";

function database(): object {
  if (DATABASE_URL) {
    const { Pool } = require("pg") as { Pool: new (options: object) => object };
    return new Pool({ connectionString: DATABASE_URL });
  }
  const Database = require("better-sqlite3") as new (file: string) => object;
  return new Database(join(DATA_DIR, "better-auth.sqlite"));
}

const options = {
  baseURL: "http://127.0.0.1",
  secret: "bench-secret-bench-secret-bench-secret",
  database: database(),
  plugins: [scim({ connections: [{ id: "bench", credentials: [{ type: "bearer", id: "bench", token }] }] })],
  // A load without an end is no directory's.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};
await (await getMigrations(options)).runMigrations();
const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port, path: "/api/auth/scim/v2/Users", token })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
