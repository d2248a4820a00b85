/**
 * `@boxyhq/saml-jackson` behind node:http, as its documentation serves directory sync: the parts of the URL, the body and the
 * token go to `directorySyncController.requests.handle`. `PEERS` is the folder that it is installed in; `DATABASE_URL` a
 * PostgreSQL database, or else `DATA_DIR` the folder of an SQLite file.
 */
import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

interface Request {
  readonly method: string;
  readonly body: unknown;
  readonly directoryId: string;
  readonly resourceType: string;
  readonly resourceId: string | undefined;
  readonly apiSecret: string | null;
  readonly query: Record<string, unknown>;
}

interface Jackson {
  readonly directorySyncController: {
    readonly directories: {
      create(
        options: Record<string, string>,
      ): Promise<{ data: { id: string; scim: { secret: string } }; error: unknown }>;
    };
    readonly requests: {
      handle(request: Request, callback: () => Promise<void>): Promise<{ status: number; data?: unknown }>;
    };
  };
}

const { PEERS = "", DATABASE_URL, DATA_DIR = "" } = process.env;
const require = createRequire(join(PEERS, "package.json"));
const { controllers } = require("@boxyhq/saml-jackson") as { controllers(options: object): Promise<Jackson> };
const silent = () => {};
const jackson = await controllers({
  externalUrl: "http://127.0.0.1",
  samlPath: "/api/oauth/saml",
  scimPath: "/api/scim/v2.0",
  noAnalytics: true,
  logger: { info: silent, warn: silent, error: console.error },
  db: DATABASE_URL
    ? { engine: "sql", type: "postgres", url: DATABASE_URL }
    : { engine: "sql", type: "sqlite", url: join(DATA_DIR, "jackson.sqlite") },
});
const { directories, requests } = jackson.directorySyncController;
const { data: directory, error } = await directories.create({
  name: "bench",
  tenant: "bench.example",
  product: "bench",
  type: "okta-scim-v2",
});
if (error) throw new Error(JSON.stringify(error));

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const server = createServer(async (request, response) => {
  const [directoryId = "", resourceType = "", resourceId] = (request.url ?? "").split("/").slice(4);
  const text = await textOf(request);
  const { status, data } = await requests.handle(
    {
      method: request.method ?? "",
      body: text === "" ? undefined : JSON.parse(text),
      directoryId,
      resourceType,
      resourceId,
      apiSecret: request.headers.authorization?.replace(/^Bearer /, "") ?? null,
      query: {},
    },
    async () => {},
  );
  response.writeHead(status, { "content-type": "application/scim+json" });
  response.end(JSON.stringify(data));
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const path = `/api/scim/v2.0/${directory.id}/Users`;
  process.stdout.write(`${JSON.stringify({ port, path, token: directory.scim.secret })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
