import Gitpod, {
  APIConnectionError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  PermissionDeniedError,
} from "@gitpod/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DnsBehaviour, startDnsServer, type TestDns } from "../support/dns-server.ts";
import { type ErrorBody, errorOf } from "../support/errors.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";

describe.each(ENGINES)("@gitpod/sdk 0.6.0 on %s", (engine) => {
  let dns: TestDns;
  let server: TestServer;
  let admin: TestUser;
  let client: Gitpod;
  let organizationId: string;
  let requests: string[];

  beforeAll(async () => {
    dns = await startDnsServer();
    server = await startTestServer(engine, { env: { DNS_SERVERS: dns.address } });
  });
  afterAll(async () => {
    await server.close();
    await dns.stop();
  });
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId, "admin", "ada@acme.example");
    requests = [];
    client = clientOf(admin.token);
  });

  /** The SDK as it is published, which notes what it sends. */
  function clientOf(bearerToken: string, prefix = "/api"): Gitpod {
    return new Gitpod({
      baseURL: `${server.url}${prefix}`,
      bearerToken,
      fetch: (url, init) => {
        requests.push(new URL(String(url)).pathname.split("/").at(-1) as string);
        return fetch(url as string, init as RequestInit);
      },
    });
  }

  const refusal = async (call: PromiseLike<unknown>): Promise<InstanceType<typeof Gitpod.APIError>> => {
    try {
      await call;
    } catch (error) {
      return error as InstanceType<typeof Gitpod.APIError>;
    }
    throw new Error("the call was not refused");
  };

  describe("SSO configurations", () => {
    const fields = {
      clientId: "client",
      clientSecret: "secret",
      issuerUrl: "https://idp.example.com",
      emailDomain: "acme.com",
    };
    const create = (more: object = {}) =>
      client.organizations.ssoConfigurations.create({ organizationId, ...fields, ...more });

    it.each(["", "/", "/api", "/api/"])(
      "are created, read, updated, listed and deleted under the base %j",
      async (prefix) => {
        client = clientOf(admin.token, prefix);
        const { ssoConfigurations } = client.organizations;
        const { ssoConfiguration: created } = await create();
        expect(created).toMatchObject({
          organizationId,
          clientId: "client",
          issuerUrl: "https://idp.example.com",
          state: "SSO_CONFIGURATION_STATE_ACTIVE",
          providerType: "PROVIDER_TYPE_CUSTOM",
          emailDomain: "acme.com",
        });
        const ssoConfigurationId = created.id;
        const updated = await ssoConfigurations.update({
          ssoConfigurationId,
          clientId: "new",
          clientSecret: "new secret",
          state: "SSO_CONFIGURATION_STATE_INACTIVE",
          claims: { email: "upn" },
          issuerUrl: null,
          emailDomain: null,
        });
        expect(updated).toEqual({});
        expect(await ssoConfigurations.retrieve({ ssoConfigurationId })).toEqual({
          ssoConfiguration: {
            ...created,
            clientId: "new",
            state: "SSO_CONFIGURATION_STATE_INACTIVE",
            claims: { email: "upn" },
          },
        });
        const page = await ssoConfigurations.list({ organizationId });
        expect(page.ssoConfigurations.map(({ id }) => id)).toEqual([ssoConfigurationId]);
        expect(page.hasNextPage()).toBe(false);
        expect(await ssoConfigurations.delete({ ssoConfigurationId })).toEqual({});
        expect(await refusal(ssoConfigurations.retrieve({ ssoConfigurationId }))).toBeInstanceOf(NotFoundError);
        expect((await ssoConfigurations.list({ organizationId })).ssoConfigurations).toEqual([]);
      },
    );

    it.each([
      ["in the body", { pagination: { pageSize: 2 } }],
      ["in the query", { pageSize: 2 }],
      ["in both, where the query wins", { pageSize: 2, pagination: { pageSize: 100 } }],
    ])("are listed over several pages, with the page size %s", async (_, params) => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.push((await create()).ssoConfiguration.id);
      requests = [];
      const seen: string[] = [];
      for await (const each of client.organizations.ssoConfigurations.list({ organizationId, ...params })) {
        seen.push(each.id);
      }
      expect(seen).toEqual(ids);
      expect(requests).toHaveLength(3);
      const pages: number[] = [];
      const first = await client.organizations.ssoConfigurations.list({ organizationId, ...params });
      for await (const page of first.iterPages()) pages.push(page.ssoConfigurations.length);
      expect(pages).toEqual([2, 2, 1]);
    });

    it("go on from a page token that was kept", async () => {
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) ids.push((await create()).ssoConfiguration.id);
      const list = client.organizations.ssoConfigurations.list.bind(client.organizations.ssoConfigurations);
      const { pagination } = await list({ organizationId, pageSize: 1 });
      const token = pagination.nextToken as string;
      const byQuery = await list({ organizationId, token });
      const byBody = await list({ organizationId, pagination: { token } });
      expect(byQuery.ssoConfigurations.map(({ id }) => id)).toEqual(ids.slice(1));
      expect(byBody.ssoConfigurations).toEqual(byQuery.ssoConfigurations);
    });
  });

  describe("errors", () => {
    const read = (ssoConfigurationId: string, by = client) =>
      by.organizations.ssoConfigurations.retrieve({ ssoConfigurationId });

    it.each([
      ["a bad field", BadRequestError, 400, "invalid_argument", () => read("nonsense")],
      ["an unknown id", NotFoundError, 404, "not_found", () => read(UNKNOWN_ID)],
      ["a bad token", AuthenticationError, 401, "unauthenticated", () => read(UNKNOWN_ID, clientOf("nonsense"))],
    ] as const)("have the class, status and code of the SDK: %s", async (_, type, status, code, call) => {
      const error = await refusal(call());
      expect(error).toBeInstanceOf(type);
      expect(error).toMatchObject({ status, code });
      const body = error.error as ErrorBody;
      expect(error.message).toBe(`${status} ${body.message}`);
      expect(errorOf(body).requestId).toBe(error.headers?.get("x-request-id"));
      expect(requests).toEqual(["GetSSOConfiguration"]);
    });

    it("have the class of a member who may not", async () => {
      const member = clientOf((await server.createUser(organizationId, "member")).token);
      const error = await refusal(member.organizations.ssoConfigurations.delete({ ssoConfigurationId: UNKNOWN_ID }));
      expect(error).toBeInstanceOf(PermissionDeniedError);
      expect(errorOf(error.error as ErrorBody).reason).toBe("admin_required");
    });

    it("of a conflict come at once, without a retry", async () => {
      const { invite } = await client.organizations.invites.create({ organizationId });
      requests = [];
      const error = await refusal(client.organizations.join({ inviteId: invite.inviteId }));
      expect(error).toBeInstanceOf(ConflictError);
      expect(error).toMatchObject({ status: 409, code: "already_exists" });
      expect(requests).toEqual(["JoinOrganization"]);
    });

    it("of a server that is not there are the SDK's own", async () => {
      const nowhere = new Gitpod({ baseURL: "http://127.0.0.1:1/api", bearerToken: "x", maxRetries: 0 });
      expect(await refusal(read(UNKNOWN_ID, nowhere))).toBeInstanceOf(APIConnectionError);
    });
  });

  describe("organizations", () => {
    it("are made, renamed, read and deleted", async () => {
      const made = await client.organizations.create({ name: "New organization", joinOrganization: true });
      expect(made).toMatchObject({ organization: { name: "New organization" }, member: { email: "ada@acme.example" } });
      const { id } = made.organization;
      // The token acts in its own organization; the operator's acts everywhere.
      const operator = clientOf(await server.createOperatorToken());
      const renamed = await operator.organizations.update({ organizationId: id, name: "Renamed", inviteDomains: null });
      expect(renamed.organization).toMatchObject({ id, name: "Renamed" });
      await operator.organizations.update({ organizationId: id, inviteDomains: { domains: ["acme.example"] } });
      const { organization } = await operator.organizations.retrieve({ organizationId: id });
      expect(organization).toMatchObject({ name: "Renamed", inviteDomains: { domains: ["acme.example"] } });
      await operator.organizations.delete({ organizationId: id });
      expect(await refusal(operator.organizations.retrieve({ organizationId: id }))).toBeInstanceOf(NotFoundError);
    });

    it("are told apart: another one is not found", async () => {
      const other = await server.createOrganization();
      const error = await refusal(client.organizations.update({ organizationId: other, name: "Mine now" }));
      expect(error).toBeInstanceOf(NotFoundError);
    });

    it("have policies", async () => {
      const { policies } = client.organizations;
      expect(await policies.update({ organizationId, maximumRunningEnvironmentsPerUser: "7" })).toEqual({});
      const read = await policies.retrieve({ organizationId });
      expect(read.policies).toMatchObject({ organizationId, maximumRunningEnvironmentsPerUser: "7" });
    });
  });

  describe("invites and members", () => {
    it("lead from an invite to a member with a role, and out again", async () => {
      const { invites } = client.organizations;
      const first = await invites.create({ organizationId });
      const { invite } = await invites.create({ organizationId });
      expect((await invites.retrieve({ organizationId })).invite).toEqual(invite);
      expect(await invites.getSummary({ inviteId: invite.inviteId })).toMatchObject({
        organizationId,
        organizationName: "Acme",
        organizationMemberCount: 1,
      });
      expect(await refusal(invites.getSummary({ inviteId: first.invite.inviteId }))).toBeInstanceOf(NotFoundError);

      const guest = await server.createUser(await server.createOrganization(), "member", "grace@elsewhere.example");
      const joined = await clientOf(guest.token).organizations.join({ inviteId: invite.inviteId });
      const { userId } = joined.member;
      expect(joined.member).toMatchObject({ email: "grace@elsewhere.example", role: "ORGANIZATION_ROLE_MEMBER" });
      await client.organizations.setRole({ organizationId, userId, role: "ORGANIZATION_ROLE_ADMIN" });
      expect(await members()).toMatchObject([
        { userId: admin.userId, role: "ORGANIZATION_ROLE_ADMIN" },
        { userId, role: "ORGANIZATION_ROLE_ADMIN" },
      ]);
      expect(await client.organizations.leave({ userId })).toEqual({});
      expect((await members()).map((member) => member.userId)).toEqual([admin.userId]);
    });

    it("are suspended and come back", async () => {
      const { userId, token } = await server.createUser(organizationId, "member");
      await client.users.setSuspended({ userId, suspended: true });
      expect(await refusal(clientOf(token).users.getAuthenticatedUser({}))).toBeInstanceOf(AuthenticationError);
      await client.users.setSuspended({ userId, suspended: false });
      expect(await members()).toHaveLength(2);
    });

    it("are listed over several pages", async () => {
      const ids = [admin.userId];
      for (let i = 0; i < 4; i++) ids.push((await server.createUser(organizationId, "member")).userId);
      requests = [];
      const seen: string[] = [];
      for await (const { userId } of client.organizations.listMembers({ organizationId, pageSize: 2 }))
        seen.push(userId);
      expect(seen.toSorted()).toEqual(ids.toSorted());
      expect(requests).toHaveLength(3);
    });

    it("know who they are", async () => {
      const identity = await client.identity.getAuthenticatedIdentity({});
      expect(identity).toMatchObject({ organizationId, subject: { id: admin.userId, principal: "PRINCIPAL_USER" } });
      expect((await client.users.getAuthenticatedUser({})).user).toMatchObject({ id: admin.userId });
      const { account } = await client.accounts.retrieve({});
      expect(account).toMatchObject({ id: admin.accountId, email: "ada@acme.example" });
    });

    it("list and revoke their tokens", async () => {
      const another = await server.createToken(admin, {});
      const tokens = await client.users.pats.list({ pageSize: 1 });
      const ids: string[] = [];
      for await (const token of tokens) ids.push(token.id ?? "");
      expect(ids).toHaveLength(2);
      const request = { personalAccessTokenId: ids.find((id) => id !== admin.tokenId) as string };
      const { pat } = await client.users.pats.get(request);
      expect(pat).toMatchObject({ id: request.personalAccessTokenId, userId: admin.userId });
      expect(await clientOf(another).users.pats.delete(request)).toEqual({});
      expect(await refusal(clientOf(another).users.getAuthenticatedUser({}))).toBeInstanceOf(AuthenticationError);
    });

    async function members() {
      const page = await client.organizations.listMembers({ organizationId });
      return page.members.filter(({ status }) => status !== "USER_STATUS_LEFT");
    }
  });

  describe("domain verifications", () => {
    it("go from a token to a proof by DNS", async () => {
      const { domainVerifications } = client.organizations;
      const domain = `${organizationId}.example.com`;
      const { domainVerification } = await domainVerifications.create({ organizationId, domain });
      expect(domainVerification).toMatchObject({ domain, organizationId, state: "DOMAIN_VERIFICATION_STATE_PENDING" });
      const request = { domainVerificationId: domainVerification.id };
      const unproven = await refusal(domainVerifications.verify(request));
      expect(unproven).toBeInstanceOf(BadRequestError);
      expect(unproven.code).toBe("failed_precondition");

      const proof = `organization-verification=${domainVerification.verificationToken}`;
      const record: DnsBehaviour = { kind: "txt", records: [[proof]] };
      await dns.set(`_organization-verification.${domain}`, record);
      const verified = await domainVerifications.verify(request);
      expect(verified.domainVerification.state).toBe("DOMAIN_VERIFICATION_STATE_VERIFIED");
      expect(await domainVerifications.retrieve(request)).toEqual(verified);
      await domainVerifications.delete(request);
      expect(await refusal(domainVerifications.retrieve(request))).toBeInstanceOf(NotFoundError);
    });

    it("are listed over several pages", async () => {
      const { domainVerifications } = client.organizations;
      const domains = ["one", "two", "three"].map((name) => `${name}.${organizationId}.example.com`);
      for (const domain of domains) await domainVerifications.create({ organizationId, domain });
      const seen: string[] = [];
      for await (const { domain } of domainVerifications.list({ organizationId, pageSize: 1 })) seen.push(domain);
      expect(seen.toSorted()).toEqual(domains.toSorted());
    });
  });
});
