import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";

describe.each(ENGINES)("what an organization decides about itself, on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;
  let member: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
    member = await server.createUser(organizationId, "member");
  });

  const call = (method: string, request: object = {}, token = admin.token) =>
    callJson(server, method, { organizationId, ...request }, { token });

  async function ok(method: string, request: object = {}, token = admin.token) {
    const { status, body } = await call(method, request, token);
    expect(body.code).toBeUndefined();
    expect(status).toBe(200);
    return body;
  }

  async function audit(subjectType: string) {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    return items.filter((entry) => entry.subjectType === subjectType);
  }

  const reasonOf = ({ body }: { body: { details?: { debug?: { reason?: string } }[] } }) =>
    body.details?.[0]?.debug?.reason;

  it.each([
    "GetAnnouncementBanner",
    "UpdateAnnouncementBanner",
    "GetOIDCConfig",
    "GetOrganizationPolicies",
    "UpdateOrganizationPolicies",
    "GetCustomDomain",
    "DeleteCustomDomain",
  ])("%s answers for another organization as for none", async (method) => {
    const stranger = await server.createUser(await server.createOrganization());
    const foreign = await call(method, {}, stranger.token);
    const unknown = await callJson(server, method, { organizationId: UNKNOWN_ID }, { token: stranger.token });
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(foreign.body.message).toBe(unknown.body.message);
    const operator = await server.createOperatorToken();
    const nowhere = await callJson(server, method, { organizationId: UNKNOWN_ID }, { token: operator });
    expect(nowhere.status).toBe(404);
  });

  describe("announcement banner", () => {
    it("is empty and off at first", async () => {
      expect(await ok("GetAnnouncementBanner", {}, member.token)).toEqual({ banner: { organizationId } });
    });

    it("changes what is present", async () => {
      const written = await ok("UpdateAnnouncementBanner", { message: "**Maintenance** on Sunday" });
      expect(written).toEqual({ banner: { organizationId, message: "**Maintenance** on Sunday" } });
      const shown = await ok("UpdateAnnouncementBanner", { enabled: true });
      expect(shown).toEqual({ banner: { organizationId, message: "**Maintenance** on Sunday", enabled: true } });
      expect(await ok("GetAnnouncementBanner", {}, member.token)).toEqual(shown);
      expect(await ok("UpdateAnnouncementBanner", { message: "", enabled: false })).toEqual({
        banner: { organizationId },
      });
      expect((await audit("announcement_banner")).map(({ before, after }) => [before, after])).toEqual([
        [
          { message: "", enabled: false },
          { message: "**Maintenance** on Sunday", enabled: false },
        ],
        [
          { message: "**Maintenance** on Sunday", enabled: false },
          { message: "**Maintenance** on Sunday", enabled: true },
        ],
        [
          { message: "**Maintenance** on Sunday", enabled: true },
          { message: "", enabled: false },
        ],
      ]);
    });

    it("leaves no audit entry when nothing changes", async () => {
      await ok("UpdateAnnouncementBanner", {});
      await ok("UpdateAnnouncementBanner", { message: "", enabled: false });
      expect(await audit("announcement_banner")).toEqual([]);
    });

    it("has at most 1000 characters", async () => {
      const message = "😀".repeat(1000);
      expect((await ok("UpdateAnnouncementBanner", { message })).banner.message).toBe(message);
      expect((await call("UpdateAnnouncementBanner", { message: `${message}.` })).status).toBe(400);
      expect((await ok("GetAnnouncementBanner")).banner.message).toBe(message);
    });

    it("is written by admins alone", async () => {
      expect((await call("UpdateAnnouncementBanner", { enabled: true }, member.token)).status).toBe(403);
      expect(await ok("GetAnnouncementBanner")).toEqual({ banner: { organizationId } });
    });

    it("loses nothing of two updates at once", async () => {
      await Promise.all([
        ok("UpdateAnnouncementBanner", { message: "text" }),
        ok("UpdateAnnouncementBanner", { enabled: true }),
      ]);
      expect((await ok("GetAnnouncementBanner")).banner).toEqual({ organizationId, message: "text", enabled: true });
    });
  });

  describe("custom domain", () => {
    const domainName = "Dev.Example.com.";

    it("does not exist at first", async () => {
      const answer = await call("GetCustomDomain");
      expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
      expect((await call("UpdateCustomDomain", { domainName })).status).toBe(404);
      expect((await call("DeleteCustomDomain")).status).toBe(404);
    });

    it("is created, read, changed and deleted", async () => {
      const { customDomain } = await ok("CreateCustomDomain", {
        domainName,
        provider: "CUSTOM_DOMAIN_PROVIDER_AWS",
        cloudAccountId: "123456789012",
      });
      expect(customDomain).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        organizationId,
        domainName: "dev.example.com",
        provider: "CUSTOM_DOMAIN_PROVIDER_AWS",
        awsAccountId: "123456789012",
        cloudAccountId: "123456789012",
        createdAt: expect.any(String),
        updatedAt: customDomain.createdAt,
      });
      expect((await ok("GetCustomDomain", {}, member.token)).customDomain).toEqual(customDomain);

      server.clock.advance(5_000);
      const changed = await ok("UpdateCustomDomain", {
        domainName: "dev.example.org",
        provider: "CUSTOM_DOMAIN_PROVIDER_GCP",
        cloudAccountId: "a-project",
      });
      expect(changed.customDomain).toMatchObject({
        id: customDomain.id,
        domainName: "dev.example.org",
        provider: "CUSTOM_DOMAIN_PROVIDER_GCP",
        cloudAccountId: "a-project",
        createdAt: customDomain.createdAt,
      });
      expect(changed.customDomain.awsAccountId).toBeUndefined();
      expect(Date.parse(changed.customDomain.updatedAt)).toBeGreaterThan(Date.parse(customDomain.updatedAt));

      expect(await ok("DeleteCustomDomain")).toEqual({});
      expect((await call("GetCustomDomain")).status).toBe(404);
      expect((await audit("custom_domain")).map(({ action }) => action)).toEqual([
        "custom_domain.create",
        "custom_domain.update",
        "custom_domain.delete",
      ]);
    });

    it("takes the account by its older name, and the newer one wins", async () => {
      const created = await ok("CreateCustomDomain", { domainName, awsAccountId: "111111111111" });
      expect(created.customDomain).toMatchObject({ awsAccountId: "111111111111", cloudAccountId: "111111111111" });
      const both = { domainName, awsAccountId: "222222222222", cloudAccountId: "333333333333" };
      expect((await ok("UpdateCustomDomain", both)).customDomain).toMatchObject({ cloudAccountId: "333333333333" });
      const removed = await ok("UpdateCustomDomain", { domainName, awsAccountId: "" });
      expect(removed.customDomain.cloudAccountId).toBeUndefined();
    });

    it("stays as it is when an update says the same", async () => {
      const { customDomain } = await ok("CreateCustomDomain", { domainName });
      server.clock.advance(5_000);
      expect((await ok("UpdateCustomDomain", { domainName })).customDomain).toEqual(customDomain);
      expect(await audit("custom_domain")).toHaveLength(1);
    });

    it("is one per organization, and no secret of another one", async () => {
      await ok("CreateCustomDomain", { domainName });
      const again = await call("CreateCustomDomain", { domainName: "other.example.com" });
      expect([again.status, again.body.code]).toEqual([409, "already_exists"]);
      const other = await server.createUser(await server.createOrganization());
      const elsewhere = await callJson(
        server,
        "CreateCustomDomain",
        { organizationId: other.organizationId, domainName },
        { token: other.token },
      );
      expect(elsewhere.status).toBe(200);
    });

    it.each([
      ["no host name", { domainName: "not a host" }],
      ["an undefined provider", { domainName, provider: 9 }],
      ["an empty name", { domainName: "" }],
    ])("refuses %s", async (_title, request) => {
      expect((await call("CreateCustomDomain", request)).status).toBe(400);
      expect((await call("GetCustomDomain")).status).toBe(404);
    });

    it("is written by admins alone", async () => {
      expect((await call("CreateCustomDomain", { domainName }, member.token)).status).toBe(403);
      await ok("CreateCustomDomain", { domainName });
      expect((await call("UpdateCustomDomain", { domainName: "a.example" }, member.token)).status).toBe(403);
      expect((await call("DeleteCustomDomain", {}, member.token)).status).toBe(403);
      expect((await ok("GetCustomDomain")).customDomain.domainName).toBe("dev.example.com");
    });
  });

  describe("form of ID tokens", () => {
    it("is v3 without extra fields at first", async () => {
      expect(await ok("GetOIDCConfig")).toEqual({ oidcConfig: { v3: {} } });
    });

    it("is replaced", async () => {
      const v3 = { oidcConfig: { v3: { extraSubFields: ["email", "account_id"] } } };
      expect(await ok("UpdateOIDCConfig", v3)).toEqual(v3);
      expect(await ok("GetOIDCConfig")).toEqual(v3);
      expect(await ok("UpdateOIDCConfig", { oidcConfig: { v2: {} } })).toEqual({ oidcConfig: { v2: {} } });
      expect(await ok("GetOIDCConfig")).toEqual({ oidcConfig: { v2: {} } });
      expect((await audit("organization")).slice(1).map(({ action, after }) => [action, after])).toEqual([
        ["oidc_config.update", { oidcConfig: { version: "v3", extraSubFields: ["email", "account_id"] } }],
        ["oidc_config.update", { oidcConfig: { version: "v2", extraSubFields: [] } }],
      ]);
    });

    it("leaves no audit entry when nothing changes", async () => {
      await ok("UpdateOIDCConfig", { oidcConfig: { v3: {} } });
      expect(await audit("organization")).toHaveLength(1);
    });

    it("refuses keys that the server does not know", async () => {
      const request = { oidcConfig: { v3: { extraSubFields: ["email", "runner_id"] } } };
      const answer = await call("UpdateOIDCConfig", request);
      expect([answer.status, reasonOf(answer)]).toEqual([400, "REASON_OIDC_SUB_FIELD_UNKNOWN"]);
      expect(answer.body.details[0].debug.metadata).toEqual({ field: "runner_id" });
      expect(await ok("GetOIDCConfig")).toEqual({ oidcConfig: { v3: {} } });
    });

    it.each([
      ["neither form", { oidcConfig: {} }],
      ["nothing", {}],
      ["a key twice", { oidcConfig: { v3: { extraSubFields: ["email", "email"] } } }],
    ])("refuses %s", async (_title, request) => {
      expect((await call("UpdateOIDCConfig", request)).status).toBe(400);
    });

    it("is not for members", async () => {
      expect((await call("GetOIDCConfig", {}, member.token)).status).toBe(403);
      expect((await call("UpdateOIDCConfig", { oidcConfig: { v2: {} } }, member.token)).status).toBe(403);
    });
  });

  describe("SetStripeCustomerID", () => {
    it("is documented to do nothing", async () => {
      const answer = await call("SetStripeCustomerID", { stripeCustomerId: "cus_1" });
      expect([answer.status, answer.body.code, reasonOf(answer)]).toEqual([
        501,
        "unimplemented",
        "REASON_UNIMPLEMENTED",
      ]);
      expect(await audit("organization")).toHaveLength(1);
    });
  });

  it("is safe from a foreign organization's admin", async () => {
    const stranger = await server.createUser(await server.createOrganization());
    await ok("CreateCustomDomain", { domainName: "dev.example.com" });
    const writes: [string, object][] = [
      ["UpdateAnnouncementBanner", { message: "x" }],
      ["UpdateCustomDomain", { domainName: "x.example" }],
      ["DeleteCustomDomain", {}],
      ["CreateCustomDomain", { domainName: "x.example" }],
      ["UpdateOIDCConfig", { oidcConfig: { v2: {} } }],
      ["UpdateOrganizationPolicies", { allowLocalRunners: true }],
    ];
    for (const [method, request] of writes) expect((await call(method, request, stranger.token)).status).toBe(404);
    expect(await ok("GetAnnouncementBanner")).toEqual({ banner: { organizationId } });
    expect((await ok("GetCustomDomain")).customDomain.domainName).toBe("dev.example.com");
    expect(await ok("GetOIDCConfig")).toEqual({ oidcConfig: { v3: {} } });
    expect(await ok("GetOrganizationPolicies")).toEqual({ policies: { organizationId, agentPolicy: {} } });
  });
});
