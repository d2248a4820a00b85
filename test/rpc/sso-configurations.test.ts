import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";

describe.each(ENGINES)("SSO configurations on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
  });

  const call = (method: string, request: unknown, token = admin.token) => callJson(server, method, request, { token });

  async function create(fields: object = {}) {
    const { status, body } = await call("CreateSSOConfiguration", {
      organizationId,
      clientId: "client",
      clientSecret: "very secret",
      issuerUrl: "https://accounts.example.com",
      ...fields,
    });
    expect(body.code).toBeUndefined();
    expect(status).toBe(200);
    return body.ssoConfiguration;
  }

  async function read(ssoConfigurationId: string) {
    return (await call("GetSSOConfiguration", { ssoConfigurationId })).body.ssoConfiguration;
  }

  async function update(ssoConfigurationId: string, changes: object) {
    const { status, body } = await call("UpdateSSOConfiguration", { ssoConfigurationId, ...changes });
    expect(body).toEqual({});
    expect(status).toBe(200);
    return read(ssoConfigurationId);
  }

  async function auditActions() {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    return items.map((entry) => entry.action);
  }

  it("comes out ACTIVE and CUSTOM, without its secret", async () => {
    const created = await create({ displayName: "Acme", additionalScopes: ["groups"], emailDomain: "Acme.com." });
    expect(created).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      organizationId,
      clientId: "client",
      issuerUrl: "https://accounts.example.com",
      state: "SSO_CONFIGURATION_STATE_ACTIVE",
      providerType: "PROVIDER_TYPE_CUSTOM",
      displayName: "Acme",
      additionalScopes: ["groups"],
      emailDomain: "acme.com",
      emailDomains: ["acme.com"],
    });
    expect(await read(created.id)).toEqual(created);
  });

  it("is found by an id in capitals", async () => {
    const created = await create();
    expect(await read(created.id.toUpperCase())).toEqual(created);
  });

  it("changes what is present and leaves the rest", async () => {
    const created = await create({ displayName: "Acme", additionalScopes: ["groups"], claimsExpression: "true" });
    expect(await update(created.id, { displayName: "New" })).toEqual({ ...created, displayName: "New" });
    expect(await update(created.id, { clientId: "other", clientSecret: "s2" })).toMatchObject({ clientId: "other" });
    expect(await update(created.id, { state: "SSO_CONFIGURATION_STATE_INACTIVE" })).toMatchObject({
      state: "SSO_CONFIGURATION_STATE_INACTIVE",
      clientId: "other",
      displayName: "New",
    });
    expect(await update(created.id, { issuerUrl: "https://login.example.org" })).toMatchObject({
      issuerUrl: "https://login.example.org",
      state: "SSO_CONFIGURATION_STATE_INACTIVE",
    });
  });

  it("leaves everything alone when nothing is set, and writes no audit entry", async () => {
    const created = await create();
    const before = await server.storage.read.ssoConfigurations.get(organizationId, created.id);
    server.clock.advance(5000);
    expect(await update(created.id, {})).toEqual(created);
    expect(await update(created.id, { state: "SSO_CONFIGURATION_STATE_UNSPECIFIED" })).toEqual(created);
    expect(await update(created.id, { state: null, displayName: null, claims: null, additionalScopes: null })).toEqual(
      created,
    );
    expect(await update(created.id, { clientId: "client", claims: {}, emailDomains: [] })).toEqual(created);
    expect(await server.storage.read.ssoConfigurations.get(organizationId, created.id)).toEqual(before);
    expect((await auditActions()).filter((action) => action === "sso_configuration.update")).toEqual([]);
  });

  it("tells an absent list of scopes from an empty one", async () => {
    const created = await create({ additionalScopes: ["a", "b"] });
    expect((await update(created.id, { displayName: "x" })).additionalScopes).toEqual(["a", "b"]);
    expect((await update(created.id, { additionalScopes: { scopes: ["c"] } })).additionalScopes).toEqual(["c"]);
    expect((await update(created.id, { additionalScopes: {} })).additionalScopes).toBeUndefined();
  });

  it("clears the claims expression and the display name with an empty text", async () => {
    const created = await create({ claimsExpression: "claims.admin == true", displayName: "x" });
    expect(created.claimsExpression).toBe("claims.admin == true");
    expect(await update(created.id, { claimsExpression: "", displayName: "" })).not.toHaveProperty("claimsExpression");
    expect(await read(created.id)).not.toHaveProperty("displayName");
  });

  it("replaces the claims mapping with a non-empty one, and keeps keys it does not know", async () => {
    const created = await create();
    expect((await update(created.id, { claims: { email: "upn", other: "x" } })).claims).toEqual({
      email: "upn",
      other: "x",
    });
    expect((await update(created.id, { claims: {} })).claims).toEqual({ email: "upn", other: "x" });
    expect((await update(created.id, { claims: { name: "cn" } })).claims).toEqual({ name: "cn" });
  });

  it.each([
    ["only the single one", ["a.com"], { emailDomain: "B.com" }, ["b.com"]],
    ["a single one that is there already", ["a.com", "b.com"], { emailDomain: "b.com." }, ["a.com", "b.com"]],
    ["only the list", ["a.com"], { emailDomains: ["c.com", "D.com"] }, ["c.com", "d.com"]],
    [
      "both, the single one in the list",
      ["a.com"],
      { emailDomain: "d.com", emailDomains: ["c.com", "d.com"] },
      ["d.com", "c.com"],
    ],
    ["both, the single one missing", ["a.com"], { emailDomain: "e.com", emailDomains: ["c.com"] }, ["e.com", "c.com"]],
    ["an empty list", ["a.com"], { emailDomains: [] }, ["a.com"]],
    ["a single one without a dot", ["a.com"], { emailDomain: "xxxx" }, ["xxxx"]],
  ])("keeps one set of email domains: %s", async (_, before, change, after) => {
    const created = await create({ emailDomains: before });
    const updated = await update(created.id, change);
    expect(updated.emailDomains).toEqual(after);
    expect(updated.emailDomain).toBe(after[0]);
  });

  it("lists in creation order over pages, by body and by query string", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await create({ displayName: String(i) })).id);
    const first = await call("ListSSOConfigurations", { organizationId, pagination: { pageSize: 2 } });
    expect(first.body.ssoConfigurations.map((c: { id: string }) => c.id)).toEqual(ids.slice(0, 2));
    const second = await callJson(
      server,
      "ListSSOConfigurations",
      { organizationId, pagination: { pageSize: 1, token: "the query wins" } },
      { token: admin.token, query: `?pageSize=2&token=${first.body.pagination.nextToken}&other=1` },
    );
    expect(second.body.ssoConfigurations.map((c: { id: string }) => c.id)).toEqual(ids.slice(2, 4));
    const last = await callJson(
      server,
      "ListSSOConfigurations",
      { organizationId, pagination: { pageSize: 2, token: second.body.pagination.nextToken } },
      { token: admin.token, query: "?token=&pageSize=" },
    );
    expect(last.body.ssoConfigurations.map((c: { id: string }) => c.id)).toEqual(ids.slice(4));
    expect(last.body.pagination).toEqual({});
  });

  it("refuses a page token of another list, and one that was never given out", async () => {
    for (let i = 0; i < 3; i++) await create();
    const { body } = await call("ListSSOConfigurations", { organizationId, pagination: { pageSize: 1 } });
    const other = await server.createOrganization();
    const stranger = await server.createUser(other);
    for (const [token, caller, org] of [
      [body.pagination.nextToken, stranger, other],
      ["bm90IG91cnM", admin, organizationId],
    ] as const) {
      const refused = await call("ListSSOConfigurations", { organizationId: org, pagination: { token } }, caller.token);
      expect(refused.status).toBe(400);
      expect(refused.body.message).toContain("pagination.token");
    }
  });

  it("is gone after a delete", async () => {
    const created = await create();
    expect((await call("DeleteSSOConfiguration", { ssoConfigurationId: created.id })).body).toEqual({});
    expect((await call("GetSSOConfiguration", { ssoConfigurationId: created.id })).status).toBe(404);
    expect((await call("DeleteSSOConfiguration", { ssoConfigurationId: created.id })).status).toBe(404);
  });

  it("is not deleted while a SCIM configuration links to it, which is named", async () => {
    const created = await create();
    const scim = await call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId: created.id });
    const refused = await call("DeleteSSOConfiguration", { ssoConfigurationId: created.id });
    expect(refused.status).toBe(400);
    expect(refused.body.code).toBe("failed_precondition");
    expect(refused.body.message).toContain(scim.body.scimConfiguration.id);
    expect(await read(created.id)).toEqual(created);
  });

  it("answers another organization's id like an unknown one, to the byte", async () => {
    const created = await create();
    const stranger = await server.createUser(await server.createOrganization());
    for (const [method, fields] of [
      ["GetSSOConfiguration", {}],
      ["UpdateSSOConfiguration", { displayName: "mine" }],
      ["DeleteSSOConfiguration", {}],
    ] as const) {
      const answers = await Promise.all(
        [created.id, UNKNOWN_ID].map((ssoConfigurationId) =>
          call(method, { ssoConfigurationId, ...fields }, stranger.token),
        ),
      );
      expect(answers.map((answer) => answer.status)).toEqual([404, 404]);
      const [foreign, unknown] = answers.map(({ body }) => ({ ...body, details: undefined }));
      expect(foreign).toEqual(unknown);
    }
    expect(await read(created.id)).toEqual(created);
  });

  it("loses nothing of either of two updates at the same moment", async () => {
    const created = await create();
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        call("UpdateSSOConfiguration", { ssoConfigurationId: created.id, displayName: `name ${round}` }),
        call("UpdateSSOConfiguration", { ssoConfigurationId: created.id, clientId: `client ${round}` }),
        call("UpdateSSOConfiguration", { ssoConfigurationId: created.id, additionalScopes: { scopes: [`s${round}`] } }),
      ]);
      expect(await read(created.id)).toMatchObject({
        displayName: `name ${round}`,
        clientId: `client ${round}`,
        additionalScopes: [`s${round}`],
      });
    }
  });

  it("carries out many updates that come together one after another, and refuses alone those that it refuses", async () => {
    const created = await create({ emailDomains: ["acme.com"] });
    const stranger = await server.createUser(await server.createOrganization());
    const updateAs = ({ token }: TestUser, changes: object) =>
      call("UpdateSSOConfiguration", { ssoConfigurationId: created.id, ...changes }, token);
    const names = Array.from({ length: 40 }, (_, n) => `name ${n}`);
    const [named, unchanged, refused, foreign, secret] = await Promise.all([
      Promise.all(names.map((displayName) => updateAs(admin, { displayName }))),
      updateAs(admin, { emailDomains: ["acme.com"] }),
      updateAs(admin, { emailDomains: ["a.com", "A.com"] }),
      updateAs(stranger, { displayName: "mine" }),
      updateAs(admin, { clientSecret: "another secret" }),
    ]);
    expect(named.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect([unchanged, refused, foreign, secret].map(({ status }) => status)).toEqual([200, 400, 404, 200]);

    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    const updates = items.filter(({ action }) => action === "sso_configuration.update");
    expect(updates).toHaveLength(names.length + 1);
    // Each begins with what the one before it has left.
    let shown: Record<string, unknown> = { ...items.find(({ subjectId }) => subjectId === created.id)?.after };
    for (const { before, after } of updates) {
      expect(before).toEqual(shown);
      shown = { ...after, clientSecret: "[redacted]" };
    }
    expect(updates.map(({ after }) => after?.displayName)).toEqual(expect.arrayContaining(names));
    expect(updates.filter(({ after }) => after?.clientSecret === "[redacted] (replaced)")).toHaveLength(1);
    expect(await read(created.id)).toEqual({ ...created, displayName: shown.displayName });
  });

  it("refuses a claims expression that does not compile, with the offset", async () => {
    const created = await create();
    const refused = await call("UpdateSSOConfiguration", {
      ssoConfigurationId: created.id,
      claimsExpression: "claims.email == ",
    });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toMatch(/claims_expression: does not compile at offset \d+/);
    expect(await read(created.id)).toEqual(created);
  });

  it("is seen by every replica at once", async () => {
    const replica = await server.replica();
    const created = await create();
    await callJson(replica, "UpdateSSOConfiguration", { ssoConfigurationId: created.id, displayName: "there" }, admin);
    expect(await read(created.id)).toMatchObject({ displayName: "there" });
  });
});
