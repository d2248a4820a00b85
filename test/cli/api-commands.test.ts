import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientSecretPurpose } from "../../src/domain/sso-configurations.ts";
import { callJson } from "../support/call.ts";
import { run, Workshop } from "../support/process.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const workshop = new Workshop();

let server: TestServer;
let admin: TestUser;

beforeAll(async () => {
  server = await startTestServer("sqlite");
  admin = await server.createUser(await server.createOrganization());
});
afterAll(async () => {
  await server.close();
  await workshop.close();
});

interface Options {
  readonly token?: string;
  readonly input?: string;
  readonly url?: string;
}

const command = (args: readonly string[], { token = admin.token, url = server.url, input }: Options = {}) =>
  run(args, { ORGANIZATION_SERVICE_URL: url, ORGANIZATION_SERVICE_TOKEN: token }, input === undefined ? {} : { input });

/** Runs a command that must succeed, and reads what it prints for programs. */
async function json(args: readonly string[], options: Options = {}) {
  const { code, stdout, stderr } = await command([...args, "--json"], options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

const create = ["sso", "create", "--client-id", "client", "--issuer-url", "https://idp.example.com"];

describe("messages of plain fields", () => {
  it("are given field by field, or as JSON", async () => {
    const organizationId = await server.createOrganization();
    const { token, userId } = await server.createUser(organizationId, "admin", "zoe@example.com");
    await server.createUser(organizationId, "member", "bea@example.com");
    const emails = async (sort: string) =>
      (await json(["member", "list", "--sort", sort], { token })).map(({ email }: { email: string }) => email);
    expect(await emails("field=name,order=asc")).toEqual(["bea@example.com", "zoe@example.com"]);
    expect(await emails("order=desc,field=name")).toEqual(["zoe@example.com", "bea@example.com"]);
    expect(await emails('{"field":"SORT_FIELD_NAME"}')).toEqual(["bea@example.com", "zoe@example.com"]);

    const { group } = await json(["group", "create", "--name", "Engineers"], { token });
    await json(["group", "add", group.id, "--subject", `id=${userId},principal=user`], { token });
    const { stdout } = await command(["group", "list"], { token });
    expect(stdout).toMatch(/Engineers +1 +false/);
  });

  it("say how many there are when that is asked for", async () => {
    const { code, stderr } = await command(["member", "list", "--count", "include=true"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "1 in all\n" });
  });

  it.each(["name", "field=nonsense", "nonsense=name", "field", "{"])("are refused as %s", async (sort) => {
    const { code, stdout, stderr } = await command(["member", "list", "--sort", sort]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/(is|are) accepted/);
  });
});

describe("sso", () => {
  it("creates, shows, changes and deletes", async () => {
    const flags = ["--email-domains", "a.com", "b.com", "--additional-scopes", "groups", "--display-name", "Acme"];
    const made = await json([...create, ...flags, "--client-secret-file", "-"], { input: "from standard input\n" });
    const { id } = made.ssoConfiguration;
    expect(made.ssoConfiguration).toMatchObject({
      organizationId: admin.organizationId,
      clientId: "client",
      emailDomains: ["a.com", "b.com"],
      additionalScopes: ["groups"],
      displayName: "Acme",
    });
    expect(await secretOf(id)).toBe("from standard input");
    expect(await json(["sso", "get", id])).toEqual(made);

    const file = join(workshop.folder(), "secret");
    writeFileSync(file, "from a file");
    const changes = [
      "--state",
      "inactive",
      "--claims",
      "email=upn",
      "--claims",
      "name=cn=x",
      "--client-secret-file",
      file,
    ];
    const changed = await command(["sso", "update", id, ...changes, "--display-name", ""]);
    expect(changed).toEqual({ code: 0, stdout: "done\n", stderr: "" });
    expect(await secretOf(id)).toBe("from a file");
    const { ssoConfiguration } = await json(["sso", "get", id]);
    expect(ssoConfiguration).toMatchObject({
      state: "SSO_CONFIGURATION_STATE_INACTIVE",
      claims: { email: "upn", name: "cn=x" },
      additionalScopes: ["groups"],
      clientId: "client",
    });
    expect(ssoConfiguration).not.toHaveProperty("displayName");

    expect(await json(["sso", "update", id, "--clear-additional-scopes"])).toEqual({});
    expect((await json(["sso", "get", id])).ssoConfiguration).not.toHaveProperty("additionalScopes");
    expect(await json(["sso", "delete", id])).toEqual({});
    expect(await command(["sso", "get", id])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/^error: SSO configuration not found.*\nrequest id: [\w-]+\n$/s),
    });
  });

  it("lists in a table, which obeys no control character", async () => {
    const organizationId = await server.createOrganization();
    const { token } = await server.createUser(organizationId);
    expect(await command(["sso", "list"], { token })).toEqual({ code: 0, stdout: "", stderr: "none\n" });
    const fields = { organizationId, clientId: "c", clientSecret: "s", issuerUrl: "https://idp.example.com" };
    const displayName = "\u001b[31mred\nline";
    const made = await callJson(server, "CreateSSOConfiguration", { ...fields, displayName }, { token });
    await callJson(server, "CreateSSOConfiguration", { ...fields, emailDomains: ["a.com", "b.com"] }, { token });
    const { code, stdout } = await command(["sso", "list"], { token });
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^ID {36}DISPLAY NAME {2,}ISSUER URL {15}STATE +EMAIL DOMAINS$/);
    expect(lines[1]).toContain(`${made.body.ssoConfiguration.id}  \uFFFD[31mred\uFFFDline  https://idp.example.com`);
    expect(lines[2]).toMatch(/ {2}- +https:\/\/idp\.example\.com {2}.* {2}a\.com,b\.com$/);
    expect(lines).toHaveLength(4);
    expect(stdout).not.toContain("\u001b");
    expect(lines[1]).toMatch(/ {2}active +-$/);
    expect(stdout).not.toContain("SSO_CONFIGURATION_STATE");
    const claims = { email: "upn" };
    await callJson(
      server,
      "UpdateSSOConfiguration",
      { ssoConfigurationId: made.body.ssoConfiguration.id, claims },
      { token },
    );
    const state = "SSO_CONFIGURATION_STATE_ACTIVE";
    expect(await json(["sso", "list"], { token })).toMatchObject([
      { displayName, state, claims },
      { emailDomain: "a.com", state },
    ]);
  });

  it("lists as many as were asked for, over pages, and says that there are more", async () => {
    const organizationId = await server.createOrganization();
    const { token } = await server.createUser(organizationId);
    const request = { organizationId, clientId: "c", clientSecret: "s", issuerUrl: "https://idp.example.com" };
    for (let i = 0; i < 102; i++) await callJson(server, "CreateSSOConfiguration", request, { token });
    const all = await json(["sso", "list"], { token });
    expect(new Set(all.map(({ id }: { id: string }) => id)).size).toBe(102);
    const some = await command(["sso", "list", "--limit", "101", "--json"], { token });
    expect(JSON.parse(some.stdout)).toHaveLength(101);
    expect(some.stderr).toMatch(/more than 101: use --limit/);
  });

  async function secretOf(id: string): Promise<string> {
    const stored = await server.storage.read.ssoConfigurations.get(admin.organizationId, id);
    return server.app.environment.keyring.open(stored?.clientSecret as string, clientSecretPurpose(id));
  }
});

describe("scim", () => {
  it("creates with a token that is shown once, links, regenerates and deletes", async () => {
    const sso = await json([...create, "--client-secret-file", "-"], { input: "secret" });
    const link = ["--sso-configuration-id", sso.ssoConfiguration.id];
    const made = await json(["scim", "create", ...link, "--name", "Entra", "--token-expires-in", "90d"]);
    expect(made.token).toMatch(/^oss_/);
    const { id, createdAt, tokenExpiresAt } = made.scimConfiguration;
    expect(Math.round((Date.parse(tokenExpiresAt) - Date.parse(createdAt)) / 86_400_000)).toBe(90);
    const off = await json(["scim", "update", id, "--enabled", "false", "--sso-configuration-id", ""]);
    expect(off.scimConfiguration).not.toHaveProperty("enabled");
    expect(off.scimConfiguration).not.toHaveProperty("ssoConfigurationId");
    const on = await json(["scim", "update", id, "--enabled", "--allow-unverified-email-account-linking", ...link]);
    expect(on.scimConfiguration).toMatchObject({ enabled: true, allowUnverifiedEmailAccountLinking: true });
    const again = await json(["scim", "regenerate-token", id, "--token-expires-in", "48h"]);
    expect(again.token).not.toBe(made.token);
    const { stdout } = await command(["scim", "list"]);
    expect(stdout).toMatch(/^ID +NAME +ENABLED +SSO CONFIGURATION ID +TOKEN EXPIRES AT\n/);
    expect(stdout).toMatch(new RegExp(`${id} +Entra +true +${sso.ssoConfiguration.id}`));
    expect(stdout).not.toContain(again.token);
    const linked = await command(["sso", "delete", sso.ssoConfiguration.id]);
    expect(linked).toMatchObject({ code: 4, stderr: expect.stringContaining(id) });
    expect(await json(["scim", "delete", id])).toEqual({});
    expect(await json(["sso", "delete", sso.ssoConfiguration.id])).toEqual({});
  });
});

describe("call", () => {
  it("calls any method with JSON, from the command line or standard input", async () => {
    const request = JSON.stringify({ organizationId: admin.organizationId });
    expect(await json(["call", "ListSSOConfigurations", request])).toHaveProperty("pagination");
    expect(await json(["call", "OrganizationService/ListSSOConfigurations", "-"], { input: request })).toHaveProperty(
      "pagination",
    );
    expect(await json(["call", "gitpod.v1.OrganizationService/ListSCIMConfigurations"])).toHaveProperty("pagination");
  });

  it.each([
    ["a method that does not exist", ["GetSSO"], 2, /no method GetSSO; did you mean .*GetSSOConfiguration/],
    ["a service that does not exist", ["Nobody/GetSSOConfiguration"], 2, /no method Nobody\/GetSSOConfiguration/],
    ["what is no JSON", ["GetSSOConfiguration", "{id}"], 2, /not JSON/],
    ["a field that does not exist", ["GetSSOConfiguration", '{"id": "x"}'], 2, /"id" is unknown/],
    ["a value that does not fit", ["GetSSOConfiguration", '{"ssoConfigurationId": 1}'], 2, /sso_configuration_id/],
    [
      "a bad id",
      ["GetSSOConfiguration", '{"ssoConfigurationId": "x"}'],
      4,
      /sso_configuration_id: must be a valid UUID/,
    ],
    ["an unknown id", ["GetSSOConfiguration", `{"ssoConfigurationId": "${UNKNOWN_ID}"}`], 3, /not found/],
  ] as const)("says what is wrong with %s", async (_, args, code, says) => {
    const finished = await command(["call", ...args]);
    expect(finished).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(says) });
    expect(finished.stderr).toMatch(/^error: /);
    expect(finished.stderr).not.toMatch(/^\s+at /m);
  });
});

describe("credential, server and command line", () => {
  const list = ["sso", "list"];

  it("ends with 5 without a good token", async () => {
    for (const token of ["", "nonsense"]) {
      expect(await command(list, { token })).toMatchObject({ code: 5, stdout: "" });
    }
  });

  it("ends with 4 where the caller may not", async () => {
    const { token } = await server.createUser(admin.organizationId, "member");
    const finished = await command(["sso", "delete", UNKNOWN_ID], { token });
    expect(finished).toMatchObject({ code: 4, stderr: expect.stringContaining("only an admin") });
  });

  it("acts for the operator in the organization that is named, and asks for it", async () => {
    const token = await server.createOperatorToken();
    for (const noun of ["sso", "scim"]) {
      const named = await command([noun, "list", "--organization", admin.organizationId, "--json"], { token });
      expect(named).toMatchObject({ code: 0 });
      const unnamed = await command([noun, "list"], { token });
      expect(unnamed).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--organization") });
    }
  });

  it("prefers the flag to the environment", async () => {
    const finished = await command(["sso", "list", "--url", server.url, "--json"], { url: "http://127.0.0.1:1" });
    expect(finished).toMatchObject({ code: 0 });
  });

  it.each([
    ["a server that is not there", ["sso", "list", "--url", "http://127.0.0.1:1"], 1, /http:\/\/127\.0\.0\.1:1/],
    ["what is no URL", ["sso", "list", "--url", "nonsense"], 2, /nonsense/],
    ["no id", ["sso", "get"], 2, /missing required argument/],
    ["a limit of nothing", ["sso", "list", "--limit", "0"], 2, /whole number from 1/],
    ["a limit in words", ["sso", "list", "--limit", "many"], 2, /whole number from 1/],
    [
      "a state that does not exist",
      ["sso", "update", UNKNOWN_ID, "--state", "off"],
      2,
      /inactive, active are accepted/,
    ],
    ["a claim without a value", ["sso", "update", UNKNOWN_ID, "--claims", "email"], 2, /key=value is accepted/],
    ["a lifetime without a unit", ["scim", "create", "--token-expires-in", "90"], 2, /90d, 12h, 30m or 3600s/],
    ["half a truth", ["scim", "update", UNKNOWN_ID, "--enabled", "maybe"], 2, /true and false are accepted/],
    ["a secret as a flag", [...create, "--client-secret", "x"], 2, /unknown option '--client-secret'/],
    [
      "a secret in a file that is not there",
      [...create, "--client-secret-file", "/nowhere/secret"],
      2,
      /\/nowhere\/secret/,
    ],
  ] as const)("says what is wrong with %s", async (_, args, code, says) => {
    const finished = await command(args);
    expect(finished).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(says) });
    expect(finished.stderr).not.toMatch(/^\s+at /m);
  });
});
