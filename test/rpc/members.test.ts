import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId, newSecretId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { changeUser, proveDomain } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

describe.each(ENGINES)("members on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId, "admin", "admin@acme.example");
  });

  const call = (method: string, request: unknown, token = admin.token, query = "") =>
    callJson(server, method, request, { token, query });

  async function succeed(method: string, request: unknown, token?: string, query?: string) {
    const { status, body } = await call(method, request, token, query);
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    return body;
  }

  async function refuse(method: string, request: unknown, token?: string) {
    const { body } = await call(method, request, token);
    expect(body).toHaveProperty("code");
    return errorOf(body);
  }

  const userOf = ({ userId }: TestUser) => server.storage.read.users.get(organizationId, userId);
  const entries = async () =>
    (await server.storage.read.auditEntries.list(organizationId, {}, "newest", { limit: 100 })).items;
  const isNobody = async ({ token }: TestUser) =>
    errorOf((await call("GetOrganization", { organizationId }, token)).body).reason === "credential_invalid";

  /** A group of these users; returns its id. */
  async function addGroup(...users: readonly TestUser[]): Promise<string> {
    const id = newId();
    await server.storage.write(async (records) => {
      const group = { id, organizationId, name: "Everybody", nameKey: "everybody", description: "" };
      await records.groups.insert({ ...group, scimConfigurationId: undefined, createdAt: 1, updatedAt: 1 });
      for (const { userId } of users) {
        await records.groupMemberships.insert({ id: newId(), organizationId, groupId: id, userId, createdAt: 1 });
      }
    });
    return id;
  }

  describe("ListMembers", () => {
    const list = async (request: object = {}, token?: string) => {
      const body = await succeed("ListMembers", { organizationId, ...request }, token);
      return { ...body, names: (body.members ?? []).map((member: { fullName: string }) => member.fullName) };
    };

    /** Members with these names, in this order, beside the admin. */
    async function people(...names: string[]): Promise<TestUser[]> {
      const users: TestUser[] = [];
      for (const name of names) {
        const user = await server.createUser(organizationId, "member", `${name}@acme.example`);
        await changeUser(server.storage, user, { name });
        users.push(user);
      }
      return users;
    }

    it("shows who they are", async () => {
      const [user] = await people("Zoe");
      await changeUser(server.storage, user!, { avatarUrl: "https://example.com/zoe.png", status: "suspended" });
      const { members, pagination, count } = await list({ filter: { userIds: [user!.userId.toUpperCase()] } });
      expect({ members, pagination, count }).toEqual({
        members: [
          {
            userId: user!.userId,
            role: "ORGANIZATION_ROLE_MEMBER",
            memberSince: expect.stringMatching(/Z$/),
            avatarUrl: "https://example.com/zoe.png",
            fullName: "Zoe",
            email: "Zoe@acme.example",
            status: "USER_STATUS_SUSPENDED",
            loginProvider: "custom",
          },
        ],
        pagination: {},
        count: undefined,
      });
    });

    it("puts the caller first and the others by name, unless a sort is asked for", async () => {
      const [, mia] = await people("zoe", "Mia", "ben");
      const admins = "admin@acme.example";
      expect((await list()).names).toEqual([admins, "ben", "Mia", "zoe"]);
      expect((await list({}, mia!.token)).names).toEqual(["Mia", admins, "ben", "zoe"]);
      const sort = (field?: string, order?: string) => list({ sort: { field, order } }, mia!.token);
      expect((await sort()).names).toEqual([admins, "ben", "Mia", "zoe"]);
      expect((await sort("SORT_FIELD_UNSPECIFIED", "SORT_ORDER_UNSPECIFIED")).names).toEqual((await sort()).names);
      expect((await sort("SORT_FIELD_NAME", "SORT_ORDER_DESC")).names).toEqual(["zoe", "Mia", "ben", admins]);
      expect((await sort("SORT_FIELD_DATE_JOINED", "SORT_ORDER_ASC")).names).toEqual([admins, "zoe", "Mia", "ben"]);
      expect((await sort("SORT_FIELD_DATE_JOINED", "SORT_ORDER_DESC")).names).toEqual(["ben", "Mia", "zoe", admins]);
    });

    it("puts nobody first for the operator, nor a caller whom the filter drops", async () => {
      await people("zoe", "aaron");
      const operator = await server.createOperatorToken();
      expect((await list({}, operator)).names).toEqual(["aaron", "admin@acme.example", "zoe"]);
      expect((await list({ filter: { roles: ["ORGANIZATION_ROLE_MEMBER"] } })).names).toEqual(["aaron", "zoe"]);
    });

    it("goes on where a page ended, by the body or by the query", async () => {
      const names = Array.from({ length: 11 }, (_, n) => `member ${String.fromCharCode(107 - n)}`);
      await people(...names);
      const all = (await list()).names;
      expect(all).toEqual(["admin@acme.example", ...names.toReversed()]);
      for (const size of [1, 2, 5, 12]) {
        const seen: string[] = [];
        for (let token = ""; ; ) {
          const page = await list({ pagination: { pageSize: size, token } });
          expect(page.names.length).toBeLessThanOrEqual(size);
          seen.push(...page.names);
          token = page.pagination.nextToken ?? "";
          if (token === "") break;
        }
        expect(seen).toEqual(all);
      }
      const first = await list({ pagination: { pageSize: 5 } });
      const query = `?token=${first.pagination.nextToken}&pageSize=5`;
      const second = await succeed("ListMembers", { organizationId, pagination: { pageSize: 3 } }, undefined, query);
      expect(second.members.map((member: { fullName: string }) => member.fullName)).toEqual(all.slice(5, 10));
    });

    it("refuses a token of another filter, order, caller or organization", async () => {
      const [user] = await people("Mia", "Ben");
      const { pagination } = await list({ pagination: { pageSize: 1 } });
      const token = pagination.nextToken;
      const another = await server.createOrganization();
      const stranger = await server.createUser(another);
      for (const [request, bearer] of [
        [{ organizationId, filter: { search: "m" } }, admin.token],
        [{ organizationId, sort: { field: "SORT_FIELD_NAME" } }, admin.token],
        [{ organizationId }, user!.token],
        [{ organizationId: another }, stranger.token],
      ] as const) {
        expect(await refuse("ListMembers", { ...request, pagination: { token } }, bearer)).toMatchObject({
          code: "invalid_argument",
          reason: "page_token_invalid",
        });
      }
    });

    it("keeps what the filter keeps", async () => {
      const [mia, ben, zoe] = await people("Mia Smith", "Ben Smythe", "Zoe");
      await changeUser(server.storage, ben!, { status: "suspended", role: "admin" });
      await changeUser(server.storage, zoe!, { status: "left" });
      const keeps = async (filter: object) => (await list({ filter })).names;
      expect(await keeps({ search: "SM" })).toEqual(["Ben Smythe", "Mia Smith"]);
      expect(await keeps({ search: "myth" })).toEqual(["Ben Smythe"]);
      expect(await keeps({ search: "my" })).toEqual([]);
      expect(await keeps({ search: "smith@acme" })).toEqual(["Mia Smith"]);
      expect(await keeps({ statuses: ["USER_STATUS_SUSPENDED", "USER_STATUS_LEFT"] })).toEqual(["Ben Smythe", "Zoe"]);
      expect(await keeps({ roles: ["ORGANIZATION_ROLE_ADMIN"] })).toEqual(["admin@acme.example", "Ben Smythe"]);
      expect(await keeps({ email: "ZOE@acme.EXAMPLE" })).toEqual(["Zoe"]);
      expect(await keeps({ email: "zoe@acme.exampl" })).toEqual([]);
      expect(await keeps({ userIds: [mia!.userId, newId()] })).toEqual(["Mia Smith"]);
      expect(await keeps({ loginProvider: "LOGIN_PROVIDER_KIND_GITHUB" })).toEqual([]);
      const everybody = ["admin@acme.example", "Ben Smythe", "Mia Smith", "Zoe"];
      expect(await keeps({ loginProvider: "LOGIN_PROVIDER_KIND_SSO" })).toEqual(everybody);
      // What says nothing, as generated clients send it, and what this server does not have.
      expect(
        await keeps({
          search: "",
          statuses: ["USER_STATUS_UNSPECIFIED"],
          roles: ["ORGANIZATION_ROLE_UNSPECIFIED"],
          loginProvider: "LOGIN_PROVIDER_KIND_UNSPECIFIED",
          excludeMembersInAnyTeam: true,
          excludeGroupIds: [newId()],
        }),
      ).toEqual(everybody);
    });

    it("drops members of excluded groups", async () => {
      const [mia] = await people("Mia", "Ben");
      const groupId = await addGroup(mia!, admin);
      expect((await list({ filter: { excludeGroupIds: [groupId] } })).names).toEqual(["Ben"]);
    });

    it("counts when it is asked to: exactly, up to a thousand", async () => {
      await people("Mia", "Ben");
      const EQ = "COUNT_RESPONSE_RELATION_EQ";
      expect((await list({ count: {} })).count).toBeUndefined();
      expect((await list({ count: { include: true }, pagination: { pageSize: 1 } })).count).toEqual({
        value: 3,
        relation: EQ,
      });
      const nobody = await list({ count: { include: true }, filter: { search: "nobody" } });
      expect(nobody.count).toEqual({ relation: EQ });
      const account = await server.storage.read.accounts.get(admin.accountId);
      const user = (await userOf(admin))!;
      const add = (count: number) =>
        server.storage.write(async (records) => {
          for (let n = 0; n < count; n++) {
            const accountId = newId();
            await records.accounts.insert({ ...account!, id: accountId });
            await records.users.insert({ ...user, id: newId(), accountId });
          }
        });
      await add(997);
      expect((await list({ count: { include: true } })).count).toEqual({ value: 1000, relation: EQ });
      await add(1);
      const more = { value: 1000, relation: "COUNT_RESPONSE_RELATION_GTE" };
      expect((await list({ count: { include: true } })).count).toEqual(more);
    });

    it.each([
      ["a page of 101", { pagination: { pageSize: 101 } }, "pagination.page_size"],
      ["26 users", { filter: { userIds: Array.from({ length: 26 }, newId) } }, "filter.user_ids"],
      ["a search of 257 characters", { filter: { search: "x".repeat(257) } }, "filter.search"],
      ["an undefined status", { filter: { statuses: [99] } }, "filter.statuses[0]"],
      ["an undefined order", { sort: { order: 7 } }, "sort.order"],
    ])("refuses %s", async (_, request, field) => {
      const error = await refuse("ListMembers", { organizationId, ...request });
      expect(error.code).toBe("invalid_argument");
      expect(error.violations[0]?.field).toBe(field);
    });
  });

  describe("SetRole", () => {
    it("takes effect with the next call, on another replica too", async () => {
      const replica = await server.replica();
      const user = await server.createUser(organizationId, "member");
      const rename = () =>
        callJson(replica, "UpdateOrganization", { organizationId, name: "Renamed" }, { token: user.token });
      expect(errorOf((await rename()).body).reason).toBe("admin_required");
      const setRole = (role: string) => succeed("SetRole", { organizationId, userId: user.userId, role });
      expect(await setRole("ORGANIZATION_ROLE_ADMIN")).toEqual({});
      expect((await rename()).status).toBe(200);
      await setRole("ORGANIZATION_ROLE_MEMBER");
      expect(errorOf((await rename()).body).reason).toBe("admin_required");
    });

    it("leaves an entry with both roles, and none when nothing changes", async () => {
      const user = await server.createUser(organizationId, "member");
      const before = (await entries()).length;
      await succeed("SetRole", { organizationId, userId: user.userId, role: "ORGANIZATION_ROLE_MEMBER" });
      expect((await entries()).length).toBe(before);
      await succeed("SetRole", { organizationId, userId: user.userId, role: "ORGANIZATION_ROLE_ADMIN" });
      expect((await entries())[0]).toMatchObject({
        actorId: admin.userId,
        action: "member.set_role",
        operation: "update",
        subjectType: "user",
        subjectId: user.userId,
        before: { role: "member" },
        after: { role: "admin" },
      });
    });

    it("does not touch the last admin", async () => {
      const suspended = await server.createUser(organizationId, "admin");
      await changeUser(server.storage, suspended, { status: "suspended", suspendedByAdmin: true });
      const request = { organizationId, userId: admin.userId, role: "ORGANIZATION_ROLE_MEMBER" };
      for (const token of [admin.token, await server.createOperatorToken()]) {
        expect(await refuse("SetRole", request, token)).toMatchObject({
          code: "failed_precondition",
          reason: "last_admin",
        });
      }
      expect(await userOf(admin)).toMatchObject({ role: "admin" });
    });

    it.each(["ORGANIZATION_ROLE_UNSPECIFIED", undefined, 99])("refuses the role %s", async (role) => {
      const user = await server.createUser(organizationId, "member");
      const error = await refuse("SetRole", { organizationId, userId: user.userId, role });
      expect(error).toMatchObject({ code: "invalid_argument", reason: "request_invalid" });
      expect(error.violations[0]?.field).toBe("role");
      expect(await userOf(user)).toMatchObject({ role: "member" });
    });

    it("refuses who has left, and who belongs elsewhere", async () => {
      const left = await server.createUser(organizationId, "member");
      await changeUser(server.storage, left, { status: "left" });
      const request = { organizationId, role: "ORGANIZATION_ROLE_ADMIN" };
      expect(await refuse("SetRole", { ...request, userId: left.userId })).toMatchObject({
        code: "failed_precondition",
        reason: "membership_ended",
      });
      const stranger = await server.createUser(await server.createOrganization());
      const foreign = await refuse("SetRole", { ...request, userId: stranger.userId });
      const unknown = await refuse("SetRole", { ...request, userId: newId() });
      expect(foreign).toMatchObject({ code: "not_found" });
      expect({ ...foreign, requestId: "" }).toEqual({ ...unknown, requestId: "" });
    });
  });

  describe("LeaveOrganization", () => {
    it("ends a membership with its tokens, sessions and groups, at once", async () => {
      const user = await server.createUser(organizationId, "member");
      const second = await server.createToken(user, {});
      const groupId = await addGroup(user);
      await server.storage.write((records) =>
        records.sessions.insert({
          id: newId(),
          organizationId,
          userId: user.userId,
          ssoConfigurationId: undefined,
          hash: newId(),
          userAgent: "",
          ipAddress: "",
          createdAt: 1,
          lastUsedAt: 1,
          expiresAt: Number.MAX_SAFE_INTEGER,
        }),
      );
      expect(await succeed("LeaveOrganization", { userId: user.userId }, user.token)).toEqual({});
      expect(await isNobody(user)).toBe(true);
      expect(await isNobody({ ...user, token: second })).toBe(true);
      expect(await userOf(user)).toMatchObject({ status: "left" });
      const tokens = await server.storage.read.apiTokens.list(organizationId, [user.userId], { limit: 5 });
      expect(tokens.items).toEqual([]);
      const sessions = await server.storage.read.sessions.list(organizationId, user.userId, { limit: 5 });
      expect(sessions.items).toEqual([]);
      expect(await server.storage.read.groups.get(organizationId, groupId)).toMatchObject({ memberCount: 0 });
      expect((await entries())[0]).toMatchObject({
        actorId: user.userId,
        action: "member.leave",
        operation: "delete",
        subjectId: user.userId,
        before: { status: "active" },
        after: { status: "left" },
      });
      expect(await server.storage.read.accounts.get(user.accountId)).toBeDefined();
    });

    it("lets an admin remove another member, twice without a second entry", async () => {
      const user = await server.createUser(organizationId, "admin");
      await succeed("LeaveOrganization", { userId: user.userId });
      const count = (await entries()).length;
      await succeed("LeaveOrganization", { userId: user.userId });
      expect((await entries()).length).toBe(count);
      expect(await isNobody(user)).toBe(true);
    });

    it("refuses a member who would remove another", async () => {
      const user = await server.createUser(organizationId, "member");
      expect(await refuse("LeaveOrganization", { userId: admin.userId }, user.token)).toMatchObject({
        code: "permission_denied",
        reason: "admin_required",
      });
      expect(await userOf(admin)).toMatchObject({ status: "active" });
    });

    it("refuses the last admin", async () => {
      await server.createUser(organizationId, "member");
      for (const token of [admin.token, await server.createOperatorToken()]) {
        expect(await refuse("LeaveOrganization", { userId: admin.userId }, token)).toMatchObject({
          code: "failed_precondition",
          reason: "last_admin",
        });
      }
    });

    it("keeps one of several admins who leave, are demoted or suspended at once, on two replicas", async () => {
      const replica = await server.replica();
      for (let round = 0; round < 5; round++) {
        const id = await server.createOrganization();
        const admins = await Promise.all(Array.from({ length: 4 }, () => server.createUser(id)));
        const answers = await Promise.all(
          admins.map(({ userId, token }, at) => {
            const where = at % 2 ? server : replica;
            if (at === 0) return callJson(where, "LeaveOrganization", { userId }, { token });
            if (at === 1) {
              const request = { organizationId: id, userId, role: "ORGANIZATION_ROLE_MEMBER" };
              return callJson(where, "SetRole", request, { token });
            }
            const method = at === 2 ? "SetSuspended" : "DeleteUser";
            const request = { userId, ...(at === 2 && { suspended: true }) };
            return callJson(where, method, request, { token, service: "gitpod.v1.UserService" });
          }),
        );
        expect(await server.storage.read.users.countActiveAdmins(id)).toBe(1);
        const refused = answers.filter(({ status }) => status !== 200);
        expect(refused.map(({ body }) => errorOf(body).reason)).toEqual(["last_admin"]);
      }
    });
  });

  describe("JoinOrganization", () => {
    let guest: TestUser;
    let home: string;

    beforeEach(async () => {
      home = await server.createOrganization("Home");
      guest = await server.createUser(home, "admin", "guest@home.example");
    });

    const invite = async () => (await succeed("GetOrganizationInvite", { organizationId })).invite.inviteId;
    const open = (...domains: string[]) =>
      succeed("UpdateOrganization", { organizationId, inviteDomains: { domains } });
    const prove = async () => {
      await changeUser(server.storage, guest, { emailVerified: true });
      await proveDomain(server.storage, home, "home.example");
    };
    const notFound = () => refuse("JoinOrganization", { organizationId: newId() }, guest.token);

    it("makes whoever holds the invite a member", async () => {
      const { member } = await succeed("JoinOrganization", { inviteId: (await invite()).toUpperCase() }, guest.token);
      expect(member).toEqual({
        userId: expect.any(String),
        role: "ORGANIZATION_ROLE_MEMBER",
        memberSince: expect.stringMatching(/Z$/),
        fullName: "guest@home.example",
        email: "guest@home.example",
        status: "USER_STATUS_ACTIVE",
        loginProvider: "custom",
      });
      const user = await server.storage.read.users.get(organizationId, member.userId);
      expect(user).toMatchObject({ accountId: guest.accountId, emailVerified: false });
      expect((await entries())[0]).toMatchObject({
        actorId: guest.accountId,
        actorPrincipal: "account",
        action: "member.join",
        operation: "create",
        subjectId: member.userId,
      });
    });

    it("refuses an invite that was replaced, and one that never was, alike", async () => {
      const inviteId = await invite();
      await succeed("CreateOrganizationInvite", { organizationId });
      const replaced = await refuse("JoinOrganization", { inviteId }, guest.token);
      const unknown = await refuse("JoinOrganization", { inviteId: newSecretId() }, guest.token);
      expect(replaced).toMatchObject({ code: "not_found", reason: "invite_invalid" });
      expect({ ...replaced, requestId: "" }).toEqual({ ...unknown, requestId: "" });
      expect(replaced.message).not.toContain(inviteId);
    });

    it("lets in who has a proven email at an invite domain", async () => {
      await open("elsewhere.example", "HOME.example");
      await prove();
      const { member } = await succeed("JoinOrganization", { organizationId }, guest.token);
      expect(member).toMatchObject({ role: "ORGANIZATION_ROLE_MEMBER", email: "guest@home.example" });
    });

    it.each([
      ["whose email nobody vouches for", async () => proveDomain(server.storage, home, "home.example")],
      [
        "whose organization has not proven the domain",
        async () => changeUser(server.storage, guest, { emailVerified: true }),
      ],
      [
        "whose email is of another domain",
        async () => {
          await prove();
          await changeUser(server.storage, guest, { email: "guest@sub.home.example" });
          await proveDomain(server.storage, home, "sub.home.example");
        },
      ],
    ])("is not there for somebody %s", async (_, prepare) => {
      await open("home.example");
      await prepare();
      const error = await refuse("JoinOrganization", { organizationId }, guest.token);
      expect(error).toMatchObject({ code: "not_found" });
      expect({ ...error, requestId: "" }).toEqual({ ...(await notFound()), requestId: "" });
    });

    it("is not there for a proven email when it opens to nobody", async () => {
      await prove();
      const error = await refuse("JoinOrganization", { organizationId }, guest.token);
      expect({ ...error, requestId: "" }).toEqual({ ...(await notFound()), requestId: "" });
    });

    it("refuses who is a member already, or suspended", async () => {
      const inviteId = await invite();
      const { member } = await succeed("JoinOrganization", { inviteId }, guest.token);
      for (const target of [{ inviteId }, { organizationId }]) {
        expect(await refuse("JoinOrganization", target, guest.token)).toMatchObject({
          code: "already_exists",
          reason: "already_member",
        });
      }
      await changeUser(server.storage, { organizationId, userId: member.userId }, { status: "suspended" });
      for (const target of [{ inviteId }, { organizationId }]) {
        expect(await refuse("JoinOrganization", target, guest.token)).toMatchObject({
          code: "failed_precondition",
          reason: "member_suspended",
        });
      }
    });

    it("takes back by an invite who has left, as somebody new, and by no domain", async () => {
      await open("home.example");
      await prove();
      const { member } = await succeed("JoinOrganization", { organizationId }, guest.token);
      await succeed("LeaveOrganization", { userId: member.userId });
      expect(await refuse("JoinOrganization", { organizationId }, guest.token)).toMatchObject({
        code: "failed_precondition",
        reason: "membership_ended",
      });
      const again = await succeed("JoinOrganization", { inviteId: await invite() }, guest.token);
      expect(again.member.userId).not.toBe(member.userId);
      const former = await server.storage.read.users.get(organizationId, member.userId);
      expect(former).toMatchObject({ status: "left" });
    });

    it("makes one member of somebody who joins twice at the same moment", async () => {
      const inviteId = await invite();
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => call("JoinOrganization", { inviteId }, guest.token)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const refused = answers.filter(({ status }) => status !== 200);
      expect(new Set(refused.map(({ body }) => errorOf(body).reason))).toEqual(new Set(["already_member"]));
    });

    it("refuses an empty request", async () => {
      const error = await refuse("JoinOrganization", {}, guest.token);
      expect(error).toMatchObject({ code: "invalid_argument", reason: "request_invalid" });
    });

    it("refuses everybody where only a directory makes members, as long as one does", async () => {
      const inviteId = await invite();
      await succeed("UpdateOrganizationPolicies", { organizationId, restrictAccountCreationToScim: true });
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
      expect(await refuse("JoinOrganization", { inviteId }, guest.token)).toMatchObject({
        code: "failed_precondition",
        reason: "policy_violation",
        metadata: { policy: "restrict_account_creation_to_scim" },
      });
      await succeed("UpdateSCIMConfiguration", { scimConfigurationId: scimConfiguration.id, enabled: false });
      await succeed("JoinOrganization", { inviteId }, guest.token);
    });
  });
});
