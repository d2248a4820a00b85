/**
 * `@boxyhq/saml-jackson` behind node:http: a bearer key, a JSON body that names tenant and product, and the connections that
 * `getConnections` finds for them. `PEERS` is the folder that it is installed in, `DATABASE_URL` a PostgreSQL database.
 */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CONSTANT } from "./constant.ts";

interface Jackson {
  readonly connectionAPIController: {
    createOIDCConnection(connection: object): Promise<unknown>;
    getConnections(query: object): Promise<unknown[]>;
  };
}

const { PEERS = "", DATABASE_URL = "" } = process.env;
const TOKEN = "key";
const query = { tenant: "acme.com", product: "bench" };
const silent = () => {};
const require = createRequire(join(PEERS, "package.json"));
const { controllers } = require("@boxyhq/saml-jackson") as { controllers(options: object): Promise<Jackson> };
const { connectionAPIController: connections } = await controllers({
  externalUrl: "http://127.0.0.1",
  samlPath: "/api/oauth/saml",
  oidcPath: "/api/oauth/oidc",
  noAnalytics: true,
  logger: { info: silent, warn: silent, error: console.error },
  db: { engine: "sql", type: "postgres", url: DATABASE_URL },
});
await connections.createOIDCConnection({
  ...query,
  name: CONSTANT.displayName,
  defaultRedirectUrl: "http://127.0.0.1/login",
  redirectUrl: ["http://127.0.0.1/*"],
  oidcClientId: CONSTANT.clientId,
  oidcClientSecret: "secret",
  oidcMetadata: {
    issuer: CONSTANT.issuerUrl,
    authorization_endpoint: `${CONSTANT.issuerUrl}/authorize`,
    token_endpoint: `${CONSTANT.issuerUrl}/token`,
    userinfo_endpoint: `${CONSTANT.issuerUrl}/userinfo`,
    jwks_uri: `${CONSTANT.issuerUrl}/keys`,
  },
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    const found = isKnown ? await connections.getConnections(JSON.parse(Buffer.concat(chunks).toString())) : [];
    const body = JSON.stringify(found);
    response.writeHead(found.length === 1 ? 200 : 401, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`${JSON.stringify({ port, token: TOKEN, query })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
