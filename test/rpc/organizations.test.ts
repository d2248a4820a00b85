import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { changeUser, proveDomain } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

describe.each(ENGINES)("organizations on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId, "admin", "ada@acme.example");
  });

  const call = (method: string, request: unknown, token = admin.token) => callJson(server, method, request, { token });

  async function succeed(method: string, request: unknown, token?: string) {
    const { status, body } = await call(method, request, token);
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    return body;
  }

  async function refuse(method: string, request: unknown, token?: string) {
    const { body } = await call(method, request, token);
    expect(body).toHaveProperty("code");
    return errorOf(body);
  }

  const read = async (id = organizationId) =>
    (await succeed("GetOrganization", { organizationId: id }, await operator())).organization;

  let operatorToken: string | undefined;
  async function operator(): Promise<string> {
    operatorToken ??= await server.createOperatorToken();
    return operatorToken;
  }

  async function entries(id: string | undefined = organizationId) {
    return (await server.storage.read.auditEntries.list(id ?? "", {}, "oldest", { limit: 100 })).items;
  }

  describe("CreateOrganization", () => {
    it("makes an organization that nobody belongs to", async () => {
      const { organization, ...rest } = await succeed("CreateOrganization", { name: "  New one  " });
      expect(rest).toEqual({});
      expect(organization).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: "New one",
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: organization.createdAt,
        inviteDomains: {},
        tier: "ORGANIZATION_TIER_ENTERPRISE",
      });
      expect(await read(organization.id)).toEqual(organization);
      // It is not the caller's.
      expect(await refuse("GetOrganization", { organizationId: organization.id })).toMatchObject({ code: "not_found" });
    });

    it("lets the caller join as its first admin, whose token of the new organization works", async () => {
      const created = await succeed("CreateOrganization", { name: "Mine", joinOrganization: true });
      expect(created.member).toEqual({
        userId: expect.any(String),
        role: "ORGANIZATION_ROLE_ADMIN",
        memberSince: expect.stringMatching(/Z$/),
        fullName: "ada@acme.example",
        email: "ada@acme.example",
        status: "USER_STATUS_ACTIVE",
        loginProvider: "custom",
      });
      expect(created.member.userId).not.toBe(admin.userId);
      const { body } = await callJson(
        server,
        "CreatePersonalAccessToken",
        { userId: created.member.userId },
        { service: "gitpod.v1.UserService", token: admin.token },
      );
      const id = created.organization.id;
      const { organization } = await succeed("UpdateOrganization", { organizationId: id, name: "Ours" }, body.token);
      expect(organization.name).toBe("Ours");
    });

    it("names the person, not the user of another organization, in the new one's audit log", async () => {
      const { organization } = await succeed("CreateOrganization", { name: "Mine", joinOrganization: true });
      const [created, joined] = await entries(organization.id);
      for (const entry of [created, joined]) {
        expect(entry).toMatchObject({
          actorId: admin.accountId,
          actorPrincipal: "account",
          action: "organization.create",
          operation: "create",
        });
      }
      expect([created?.subjectType, joined?.subjectType]).toEqual(["organization", "user"]);
    });

    it("opens it to the domain of the caller's email", async () => {
      const { organization } = await succeed("CreateOrganization", {
        name: "Open",
        inviteAccountsWithMatchingDomain: true,
      });
      expect(organization.inviteDomains).toEqual({ domains: ["acme.example"] });
    });

    it.each([
      ["of a public mail provider", "somebody@gmail.com", "gmail.com"],
      ["that is no domain", "admin@localhost", "admin@localhost"],
    ])("refuses to open it to a domain %s", async (_, email, named) => {
      await changeUser(server.storage, admin, { email });
      const error = await refuse("CreateOrganization", { name: "Open", inviteAccountsWithMatchingDomain: true });
      expect(error).toMatchObject({ code: "invalid_argument", reason: "request_invalid" });
      expect(error.violations[0]?.field).toBe("invite_accounts_with_matching_domain");
      expect(error.message).toContain(named);
    });

    it.each([
      ["", "name"],
      ["ab", "name"],
      ["   ", "name"],
      [" a ", "name"],
      ["x".repeat(256), "name"],
    ])("refuses the name %j", async (name, field) => {
      const error = await refuse("CreateOrganization", { name });
      expect(error).toMatchObject({ code: "invalid_argument" });
      expect(error.violations[0]?.field).toBe(field);
    });

    it("lets the operator make one, but neither join it nor open it", async () => {
      const token = await operator();
      expect((await succeed("CreateOrganization", { name: "Theirs" }, token)).organization.name).toBe("Theirs");
      for (const wish of ["joinOrganization", "inviteAccountsWithMatchingDomain"]) {
        expect(await refuse("CreateOrganization", { name: "Theirs", [wish]: true }, token)).toMatchObject({
          code: "failed_precondition",
          reason: "person_required",
        });
      }
    });
  });

  describe("where users may not make organizations", () => {
    let closed: TestServer;
    beforeAll(async () => {
      closed = await startTestServer(engine, { env: { ALLOW_CREATE_ORGANIZATION: "false" } });
    });
    afterAll(() => closed.close());

    it("refuses an admin, and lets the operator", async () => {
      const user = await closed.createUser(await closed.createOrganization());
      const refused = await callJson(closed, "CreateOrganization", { name: "Mine" }, { token: user.token });
      expect(errorOf(refused.body)).toMatchObject({
        code: "permission_denied",
        reason: "create_organization_not_allowed",
      });
      const token = await closed.createOperatorToken();
      expect((await callJson(closed, "CreateOrganization", { name: "Mine" }, { token })).status).toBe(200);
    });
  });

  describe("UpdateOrganization", () => {
    const update = async (changes: object) =>
      (await succeed("UpdateOrganization", { organizationId, ...changes })).organization;

    it("changes what is present and leaves the rest", async () => {
      const domains = ["Acme.example.", "b.example"].map((domain) => domain.replace(/\.$/, ""));
      const opened = await update({ inviteDomains: { domains } });
      expect(opened).toMatchObject({ name: "Acme", inviteDomains: { domains: ["acme.example", "b.example"] } });
      const renamed = await update({ name: " HP " });
      expect(renamed).toMatchObject({ name: "HP", inviteDomains: { domains: ["acme.example", "b.example"] } });
      expect(Date.parse(renamed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(opened.updatedAt));
      expect(await update({ inviteDomains: {} })).toMatchObject({ name: "HP", inviteDomains: {} });
      expect(await read()).toMatchObject({ name: "HP", inviteDomains: {} });
    });

    it("moves no timestamp and writes no audit entry when nothing changes", async () => {
      const before = await update({ inviteDomains: { domains: ["acme.example"] } });
      const count = (await entries()).length;
      server.clock.advance(1000);
      for (const changes of [{}, { name: "Acme " }, { inviteDomains: { domains: ["ACME.example"] } }]) {
        expect(await update(changes)).toEqual(before);
      }
      expect((await entries()).length).toBe(count);
    });

    it("leaves an entry with the names and domains before and after", async () => {
      await update({ name: "Renamed", inviteDomains: { domains: ["acme.example"] } });
      expect((await entries()).at(-1)).toMatchObject({
        actorId: admin.userId,
        actorPrincipal: "user",
        action: "organization.update",
        operation: "update",
        subjectType: "organization",
        subjectId: organizationId,
        before: { name: "Acme", inviteDomains: [] },
        after: { name: "Renamed", inviteDomains: ["acme.example"] },
      });
    });

    it.each([
      ["an empty name", { name: "" }, "name", "request_invalid"],
      ["a name of spaces", { name: " \t " }, "name", "request_invalid"],
      ["a name of 256 characters", { name: "x".repeat(256) }, "name", "request_invalid"],
      [
        "a domain that is given twice",
        { inviteDomains: { domains: ["b.example", "acme.example", "ACME.example"] } },
        "invite_domains.domains[2]",
        "email_domain_duplicate",
      ],
      [
        "a public mail provider's domain",
        { inviteDomains: { domains: ["acme.example", "GMail.com"] } },
        "invite_domains.domains[1]",
        "domain_public_provider",
      ],
      ["no domain at all", { inviteDomains: { domains: ["nodot"] } }, "invite_domains.domains[0]", "request_invalid"],
    ])("refuses %s, and changes nothing", async (_, changes, field, reason) => {
      const before = await read();
      const error = await refuse("UpdateOrganization", { organizationId, ...changes });
      expect(error.reason).toBe(reason);
      expect(error.violations[0]?.field).toBe(field);
      expect(await read()).toEqual(before);
    });
  });

  describe("DeleteOrganization", () => {
    it("deletes what was just made", async () => {
      const created = await succeed("CreateOrganization", { name: "Brief", joinOrganization: true });
      const id = created.organization.id;
      const { body } = await callJson(
        server,
        "CreatePersonalAccessToken",
        { userId: created.member.userId },
        { service: "gitpod.v1.UserService", token: admin.token },
      );
      expect(await succeed("DeleteOrganization", { organizationId: id }, body.token)).toEqual({});
      expect(await server.storage.read.organizations.get(id)).toBeUndefined();
      const refused = await call("GetOrganization", { organizationId: id }, body.token);
      expect(errorOf(refused.body)).toMatchObject({ code: "unauthenticated", reason: "credential_invalid" });
    });

    it("takes along everything of its own, and leaves accounts and the neighbours", async () => {
      const neighbour = await server.createOrganization();
      const colleague = await server.createUser(organizationId, "member");
      await succeed("CreateSSOConfiguration", {
        organizationId,
        clientId: "client",
        clientSecret: "secret",
        issuerUrl: "https://idp.example.com",
      });
      await succeed("CreateOrganizationInvite", { organizationId });
      await proveDomain(server.storage, organizationId, "acme.example");
      await succeed("DeleteOrganization", { organizationId });
      const { read: records } = server.storage;
      expect(await records.users.get(organizationId, colleague.userId)).toBeUndefined();
      expect(await records.organizationInvites.get(organizationId)).toBeUndefined();
      expect((await records.ssoConfigurations.list(organizationId, { limit: 9 })).items).toEqual([]);
      expect(await records.domainVerifications.filterVerified(organizationId, ["acme.example"])).toEqual([]);
      expect(await records.accounts.get(colleague.accountId)).toBeDefined();
      expect(await records.organizations.get(neighbour)).toBeDefined();
    });

    it("leaves one entry, which belongs to no organization", async () => {
      await succeed("DeleteOrganization", { organizationId });
      expect(await entries()).toEqual([]);
      const left = await server.database.execute(
        `select organization_id, actor_id, action, operation, before from audit_entries where subject_id = '${organizationId}'`,
      );
      expect(left).toEqual([
        {
          organization_id: null,
          actor_id: admin.userId,
          action: "organization.delete",
          operation: "delete",
          before: JSON.stringify({ name: "Acme", inviteDomains: [] }),
        },
      ]);
    });

    it("waits until no other admin has a say", async () => {
      const other = await server.createUser(organizationId, "admin");
      expect(await refuse("DeleteOrganization", { organizationId })).toMatchObject({
        code: "failed_precondition",
        reason: "organization_not_empty",
        metadata: { blockers: "other active admins (1)" },
      });
      expect(await read()).toMatchObject({ id: organizationId });
      await succeed("SetRole", { organizationId, userId: other.userId, role: "ORGANIZATION_ROLE_MEMBER" });
      await succeed("DeleteOrganization", { organizationId });
    });

    it("waits until no directory provisions it, even for the operator", async () => {
      const { ssoConfiguration } = await succeed("CreateSSOConfiguration", {
        organizationId,
        clientId: "client",
        clientSecret: "secret",
        issuerUrl: "https://idp.example.com",
      });
      const { scimConfiguration } = await succeed("CreateSCIMConfiguration", {
        organizationId,
        ssoConfigurationId: ssoConfiguration.id,
      });
      for (const token of [admin.token, await operator()]) {
        const error = await refuse("DeleteOrganization", { organizationId }, token);
        expect(error).toMatchObject({ reason: "organization_not_empty" });
        expect(error.metadata.blockers).toContain(scimConfiguration.id);
      }
      await succeed("UpdateSCIMConfiguration", { scimConfigurationId: scimConfiguration.id, enabled: false });
      await succeed("DeleteOrganization", { organizationId });
    });

    it("needs no admin's word when the operator does it", async () => {
      await server.createUser(organizationId, "admin");
      await succeed("DeleteOrganization", { organizationId }, await operator());
      expect(await refuse("GetOrganization", { organizationId }, await operator())).toMatchObject({
        code: "not_found",
      });
      expect(await refuse("DeleteOrganization", { organizationId }, await operator())).toMatchObject({
        code: "not_found",
      });
    });
  });

  it("is not found by an id that nobody has", async () => {
    for (const method of ["GetOrganization", "UpdateOrganization", "DeleteOrganization", "ListMembers"]) {
      for (const token of [admin.token, await operator()]) {
        expect(await refuse(method, { organizationId: newId() }, token)).toMatchObject({ code: "not_found" });
      }
    }
  });
});
