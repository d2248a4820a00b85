import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newSecretId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { changeUser, proveDomain } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const service = "gitpod.v1.AccountService";
const PUBLIC_URL = "https://id.example.org";
let domains = 0;

describe.each(ENGINES)("accounts and ways to sign in on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;
  /** A domain of this test alone. */
  let domain: string;

  beforeAll(async () => {
    server = await startTestServer(engine, {
      env: { PUBLIC_URL, RETURN_TO_ALLOW_LIST: "https://app.example.net:8443" },
    });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    // Strangers are limited by time.
    server.clock.advance(60_000);
    domain = `d${++domains}.example`;
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId, "admin", `admin@${domain}`);
  });

  const call = (method: string, request: unknown, token?: string) =>
    callJson(server, method, request, { token, service });

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

  const organizationCall = async (method: string, request: object, token = admin.token) => {
    const { status, body } = await callJson(server, method, request, { token });
    expect(status).toBe(200);
    return body;
  };

  /** An SSO configuration of the organization; returns its id. */
  async function configure(fields: object = { emailDomain: domain }, of = { organizationId, token: admin.token }) {
    const { ssoConfiguration } = await organizationCall(
      "CreateSSOConfiguration",
      {
        organizationId: of.organizationId,
        clientId: "client",
        clientSecret: "secret",
        issuerUrl: "https://idp.example.com",
        displayName: "Acme",
        ...fields,
      },
      of.token,
    );
    return ssoConfiguration.id as string;
  }

  const start = (id: string, returnTo = "") =>
    `${PUBLIC_URL}/auth/oidc/start?configuration=${id}${returnTo && `&return_to=${encodeURIComponent(returnTo)}`}`;

  describe("GetAccount", () => {
    it("shows the person with every membership that has not ended", async () => {
      const { organization, member } = await organizationCall("CreateOrganization", {
        name: "Mine",
        joinOrganization: true,
      });
      const left = await organizationCall("CreateOrganization", { name: "Former", joinOrganization: true });
      await changeUser(
        server.storage,
        { organizationId: left.organization.id, userId: left.member.userId },
        { status: "left" },
      );
      await server.createUser(organizationId, "member");
      expect((await succeed("GetAccount", {}, admin.token)).account).toEqual({
        id: admin.accountId,
        name: `admin@${domain}`,
        email: `admin@${domain}`,
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: expect.stringMatching(/Z$/),
        memberships: [
          {
            userId: admin.userId,
            userRole: "ORGANIZATION_ROLE_ADMIN",
            organizationId,
            organizationName: "Acme",
            organizationMemberCount: 2,
            organizationTier: "ORGANIZATION_TIER_ENTERPRISE",
          },
          {
            userId: member.userId,
            userRole: "ORGANIZATION_ROLE_ADMIN",
            organizationId: organization.id,
            organizationName: "Mine",
            organizationMemberCount: 1,
            organizationTier: "ORGANIZATION_TIER_ENTERPRISE",
          },
        ],
      });
    });

    it("says whether everybody could have an address like it, and which organization made it", async () => {
      await server.storage.write(async (records) => {
        const account = await records.accounts.get(admin.accountId);
        await records.accounts.update({ ...account!, email: "somebody@GMail.com", organizationId });
      });
      const { account } = await succeed("GetAccount", {}, admin.token);
      expect(account).toMatchObject({ publicEmailProvider: true, organizationId });
    });
  });

  describe("ListJoinableOrganizations", () => {
    const joinable = async (token = admin.token, request: object = {}) =>
      (await succeed("ListJoinableOrganizations", request, token)).joinableOrganizations ?? [];

    async function openOrganization(name: string, ...inviteDomains: string[]): Promise<string> {
      const id = await server.createOrganization(name);
      const { token } = await server.createUser(id);
      await organizationCall(
        "UpdateOrganization",
        { organizationId: id, inviteDomains: { domains: inviteDomains } },
        token,
      );
      return id;
    }

    it("offers organizations that the proven email's domain opens", async () => {
      const first = await openOrganization("First", "other.example", domain);
      await openOrganization("Closed", `sub.${domain}`);
      expect(await joinable()).toEqual([]);
      await changeUser(server.storage, admin, { emailVerified: true });
      expect(await joinable()).toEqual([]);
      await proveDomain(server.storage, organizationId, domain);
      expect(await joinable()).toEqual([
        { organizationId: first, organizationName: "First", organizationMemberCount: 1 },
      ]);
      const unproven = await server.createUser(organizationId, "member", `ben@${domain}`);
      expect(await joinable(unproven.token)).toEqual([]);
    });

    it("leaves out where the person is, or was, and pages through the rest", async () => {
      await changeUser(server.storage, admin, { emailVerified: true });
      await proveDomain(server.storage, organizationId, domain);
      const ids: string[] = [];
      for (let n = 0; n < 4; n++) ids.push(await openOrganization(`Open ${n}`, domain));
      const { member } = await organizationCall("JoinOrganization", { organizationId: ids[1] });
      const left = async () => (await joinable()).map((each: { organizationId: string }) => each.organizationId);
      expect(await left()).toEqual([ids[0], ids[2], ids[3]]);
      await changeUser(server.storage, { organizationId: ids[1]!, userId: member.userId }, { status: "left" });
      expect(await left()).toEqual([ids[0], ids[2], ids[3]]);
      const page = await succeed("ListJoinableOrganizations", { pagination: { pageSize: 2 } }, admin.token);
      expect(page.joinableOrganizations).toHaveLength(2);
      const rest = await joinable(admin.token, { pagination: { token: page.pagination.nextToken } });
      expect(rest).toMatchObject([{ organizationId: ids[3] }]);
    });
  });

  describe("a stranger who types an email", () => {
    it("is sent to the SSO configuration of whoever has proven the domain", async () => {
      const id = await configure();
      await proveDomain(server.storage, organizationId, domain);
      const email = `Nobody.Knows@${domain.toUpperCase()}`;
      expect(await succeed("GetSSOLoginURL", { email })).toEqual({ loginUrl: start(id) });
      expect(await succeed("ListSSOLogins", { email })).toEqual({
        logins: [{ displayName: "Acme", loginUrl: start(id) }],
        pagination: {},
      });
      expect(await succeed("ListLoginProviders", { filter: { email } })).toEqual({
        loginProviders: [{ loginUrl: start(id), provider: "custom" }],
        pagination: {},
        allowCustom: true,
      });
    });

    it("sees every organization that shares the domain, page by page, the oldest first", async () => {
      const ids: string[] = [];
      for (let n = 0; n < 3; n++) {
        const other = await server.createOrganization();
        const { token } = await server.createUser(other);
        ids.push(await configure({ emailDomain: domain, displayName: `${n}` }, { organizationId: other, token }));
        await proveDomain(server.storage, other, domain);
      }
      const email = `somebody@${domain}`;
      expect((await succeed("GetSSOLoginURL", { email })).loginUrl).toBe(start(ids[0]!));
      const first = await succeed("ListSSOLogins", { email, pagination: { pageSize: 2 } });
      expect(first.logins.map(({ loginUrl }: { loginUrl: string }) => loginUrl)).toEqual(
        ids.slice(0, 2).map((id) => start(id)),
      );
      const { nextToken: token } = first.pagination;
      const second = await succeed("ListSSOLogins", { email, pagination: { pageSize: 2, token } });
      expect(second).toEqual({ logins: [{ displayName: "2", loginUrl: start(ids[2]!) }], pagination: {} });
      expect(await refuse("ListSSOLogins", { email: `x${email}`, pagination: { token } })).toMatchObject({
        reason: "page_token_invalid",
      });
    });

    it.each([
      ["is not proven", async () => void (await configure())],
      [
        "is proven, but by another organization",
        async () => {
          await configure();
          await proveDomain(server.storage, await server.createOrganization(), domain);
        },
      ],
      [
        "belongs to a configuration that is inactive",
        async () => {
          const ssoConfigurationId = await configure();
          await proveDomain(server.storage, organizationId, domain);
          const state = "SSO_CONFIGURATION_STATE_INACTIVE";
          await organizationCall("UpdateSSOConfiguration", { ssoConfigurationId, state });
        },
      ],
      [
        "is proven, and of no configuration",
        async () => {
          await configure({});
          await proveDomain(server.storage, organizationId, domain);
        },
      ],
    ])("learns nothing where the domain %s, not even who has an account", async (_, prepare) => {
      await prepare();
      const known = await refuse("GetSSOLoginURL", { email: `admin@${domain}` });
      const unknown = await refuse("GetSSOLoginURL", { email: `nobody@never-seen.example` });
      expect(known).toMatchObject({ code: "not_found", reason: "not_found" });
      expect({ ...known, requestId: "" }).toEqual({ ...unknown, requestId: "" });
      expect(await succeed("ListSSOLogins", { email: `admin@${domain}` })).toEqual({ pagination: {} });
      expect(await succeed("ListLoginProviders", { filter: { email: `admin@${domain}` } })).toEqual({ pagination: {} });
    });

    it("comes back to this server, or to where the operator allows", async () => {
      const id = await configure();
      await proveDomain(server.storage, organizationId, domain);
      const email = `somebody@${domain}`;
      for (const returnTo of [`${PUBLIC_URL}/console?tab=members#top`, "https://app.example.net:8443/after"]) {
        expect((await succeed("GetSSOLoginURL", { email, returnTo })).loginUrl).toBe(start(id, returnTo));
        expect((await succeed("ListSSOLogins", { email, returnTo })).logins[0].loginUrl).toBe(start(id, returnTo));
      }
    });

    it.each([
      "https://evil.example/",
      "http://id.example.org/",
      "https://id.example.org.evil.example/",
      "https://id.example.org@evil.example/",
      "https://user:password@id.example.org/",
      "https://app.example.net/",
      "javascript:alert(1)",
      "data:text/html,x",
    ])("is not sent on to %s", async (returnTo) => {
      await configure();
      await proveDomain(server.storage, organizationId, domain);
      for (const method of ["GetSSOLoginURL", "ListSSOLogins"]) {
        const error = await refuse(method, { email: `somebody@${domain}`, returnTo });
        expect(error).toMatchObject({ code: "invalid_argument" });
        expect(error.violations[0]?.field).toBe("return_to");
      }
    });

    it.each(["", "nobody", "a@b@c", "@example.com"])("has to type an email, not %j", async (email) => {
      for (const method of ["GetSSOLoginURL", "ListSSOLogins"]) {
        expect((await refuse(method, { email })).violations[0]?.field).toBe("email");
      }
      expect(await succeed("ListLoginProviders", { filter: { email } })).toEqual({ pagination: {} });
    });
  });

  describe("a stranger who holds an invite", () => {
    const inviteId = async () =>
      (await organizationCall("GetOrganizationInvite", { organizationId })).invite.inviteId as string;
    const providers = async (filter: object) =>
      ((await succeed("ListLoginProviders", { filter })).loginProviders ?? []).map(
        ({ loginUrl }: { loginUrl: string }) => loginUrl,
      );

    it("sees the active ways into the organization, whatever is proven", async () => {
      const first = await configure();
      const inactive = await configure({ emailDomain: `b.${domain}` });
      const state = "SSO_CONFIGURATION_STATE_INACTIVE";
      await organizationCall("UpdateSSOConfiguration", { ssoConfigurationId: inactive, state });
      const open = await configure({});
      const id = await inviteId();
      expect(await providers({ inviteId: id })).toEqual([start(first), start(open)]);
      expect(await providers({ inviteId: id, email: `x@${domain}` })).toEqual([start(first), start(open)]);
      expect(await providers({ inviteId: id, email: "x@other.example" })).toEqual([start(open)]);
    });

    it("sees nothing by an invite that was replaced, or never was", async () => {
      await configure();
      await proveDomain(server.storage, organizationId, domain);
      const replaced = await inviteId();
      await organizationCall("CreateOrganizationInvite", { organizationId });
      for (const id of [replaced, newSecretId()]) {
        expect(await providers({ inviteId: id })).toEqual([]);
        expect(await providers({ inviteId: id, email: `x@${domain}` })).toEqual([]);
      }
    });
  });

  it("offers no way that everybody has", async () => {
    await configure();
    await proveDomain(server.storage, organizationId, domain);
    expect(await succeed("ListLoginProviders", {})).toEqual({ pagination: {} });
    expect(await succeed("ListLoginProviders", { filter: {} })).toEqual({ pagination: {} });
  });

  it("ignores a credential that a client sends along, good or bad", async () => {
    for (const token of [admin.token, "nonsense"]) {
      expect(await succeed("ListSSOLogins", { email: `x@${domain}` }, token)).toEqual({ pagination: {} });
    }
  });
});
