import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CreateSSOConfigurationRequestSchema,
  OrganizationService,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import { createToken } from "../../src/lib/tokens.ts";
import { openDumper } from "../support/dump.ts";
import { type Command, Workshop } from "../support/process.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";

const SERVICE = "gitpod.v1.OrganizationService";
const workshop = new Workshop();
afterAll(() => workshop.close());

/** Every byte that somebody could see, by where. */
type Places = Map<string, Buffer[]>;

/** What a text looks like in the places where it may hide: as it is, in base64 at each alignment, and in hexadecimal. */
function disguises(secret: string | Buffer): Buffer[] {
  const bytes = Buffer.from(secret as string);
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    // The characters at both ends depend on the neighbours.
    return text.slice(shift === 0 ? 0 : 4, text.length - 4);
  });
  const urlSafe = encoded.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [bytes, ...[...encoded, ...urlSafe, bytes.toString("hex")].map((text) => Buffer.from(text))];
}

function findSecrets(places: Places, secrets: ReadonlyMap<string, string | Buffer>): string[] {
  const found: string[] = [];
  for (const [what, secret] of secrets) {
    for (const disguise of disguises(secret)) {
      for (const [place, contents] of places) {
        if (contents.some((content) => content.includes(disguise))) found.push(`${what} in ${place}, as ${disguise}`);
      }
    }
  }
  return found;
}

it("would find what hides", () => {
  const secret = "s3cr3t-of-some-length";
  const secrets = new Map([["it", secret]]);
  for (const text of [
    secret,
    `{"x":"${secret}"}`,
    Buffer.from(`.${secret}.`).toString("base64"),
    Buffer.from(`..${secret}.`).toString("base64url"),
    Buffer.from(`...${secret}..`).toString("base64"),
    Buffer.from(secret).toString("hex"),
  ]) {
    expect(findSecrets(new Map([["here", [Buffer.from(text)]]]), secrets)).not.toEqual([]);
  }
  expect(findSecrets(new Map([["here", [Buffer.from("harmless")]]]), secrets)).toEqual([]);
});

describe.each(ENGINES)("no secret is anywhere on %s", (engine) => {
  let database: TestDatabase;
  let server: Command;
  let url: string;
  let token: string;
  let organizationId: string;
  const places: Places = new Map();
  const secrets = new Map<string, string | Buffer>();

  const keep = (place: string, content: string | Buffer) =>
    void places.set(place, [...(places.get(place) ?? []), Buffer.from(content)]);

  /** A new secret that is looked for from now on. */
  function secret(what: string): string {
    const text = `${what.replaceAll(" ", "-")}-${randomBytes(12).toString("hex")}`;
    secrets.set(what, text);
    return text;
  }

  async function post(
    method: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    query = "",
  ) {
    const response = await fetch(`${url}/api/${SERVICE}/${method}${query}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body,
    });
    const text = await response.text();
    keep("the headers of an answer", JSON.stringify([...response.headers]));
    return { status: response.status, text };
  }

  /** Calls and keeps the answer; a token that is shown on purpose is taken out and looked for elsewhere. */
  async function call(method: string, request: object, shows?: string) {
    const { status, text } = await post(method, JSON.stringify(request));
    const body = JSON.parse(text);
    if (shows !== undefined) {
      secrets.set(shows, body.token);
      delete body.token;
    }
    keep(status === 200 ? "an answer" : "a refusal", JSON.stringify(body));
    return { status, body };
  }

  /** A call that must be refused; its answer is kept. */
  async function refused(...request: Parameters<typeof post>): Promise<void> {
    const { status, text } = await post(...request);
    expect(status).toBeGreaterThanOrEqual(400);
    keep("a refusal", text);
  }

  const good = () => ({ organizationId, clientId: "client", issuerUrl: "https://idp.example.com" });

  beforeAll(async () => {
    database = await createDatabase(engine);
    const { databaseUrl, dataDir } = database.location;
    const encryptionKey = randomBytes(32);
    secrets.set("the encryption key", encryptionKey.toString("base64").slice(0, -1));
    secrets.set("the bytes of the encryption key", encryptionKey);
    server = workshop.serve({
      DATA_DIR: dataDir,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      ENCRYPTION_KEY: encryptionKey.toString("base64"),
      METRICS_TOKEN: secret("the token of the metrics"),
      MAX_BODY_BYTES: "65536",
      LOG_LEVEL: "trace",
    });
    url = await server.url();
    const [, shown, body] = await server.printed(/Bearer (osk_\S+)'[\s\S]*-d '(.*)'\n/);
    token = shown as string;
    organizationId = JSON.parse(body as string).organizationId;
    secrets.set("an api token", token);
    await callEverything();
    await server.stop();
    await keepEverything();
  });
  afterAll(() => database.drop());

  async function callEverything(): Promise<void> {
    await goodCalls();
    await badFields();
    await badBodies();
    await badCredentials();
    await otherProtocols();
    await failingDatabase();
  }

  async function goodCalls(): Promise<void> {
    const made = await call("CreateSSOConfiguration", { ...good(), clientSecret: secret("a client secret") });
    const ssoConfigurationId = made.body.ssoConfiguration.id;
    await call("UpdateSSOConfiguration", { ssoConfigurationId, clientSecret: secret("a replaced client secret") });
    await call("UpdateSSOConfiguration", {
      ssoConfigurationId,
      clientId: "x",
      clientSecret: secret("the last client secret"),
    });
    await call("GetSSOConfiguration", { ssoConfigurationId });
    await call("ListSSOConfigurations", { organizationId });
    const scim = await call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId }, "a SCIM token");
    const scimConfigurationId = scim.body.scimConfiguration.id;
    await call("RegenerateSCIMToken", { scimConfigurationId }, "a replaced SCIM token");
    await call("GetSCIMConfiguration", { scimConfigurationId });
    await call("ListSCIMConfigurations", {});
    await call("UpdateSCIMConfiguration", { scimConfigurationId, name: "x" });
    const users = await fetch(`${url}/scim/v2/${scimConfigurationId}/Users`, {
      headers: { authorization: `Bearer ${secrets.get("a replaced SCIM token")}` },
    });
    keep("an answer of SCIM", await users.text());
    const doomed = await call(
      "CreateSCIMConfiguration",
      { organizationId, ssoConfigurationId },
      "a deleted SCIM token",
    );
    await call("DeleteSCIMConfiguration", { scimConfigurationId: doomed.body.scimConfiguration.id });
    const gone = await call("CreateSSOConfiguration", { ...good(), clientSecret: secret("a deleted client secret") });
    await call("DeleteSSOConfiguration", { ssoConfigurationId: gone.body.ssoConfiguration.id });
  }

  /** Requests whose secret is good and something else is not, or the secret is in the wrong place. */
  async function badFields(): Promise<void> {
    const clientSecret = secret("the client secret of a refused request");
    for (const bad of [
      { issuerUrl: "http://idp.example.com" },
      { issuerUrl: `https://user:${clientSecret}@idp.example.com` },
      { issuerUrl: clientSecret },
      { clientSecret: `${clientSecret}\0` },
      { clientSecret: [clientSecret] },
      { clientSecret: { value: clientSecret } },
      { emailDomains: [clientSecret] },
      { additionalScopes: [`${clientSecret} ${clientSecret}`] },
      { claimsExpression: `claims.x == "${clientSecret}" &&` },
      { organizationId: clientSecret },
      { nonsense: clientSecret },
    ]) {
      await refused("CreateSSOConfiguration", JSON.stringify({ ...good(), clientSecret, ...bad }));
    }
    await refused("UpdateSSOConfiguration", JSON.stringify({ ssoConfigurationId: clientSecret, clientSecret }));
    await refused(
      "UpdateSSOConfiguration",
      JSON.stringify({ ssoConfigurationId: organizationId, state: clientSecret }),
    );
    await refused("ListSSOConfigurations", JSON.stringify({ organizationId, pagination: { token: clientSecret } }));
    await refused("ListSSOConfigurations", JSON.stringify({ organizationId }), {}, `?token=${clientSecret}`);
    await refused("ListSSOConfigurations", JSON.stringify({ organizationId }), {}, `?pageSize=${clientSecret}`);
    await refused("CreateSCIMConfiguration", JSON.stringify({ organizationId, tokenExpiresIn: clientSecret }));
  }

  async function badBodies(): Promise<void> {
    const clientSecret = secret("the client secret of a broken request");
    const json = JSON.stringify({ ...good(), clientSecret });
    for (const body of [
      json.slice(0, -1),
      json.slice(0, -20),
      `${json},`,
      `x${json}`,
      JSON.stringify(clientSecret),
      JSON.stringify([clientSecret]),
      clientSecret,
      `{"clientSecret": ${clientSecret}}`,
      `{"clientSecret": '${clientSecret}'}`,
      `{"clientSecret": "${clientSecret}", "clientSecret": "${clientSecret}"}`,
      `{"clientSecret": "${clientSecret}", "client_secret": "${clientSecret}"}`,
      JSON.stringify({ ...good(), clientSecret: clientSecret.repeat(2000) }),
    ]) {
      await refused("CreateSSOConfiguration", body);
    }
    const message = toBinary(
      CreateSSOConfigurationRequestSchema,
      create(CreateSSOConfigurationRequestSchema, { clientSecret, clientId: clientSecret }),
    );
    for (const bytes of [message, message.slice(0, -3), Buffer.concat([message, Buffer.from("ffff", "hex")])]) {
      await refused("CreateSSOConfiguration", new Uint8Array(bytes), { "content-type": "application/proto" });
      await refused("CreateSSOConfiguration", new Uint8Array(bytes), { "content-type": "text/plain" });
    }
    const response = await fetch(
      `${url}/${SERVICE}/CreateSSOConfiguration?encoding=json&message=${encodeURIComponent(json)}`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    expect(response.status).toBe(405);
    keep("a refusal", await response.text());
  }

  async function badCredentials(): Promise<void> {
    const body = JSON.stringify({ organizationId });
    const wrong = createToken("api");
    secrets.set("a token that nobody has", wrong);
    const password = secret("a password");
    for (const authorization of [
      `Bearer ${wrong}`,
      `bearer   ${wrong}`,
      `Bearer ${secrets.get("a SCIM token")}`,
      `Bearer ${wrong} ${wrong}`,
      `Token ${wrong}`,
      wrong,
      `Bearer ${wrong.slice(0, -1)}!`,
      `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
    ]) {
      await refused("ListSSOConfigurations", body, { authorization });
    }
    for (const path of ["/metrics", "/scim/v2/none/Users", "/nothing"]) {
      const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${wrong}` } });
      keep("a refusal", await response.text());
    }
  }

  async function otherProtocols(): Promise<void> {
    const clientSecret = secret("the client secret of another protocol");
    for (const transport of [
      createGrpcTransport({ baseUrl: url }),
      createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }),
    ]) {
      const client = createClient(OrganizationService, transport);
      const headers = { authorization: `Bearer ${token}` };
      await client.createSSOConfiguration({ ...good(), clientSecret }, { headers });
      const error = await client
        .createSSOConfiguration({ ...good(), clientSecret, issuerUrl: "ftp://x" }, { headers })
        .catch((reason: unknown) => reason as Error & { metadata: Headers });
      if (!(error instanceof Error)) throw new Error("the call was not refused");
      keep("a refusal", `${error.message} ${JSON.stringify([...error.metadata])}`);
    }
  }

  /** A failure that nobody foresaw is logged whole. */
  async function failingDatabase(): Promise<void> {
    await database.execute("alter table sso_configurations rename to elsewhere");
    const clientSecret = secret("the client secret of a failed request");
    const answer = await call("CreateSSOConfiguration", { ...good(), clientSecret });
    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
  }

  async function keepEverything(): Promise<void> {
    keep("the log", server.stderr);
    keep("standard output", server.stdout.replaceAll(token, ""));
    const dumper = await openDumper(database);
    for (const [table, rows] of Object.entries(await dumper.dump())) keep(`the table ${table}`, JSON.stringify(rows));
    await dumper.close();
    for (const file of readdirSync(database.location.dataDir)) {
      keep(`the file ${file}`, readFileSync(join(database.location.dataDir, file)));
    }
  }

  it("looked at the right places", () => {
    expect(places.get("the table audit_entries")?.join()).toContain("sso_configuration.update");
    expect(places.get("the log")?.join()).toContain("unexpected failure");
    expect(places.get("a refusal")?.length).toBeGreaterThan(40);
    const files = [...places.keys()].filter((place) => place.startsWith("the file "));
    if (engine === "sqlite") expect(files).toContain("the file organization-service.sqlite");
    else expect(files).toEqual([]);
    expect(secrets.size).toBeGreaterThan(14);
  });

  it("found nothing there", () => {
    expect(findSecrets(places, secrets)).toEqual([]);
  });
});

describe.each(ENGINES)("while the server runs on %s", (engine) => {
  it("nothing is in the metrics, nor in the journal of the database", async () => {
    const database = await createDatabase(engine);
    const { databaseUrl, dataDir } = database.location;
    const server = workshop.serve({
      DATA_DIR: dataDir,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    });
    const url = await server.url();
    const [, token = "", body = ""] = await server.printed(/Bearer (osk_\S+)'[\s\S]*-d '(.*)'\n/);
    const clientSecret = `a-client-secret-${randomBytes(12).toString("hex")}`;
    const request = { ...JSON.parse(body), clientId: "c", clientSecret, issuerUrl: "https://idp.example.com" };
    for (const authorization of [`Bearer ${token}`, "Bearer nothing"]) {
      await fetch(`${url}/${SERVICE}/CreateSSOConfiguration`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization },
        body: JSON.stringify(request),
      });
    }
    const places: Places = new Map();
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain("CreateSSOConfiguration");
    places.set("the metrics", [Buffer.from(metrics)]);
    const files = readdirSync(dataDir).filter((file) => file !== "encryption.key");
    for (const file of files) places.set(file, [readFileSync(join(dataDir, file))]);
    if (engine === "sqlite") expect(files).toContain("organization-service.sqlite-wal");
    const key = readFileSync(join(dataDir, "encryption.key"), "utf8").trim();
    const secrets = new Map<string, string | Buffer>([
      ["the client secret", clientSecret],
      ["the api token", token],
      ["the key", key.slice(0, -1)],
      ["the bytes of the key", Buffer.from(key, "base64")],
    ]);
    expect(findSecrets(places, secrets)).toEqual([]);
    await server.stop();
    await database.drop();
  });
});
