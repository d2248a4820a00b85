import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientSecretPurpose } from "../../src/domain/sso-configurations.ts";
import { createKeyring } from "../../src/lib/keyring.ts";
import { callJson } from "../support/call.ts";
import { run, Workshop } from "../support/process.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const workshop = new Workshop();
afterAll(() => workshop.close());

function settingsFor({ location }: TestDatabase): Record<string, string> {
  return {
    DATA_DIR: location.dataDir,
    ...(location.databaseUrl !== undefined && { DATABASE_URL: location.databaseUrl }),
  };
}

describe.each(ENGINES)("commands on the store, %s", (engine) => {
  let server: TestServer;
  let admin: TestUser;
  let settings: Record<string, string>;

  beforeAll(async () => {
    server = await startTestServer(engine);
    admin = await server.createUser(await server.createOrganization("Acme"));
    settings = settingsFor(server.database);
  });
  afterAll(() => server.close());

  const command = (...args: string[]) => run(args, settings);

  async function json(...args: string[]) {
    const { code, stdout, stderr } = await command(...args, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  /** Whether the running server lets the token read. */
  async function opens(token: string, headers: Record<string, string> = {}): Promise<boolean> {
    return (await callJson(server, "ListSCIMConfigurations", {}, { token, headers })).status === 200;
  }

  it("migrate brings an empty store up to date, and one that is up to date too", async () => {
    for (let i = 0; i < 2; i++) {
      expect(await command("migrate")).toEqual({ code: 0, stdout: "the schema is up to date\n", stderr: "" });
    }
    expect(await json("migrate")).toEqual({ migrated: true });
  });

  it("organization create makes one and prints its id", async () => {
    const { code, stdout } = await command("organization", "create", "Ünïcode & Söhne");
    expect(code).toBe(0);
    expect(stdout.trim()).toMatch(UUID);
    expect(await json("organization", "list")).toContainEqual({
      id: stdout.trim(),
      name: "Ünïcode & Söhne",
      createdAt: expect.stringMatching(/Z$/),
    });
  });

  it("organization list shows a table", async () => {
    const { stdout } = await command("organization", "list");
    const [heading, first] = stdout.split("\n");
    expect(heading).toMatch(/^ID {36}NAME +CREATED AT$/);
    expect(first).toMatch(/^[0-9a-f-]{36} {2}Acme {2,}\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it("token create --operator makes a token for everything, everywhere", async () => {
    const { code, stdout, stderr } = await command("token", "create", "--operator");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^oso_[\w-]{49}\n$/);
    expect(await opens(stdout.trim(), { "x-organization-id": admin.organizationId })).toBe(true);
  });

  it("token create --admin adds an admin with a token", async () => {
    const organization = await json("organization", "create", "New organization");
    const flags = ["--admin", organization.id, "--email", "grace@example.com", "--name", "Grace", "--valid-for", "7"];
    const made = await json("token", "create", ...flags);
    expect(made).toEqual({
      id: expect.stringMatching(UUID),
      userId: expect.stringMatching(UUID),
      token: expect.stringMatching(/^osk_/),
      expiresAt: expect.any(String),
    });
    const days = (Date.parse(made.expiresAt) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(7);
    expect(await opens(made.token)).toBe(true);
    const user = await server.storage.read.users.get(organization.id, made.userId);
    expect(user).toMatchObject({ role: "admin", name: "Grace", email: "grace@example.com" });
  });

  it("token create --user makes another token of a user, that may only read", async () => {
    const { token } = await json("token", "create", "--user", admin.userId, "--read-only", "--description", "for CI");
    expect(await opens(token)).toBe(true);
    const { organizationId } = admin;
    const request = { organizationId, clientId: "c", clientSecret: "s", issuerUrl: "https://idp.example.com" };
    expect((await callJson(server, "CreateSSOConfiguration", request, { token })).status).toBe(403);
    expect(await json("token", "list", "--user", admin.userId)).toContainEqual(
      expect.objectContaining({ owner: admin.userId, description: "for CI", readOnly: true }),
    );
  });

  it("token list shows who has one, and never a token", async () => {
    const { token } = await json("token", "create", "--operator", "--description", "terraform");
    const { stdout } = await command("token", "list");
    expect(stdout.split("\n")[0]).toMatch(/^ID +OWNER +DESCRIPTION +READ ONLY +EXPIRES AT +LAST USED AT$/);
    expect(stdout).toMatch(/operator +terraform +false/);
    expect(stdout).not.toContain(token);
    const mine = await json("token", "list", "--user", admin.userId);
    expect(mine.every(({ owner }: { owner: string }) => owner === admin.userId)).toBe(true);
  });

  it("token revoke ends a token at once", async () => {
    const { id, token } = await json("token", "create", "--user", admin.userId);
    expect(await opens(token)).toBe(true);
    expect(await json("token", "revoke", id)).toEqual({ id, revoked: true });
    expect(await opens(token)).toBe(false);
    expect(await command("token", "revoke", id)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("token not found"),
    });
  });

  it("leaves every change in the audit log", async () => {
    const { id } = await json("token", "create", "--user", admin.userId);
    await json("token", "revoke", id);
    const { items } = await server.storage.read.auditEntries.list(admin.organizationId, {}, "oldest", { limit: 1000 });
    const entries = items.filter(({ subjectId }) => subjectId === id);
    expect(entries.map(({ action, actorPrincipal }) => [action, actorPrincipal])).toEqual([
      ["token.create", "system"],
      ["token.revoke", "system"],
    ]);
    for (const { requestId } of entries) expect(requestId).toMatch(/^cli-/);
  });
});

describe.each(ENGINES)("secrets reseal on %s", (engine) => {
  const [oldKey, newKey] = [0, 1].map(() => randomBytes(32).toString("base64")) as [string, string];
  let database: TestDatabase;
  let settings: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase(engine);
    settings = { ...settingsFor(database), ENCRYPTION_KEY: oldKey };
    const server = workshop.serve(settings);
    const url = await server.url();
    const [, token = "", body = ""] = await server.printed(/Bearer (osk_\S+)'[\s\S]*-d '(.*)'\n/);
    for (let i = 0; i < 3; i++) {
      const request = {
        ...JSON.parse(body),
        clientId: "c",
        clientSecret: `secret ${i}`,
        issuerUrl: "https://a.example",
      };
      await callJson({ url }, "CreateSSOConfiguration", request, { token });
    }
    await server.stop();
  });
  afterAll(() => database.drop());

  const sealed = () =>
    database.execute("select id, client_secret from sso_configurations order by id") as Promise<
      { id: string; client_secret: string }[]
    >;
  const reseal = (keys: string) => run(["secrets", "reseal", "--json"], { ...settings, ENCRYPTION_KEY: keys });

  it("refuses to begin without the key that sealed", async () => {
    const before = await sealed();
    const { code, stderr } = await reseal(newKey);
    expect(code).toBe(1);
    expect(stderr).toMatch(/add the key that sealed this value/);
    for (const key of [oldKey, newKey]) expect(stderr).not.toContain(key);
    expect(await sealed()).toEqual(before);
  });

  it("changes nothing while the key is the same", async () => {
    const before = await sealed();
    const { stdout } = await reseal(oldKey);
    expect(JSON.parse(stdout)).toMatchObject({ resealed: 0 });
    expect(await sealed()).toEqual(before);
  });

  it("seals everything with the new key, so that the old one can go", async () => {
    const first = await reseal(`${newKey},${oldKey}`);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(first.stdout).resealed).toBeGreaterThanOrEqual(3);
    expect(JSON.parse((await reseal(`${newKey},${oldKey}`)).stdout)).toMatchObject({ resealed: 0 });
    const keyring = createKeyring([newKey]);
    const rows = await sealed();
    const secrets = await Promise.all(rows.map((row) => keyring.open(row.client_secret, clientSecretPurpose(row.id))));
    expect(secrets).toEqual(["secret 0", "secret 1", "secret 2"]);
    expect(await reseal(newKey)).toMatchObject({ code: 0 });
  });
});

describe("command lines that cannot be used", () => {
  let database: TestDatabase;
  let settings: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase("sqlite");
    settings = settingsFor(database);
    await run(["organization", "create", "Acme"], settings);
  });
  afterAll(() => database.drop());

  it.each([
    ["no owner", ["token", "create"], 2, /one of --operator, --user and --admin/],
    ["two owners", ["token", "create", "--operator", "--user", UNKNOWN_ID], 2, /one of --operator, --user and --admin/],
    ["an unknown user", ["token", "create", "--user", UNKNOWN_ID], 3, /user not found/],
    ["what is no id", ["token", "create", "--user", "grace"], 3, /user not found/],
    ["an unknown organization", ["token", "create", "--admin", UNKNOWN_ID], 3, /organization not found/],
    ["no days", ["token", "create", "--operator", "--valid-for", "0"], 2, /whole number of days/],
    ["half days", ["token", "create", "--operator", "--valid-for", "1.5"], 2, /whole number of days/],
    ["too many days", ["token", "create", "--operator", "--valid-for", "731"], 4, /730 days/],
    ["a name that the api would refuse", ["organization", "create", "ab"], 2, /at least 3 characters/],
    ["no name", ["organization", "create"], 2, /missing required argument 'name'/],
    ["an unknown flag", ["token", "list", "--nonsense"], 2, /unknown option '--nonsense'/],
    ["an unknown command", ["token", "steal"], 2, /unknown command 'steal'/],
  ] as const)("says what is wrong with %s, and changes nothing", async (_, args, code, says) => {
    const before = await database.execute("select count(*) as n from audit_entries");
    const finished = await run(args, settings);
    expect(finished).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(says) });
    expect(finished.stderr).not.toMatch(/^\s+at /m);
    expect(await database.execute("select count(*) as n from audit_entries")).toEqual(before);
  });
});
