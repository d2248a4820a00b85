import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hashToken } from "../../src/lib/tokens.ts";
import { callJson } from "../support/call.ts";
import { openDumper } from "../support/dump.ts";
import { errorOf } from "../support/errors.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const DAY = 86_400;
const YEAR = 365 * DAY;

describe.each(ENGINES)("SCIM configurations on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;
  let ssoConfigurationId: string;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
    ssoConfigurationId = await createSso(admin);
  });

  const call = (method: string, request: unknown, token = admin.token) => callJson(server, method, request, { token });

  async function createSso(user: TestUser): Promise<string> {
    const fields = { clientId: "client", clientSecret: "very secret", issuerUrl: "https://accounts.example.com" };
    const request = { organizationId: user.organizationId, ...fields };
    return (await call("CreateSSOConfiguration", request, user.token)).body.ssoConfiguration.id;
  }

  async function create(fields: object = {}) {
    const { status, body } = await call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId, ...fields });
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    return body;
  }

  async function read(scimConfigurationId: string) {
    return (await call("GetSCIMConfiguration", { scimConfigurationId })).body.scimConfiguration;
  }

  async function update(scimConfigurationId: string, changes: object) {
    const { status, body } = await call("UpdateSCIMConfiguration", { scimConfigurationId, ...changes });
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    expect(await read(scimConfigurationId)).toEqual(body.scimConfiguration);
    return body.scimConfiguration;
  }

  async function regenerate(scimConfigurationId: string, fields: object = {}) {
    const { status, body } = await call("RegenerateSCIMToken", { scimConfigurationId, ...fields });
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    return body;
  }

  const stored = (id: string) => server.storage.read.scimConfigurations.get(organizationId, id);

  /** Seconds from a moment of the server's clock to a timestamp. */
  const lifetime = (from: number, timestamp: string) => Math.round((Date.parse(timestamp) - from) / 1000);

  async function auditActions(): Promise<string[]> {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    return items.map((entry) => entry.action).filter((action) => action.startsWith("scim_configuration."));
  }

  it("comes out enabled, linked, with a token of a year that is shown this once", async () => {
    const before = server.clock.now();
    const created = await create();
    expect(created).toEqual({
      scimConfiguration: {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
        organizationId,
        enabled: true,
        ssoConfigurationId,
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: created.scimConfiguration.createdAt,
        tokenExpiresAt: created.tokenExpiresAt,
      },
      token: expect.stringMatching(/^oss_[\w-]{49}$/),
      tokenExpiresAt: expect.stringMatching(/Z$/),
    });
    expect(Date.parse(created.scimConfiguration.createdAt)).toBeGreaterThanOrEqual(before);
    expect(lifetime(Date.parse(created.scimConfiguration.createdAt), created.tokenExpiresAt)).toBe(YEAR);
    expect(await read(created.scimConfiguration.id)).toEqual(created.scimConfiguration);
  });

  it("takes a name and the linking of unverified addresses", async () => {
    const { scimConfiguration } = await create({ name: "Entra 😀", allowUnverifiedEmailAccountLinking: true });
    expect(scimConfiguration).toMatchObject({ name: "Entra 😀", allowUnverifiedEmailAccountLinking: true });
    const explicit = await create({ name: "", allowUnverifiedEmailAccountLinking: false });
    expect(explicit.scimConfiguration).not.toHaveProperty("name");
    expect(explicit.scimConfiguration).not.toHaveProperty("allowUnverifiedEmailAccountLinking");
  });

  it("keeps the token as its hash alone", async () => {
    const { token, scimConfiguration } = await create();
    expect(await stored(scimConfiguration.id)).toMatchObject({ tokenHash: hashToken(token) });
    const dumper = await openDumper(server.database);
    expect(JSON.stringify(await dumper.dump())).not.toContain(token);
    await dumper.close();
  });

  it("never shows the token again", async () => {
    const { token, scimConfiguration } = await create();
    const { id: scimConfigurationId } = scimConfiguration;
    const answers = [
      await call("GetSCIMConfiguration", { scimConfigurationId }),
      await call("ListSCIMConfigurations", {}),
      await call("UpdateSCIMConfiguration", { scimConfigurationId, name: "x" }),
      await call("UpdateSCIMConfiguration", { scimConfigurationId }),
      await call("DeleteSCIMConfiguration", { scimConfigurationId }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(token);
      expect(body).not.toHaveProperty("token");
    }
  });

  it.each([
    ["the shortest", "86400s", DAY],
    ["the longest", "63072000s", 730 * DAY],
    ["90 days, as the documentation writes them", "7776000s", 90 * DAY],
    ["a leading plus", "+7776000s", 90 * DAY],
    ["a fraction, rounded up", "86400.5s", DAY + 1],
    ["a plus and a fraction", "+86400.500s", DAY + 1],
    ["a bare point at the end", "86400.s", DAY],
  ])("takes %s as the lifetime of the token", async (_, tokenExpiresIn, seconds) => {
    const created = await create({ tokenExpiresIn });
    const { createdAt, tokenExpiresAt } = created.scimConfiguration;
    expect(lifetime(Date.parse(createdAt), tokenExpiresAt)).toBe(seconds);
    expect(created.tokenExpiresAt).toBe(tokenExpiresAt);
    const again = await regenerate(created.scimConfiguration.id, { tokenExpiresIn });
    const { updatedAt } = await read(created.scimConfiguration.id);
    expect(lifetime(Date.parse(updatedAt), again.tokenExpiresAt)).toBe(seconds);
  });

  it("takes null for what is not said", async () => {
    const created = await create({ name: null, tokenExpiresIn: null, allowUnverifiedEmailAccountLinking: null });
    const { createdAt, tokenExpiresAt } = created.scimConfiguration;
    expect(lifetime(Date.parse(createdAt), tokenExpiresAt)).toBe(YEAR);
  });

  it("replaces the token, and the old one is dead at once", async () => {
    const { token: old, scimConfiguration } = await create();
    server.clock.advance(60_000);
    const replaced = await regenerate(scimConfiguration.id);
    expect(replaced).toEqual({ token: expect.stringMatching(/^oss_/), tokenExpiresAt: expect.any(String) });
    expect(replaced.token).not.toBe(old);
    expect((await stored(scimConfiguration.id))?.tokenHash).toBe(hashToken(replaced.token));
    const dumper = await openDumper(server.database);
    expect(JSON.stringify(await dumper.dump())).not.toContain(hashToken(old));
    await dumper.close();
  });

  it("shows the new expiry and the time of the change after a replacement", async () => {
    const { scimConfiguration } = await create({ name: "kept" });
    server.clock.advance(60_000);
    const { tokenExpiresAt } = await regenerate(scimConfiguration.id);
    const after = await read(scimConfiguration.id);
    expect(after).toEqual({ ...scimConfiguration, tokenExpiresAt, updatedAt: after.updatedAt });
    expect(Date.parse(after.updatedAt) - Date.parse(scimConfiguration.updatedAt)).toBeGreaterThanOrEqual(60_000);
  });

  it("gives a replacement the lifetime of the token before, unless told otherwise", async () => {
    const { scimConfiguration } = await create({ tokenExpiresIn: "7776000s" });
    const { id } = scimConfiguration;
    const lifetimes: number[] = [];
    for (const fields of [{}, { tokenExpiresIn: "172800s" }, {}, { tokenExpiresIn: "31536000s" }, {}]) {
      server.clock.advance(3_600_000);
      const { tokenExpiresAt } = await regenerate(id, fields);
      lifetimes.push(lifetime(Date.parse((await read(id)).updatedAt), tokenExpiresAt));
    }
    expect(lifetimes).toEqual([90 * DAY, 2 * DAY, 2 * DAY, YEAR, YEAR]);
  });

  it("changes what is present and leaves the rest, among it the token", async () => {
    const { scimConfiguration, token } = await create({ name: "Entra" });
    const { id } = scimConfiguration;
    server.clock.advance(5000);
    const renamed = await update(id, { name: "Okta" });
    expect(renamed).toEqual({ ...scimConfiguration, name: "Okta", updatedAt: renamed.updatedAt });
    expect(Date.parse(renamed.updatedAt)).toBeGreaterThan(Date.parse(scimConfiguration.updatedAt));
    const disabled = await update(id, { enabled: false });
    expect(disabled).not.toHaveProperty("enabled");
    expect(disabled).toMatchObject({ name: "Okta", ssoConfigurationId });
    expect(await update(id, { enabled: true })).toMatchObject({ enabled: true });
    expect(await update(id, { allowUnverifiedEmailAccountLinking: true })).toMatchObject({
      allowUnverifiedEmailAccountLinking: true,
    });
    expect(await update(id, { name: "" })).not.toHaveProperty("name");
    expect((await stored(id))?.tokenHash).toBe(hashToken(token));
    expect((await read(id)).tokenExpiresAt).toBe(scimConfiguration.tokenExpiresAt);
  });

  it("leaves everything alone when nothing is set or nothing differs, and writes no audit entry", async () => {
    const { scimConfiguration } = await create({ name: "Entra" });
    const { id } = scimConfiguration;
    const before = await stored(id);
    server.clock.advance(5000);
    for (const changes of [
      {},
      { name: "Entra" },
      { enabled: true },
      { ssoConfigurationId },
      { ssoConfigurationId: ssoConfigurationId.toUpperCase() },
      { allowUnverifiedEmailAccountLinking: false },
      { name: null, enabled: null, ssoConfigurationId: null, allowUnverifiedEmailAccountLinking: null },
    ]) {
      expect(await update(id, changes)).toEqual(scimConfiguration);
    }
    expect(await stored(id)).toEqual(before);
    expect(await auditActions()).toEqual(["scim_configuration.create"]);
  });

  it("links to another SSO configuration of the organization, and unlinks with an empty id", async () => {
    const { scimConfiguration } = await create();
    const other = await createSso(admin);
    expect(await update(scimConfiguration.id, { ssoConfigurationId: other })).toMatchObject({
      ssoConfigurationId: other,
    });
    expect(await update(scimConfiguration.id, { ssoConfigurationId: "" })).not.toHaveProperty("ssoConfigurationId");
    expect(await update(scimConfiguration.id, { ssoConfigurationId: "" })).not.toHaveProperty("ssoConfigurationId");
    const id = ssoConfigurationId.toUpperCase();
    expect(await update(scimConfiguration.id, { ssoConfigurationId: id })).toMatchObject({ ssoConfigurationId });
  });

  it("answers a link to another organization's SSO configuration like one to an unknown", async () => {
    const stranger = await server.createUser(await server.createOrganization());
    const foreign = await createSso(stranger);
    const { scimConfiguration } = await create();
    const before = await stored(scimConfiguration.id);
    for (const attempt of [
      (id: string) => call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId: id }),
      (id: string) =>
        call("UpdateSCIMConfiguration", { scimConfigurationId: scimConfiguration.id, ssoConfigurationId: id }),
    ]) {
      const answers = await Promise.all([foreign, UNKNOWN_ID].map(attempt));
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      const [theirs, unknown] = answers.map(({ body }) => ({ ...errorOf(body), requestId: "" }));
      expect(theirs).toMatchObject({ reason: "not_found", message: expect.stringContaining("SSO configuration") });
      expect(theirs).toEqual(unknown);
    }
    expect(await stored(scimConfiguration.id)).toEqual(before);
    expect((await call("ListSCIMConfigurations", {})).body.scimConfigurations).toHaveLength(1);
  });

  it("links in another organization only to an SSO configuration of that one, also for the operator", async () => {
    const stranger = await server.createUser(await server.createOrganization());
    const foreign = await createSso(stranger);
    const operator = await server.createOperatorToken();
    const refused = await call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId: foreign }, operator);
    expect(refused.body.code).toBe("not_found");
    const { scimConfiguration } = await create();
    const request = { scimConfigurationId: scimConfiguration.id, ssoConfigurationId: foreign };
    expect((await call("UpdateSCIMConfiguration", request, operator)).body.code).toBe("not_found");
    expect(await read(scimConfiguration.id)).toEqual(scimConfiguration);
  });

  it("holds back the deletion of its SSO configuration, until it is unlinked or gone", async () => {
    const first = await create();
    const second = await create();
    const ids = [first.scimConfiguration.id, second.scimConfiguration.id];
    const remove = () => call("DeleteSSOConfiguration", { ssoConfigurationId });
    const refused = await remove();
    expect(refused.status).toBe(400);
    expect(errorOf(refused.body)).toMatchObject({
      code: "failed_precondition",
      reason: "sso_configuration_in_use",
      metadata: { scim_configuration_ids: ids.join(",") },
    });
    for (const id of ids) expect(refused.body.message).toContain(id);
    await update(ids[0]!, { ssoConfigurationId: "" });
    expect(errorOf((await remove()).body).metadata).toEqual({ scim_configuration_ids: ids[1] });
    await call("DeleteSCIMConfiguration", { scimConfigurationId: ids[1] });
    expect((await remove()).status).toBe(200);
  });

  it("is gone after delete, for everybody", async () => {
    const { scimConfiguration } = await create();
    const request = { scimConfigurationId: scimConfiguration.id };
    expect((await call("DeleteSCIMConfiguration", request)).body).toEqual({});
    for (const method of [
      "GetSCIMConfiguration",
      "UpdateSCIMConfiguration",
      "RegenerateSCIMToken",
      "DeleteSCIMConfiguration",
    ]) {
      expect((await call(method, request)).body.code).toBe("not_found");
    }
    expect((await call("ListSCIMConfigurations", {})).body).toEqual({ pagination: {} });
  });

  it("is found by an id in capitals", async () => {
    const { scimConfiguration } = await create();
    expect(await read(scimConfiguration.id.toUpperCase())).toEqual(scimConfiguration);
    await regenerate(scimConfiguration.id.toUpperCase());
  });

  it("lists the caller's organization in creation order over pages", async () => {
    const stranger = await server.createUser(await server.createOrganization());
    const foreign = { organizationId: stranger.organizationId, ssoConfigurationId: await createSso(stranger) };
    await call("CreateSCIMConfiguration", foreign, stranger.token);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await create({ name: String(i) })).scimConfiguration.id);
    const seen: string[] = [];
    let query = "";
    for (let page = 0; page < 3; page++) {
      const { body } = await callJson(
        server,
        "ListSCIMConfigurations",
        { pagination: { pageSize: 2 } },
        { ...admin, query },
      );
      seen.push(...body.scimConfigurations.map((each: { id: string }) => each.id));
      query = `?token=${body.pagination.nextToken ?? ""}`;
    }
    expect(seen).toEqual(ids);
    expect(query).toBe("?token=");
    const member = await server.createUser(organizationId, "member");
    const list = await call("ListSCIMConfigurations", {}, member.token);
    expect(list.body.scimConfigurations.map((each: { id: string }) => each.id)).toEqual(ids);
  });

  it("gives 25 when no size is said", async () => {
    for (let i = 0; i < 26; i++) await create();
    const first = await call("ListSCIMConfigurations", {});
    expect(first.body.scimConfigurations).toHaveLength(25);
    const zero = await call("ListSCIMConfigurations", { pagination: { pageSize: 0 } });
    expect(zero.body).toEqual(first.body);
    const all = await call("ListSCIMConfigurations", { pagination: { pageSize: 100 } });
    expect(all.body.scimConfigurations).toHaveLength(26);
  });

  it("refuses the page token of another organization's list and of another method", async () => {
    for (let i = 0; i < 2; i++) await create();
    const stranger = await server.createUser(await server.createOrganization());
    await createSso(admin);
    const page = { pagination: { pageSize: 1 } };
    const own = (await call("ListSCIMConfigurations", page)).body.pagination.nextToken;
    const sso = (await call("ListSSOConfigurations", { organizationId, ...page })).body.pagination.nextToken;
    expect(own).toMatch(/^[\w-]+$/);
    for (const [token, caller] of [
      [own, stranger],
      [sso, admin],
    ] as const) {
      const refused = await call("ListSCIMConfigurations", { pagination: { token } }, caller.token);
      expect(errorOf(refused.body)).toMatchObject({ code: "invalid_argument", reason: "page_token_invalid" });
    }
  });

  describe("for the operator", () => {
    const listFor = (token: string, header?: string) =>
      callJson(server, "ListSCIMConfigurations", {}, { token, headers: header ? { "x-organization-id": header } : {} });

    it("lists the organization that the header names", async () => {
      const { scimConfiguration } = await create();
      const operator = await server.createOperatorToken();
      for (const header of [organizationId, organizationId.toUpperCase(), ` ${organizationId} `]) {
        expect((await listFor(operator, header)).body.scimConfigurations).toEqual([scimConfiguration]);
      }
    });

    it("asks for the header when it is missing, and for a UUID in it", async () => {
      const operator = await server.createOperatorToken();
      const missing = await listFor(operator);
      expect(missing.status).toBe(400);
      expect(errorOf(missing.body)).toMatchObject({ code: "invalid_argument", reason: "organization_required" });
      expect(missing.body.message).toContain("x-organization-id");
      const wrong = await listFor(operator, "acme");
      expect(wrong.status).toBe(400);
      expect(errorOf(wrong.body).violations[0]).toMatchObject({ field: "x-organization-id" });
    });

    it("does everything in every organization", async () => {
      const operator = await server.createOperatorToken();
      const made = await call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId }, operator);
      const request = { scimConfigurationId: made.body.scimConfiguration.id };
      for (const method of [
        "GetSCIMConfiguration",
        "UpdateSCIMConfiguration",
        "RegenerateSCIMToken",
        "DeleteSCIMConfiguration",
      ]) {
        expect((await call(method, request, operator)).status).toBe(200);
      }
    });

    it("lets a user's header change nothing", async () => {
      await create();
      const stranger = await server.createUser(await server.createOrganization());
      expect((await listFor(stranger.token, organizationId)).body).toEqual({ pagination: {} });
      expect((await listFor(stranger.token, "acme")).body).toEqual({ pagination: {} });
    });
  });

  it("says not_found for an organization that does not exist", async () => {
    const operator = await server.createOperatorToken();
    const request = { organizationId: UNKNOWN_ID, ssoConfigurationId };
    for (const token of [operator, admin.token]) {
      const { status, body } = await call("CreateSCIMConfiguration", request, token);
      expect(status).toBe(404);
      expect(body.message).toContain("organization not found");
    }
  });

  it("leaves an audit entry per change, without the token", async () => {
    const { token, scimConfiguration } = await create({ name: "Entra" });
    await update(scimConfiguration.id, { enabled: false });
    const replaced = await regenerate(scimConfiguration.id);
    await call("DeleteSCIMConfiguration", { scimConfigurationId: scimConfiguration.id });
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    const entries = items.filter(({ subjectId }) => subjectId === scimConfiguration.id);
    expect(entries.map(({ action }) => action)).toEqual([
      "scim_configuration.create",
      "scim_configuration.update",
      "scim_configuration.regenerate_token",
      "scim_configuration.delete",
    ]);
    for (const entry of entries) expect(entry).toMatchObject({ actorId: admin.userId, actorPrincipal: "user" });
    expect(entries[1]).toMatchObject({ before: { enabled: true }, after: { enabled: false } });
    for (const secret of [token, replaced.token, hashToken(token), hashToken(replaced.token)]) {
      expect(JSON.stringify(entries)).not.toContain(secret);
    }
  });

  it("loses nothing of either of two updates at the same moment", async () => {
    const { scimConfiguration } = await create();
    const { id } = scimConfiguration;
    for (let round = 0; round < 10; round++) {
      const linking = round % 2 === 0;
      await Promise.all([
        call("UpdateSCIMConfiguration", { scimConfigurationId: id, name: `name ${round}` }),
        call("UpdateSCIMConfiguration", { scimConfigurationId: id, allowUnverifiedEmailAccountLinking: linking }),
        call("RegenerateSCIMToken", { scimConfigurationId: id, tokenExpiresIn: `${DAY + round}s` }),
      ]);
      expect(await stored(id)).toMatchObject({
        name: `name ${round}`,
        allowUnverifiedEmailAccountLinking: linking,
        tokenLifetime: DAY + round,
      });
    }
  });

  it("keeps one token alive, whoever replaces it at the same moment", async () => {
    const { scimConfiguration } = await create();
    const replaced = await Promise.all(Array.from({ length: 5 }, () => regenerate(scimConfiguration.id)));
    const hash = (await stored(scimConfiguration.id))?.tokenHash;
    expect(replaced.filter(({ token }) => hashToken(token) === hash)).toHaveLength(1);
  });

  it("never leaves a link to an SSO configuration that is deleted at the same moment", async () => {
    for (let round = 0; round < 10; round++) {
      const doomed = await createSso(admin);
      const [made, deleted] = await Promise.all([
        call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId: doomed }),
        call("DeleteSSOConfiguration", { ssoConfigurationId: doomed }),
      ]);
      expect([made.status, deleted.status].sort()).toEqual(made.status === 200 ? [200, 400] : [200, 404]);
    }
  });

  it("is seen by every replica at once", async () => {
    const replica = await server.replica();
    const { scimConfiguration } = await create();
    const request = { scimConfigurationId: scimConfiguration.id, enabled: false };
    await callJson(replica, "UpdateSCIMConfiguration", request, admin);
    expect(await read(scimConfiguration.id)).not.toHaveProperty("enabled");
  });
});
