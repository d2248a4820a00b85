import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const service = "gitpod.v1.GroupService";

describe.each(ENGINES)("groups on %s", (engine) => {
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
    admin = await server.createUser(organizationId, "admin", "ada@example.com");
    member = await server.createUser(organizationId, "member", "grace@example.com");
  });

  const call = (method: string, request: object, token = admin.token, headers = {}) =>
    callJson(server, method, request, { token, service, headers });

  async function ok(method: string, request: object = {}, token = admin.token, headers = {}) {
    const { status, body } = await call(method, request, token, headers);
    expect(body.code).toBeUndefined();
    expect(status).toBe(200);
    return body;
  }

  const create = async (name: string, fields: object = {}) =>
    (await ok("CreateGroup", { organizationId, name, ...fields })).group;
  const read = async (id: string) => (await ok("GetGroup", { id }, member.token)).group;
  const subjectOf = (user: { userId: string }) => ({ id: user.userId, principal: "PRINCIPAL_USER" });
  const add = async (groupId: string, user: { userId: string }) =>
    (await ok("CreateMembership", { groupId, subject: subjectOf(user) })).member;
  const namesOf = async (filter: object = {}, token = member.token, headers = {}) =>
    ((await ok("ListGroups", { filter }, token, headers)).groups ?? []).map(({ name }: { name: string }) => name);

  async function audit() {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    return items.filter(({ subjectType }) => subjectType === "group" || subjectType === "group_membership_changed");
  }

  /** Makes the group one that a directory keeps, as a provisioning does. */
  async function provision(groupId: string) {
    const scimConfigurationId = newId();
    await server.storage.write(async (records) => {
      const now = server.clock.now();
      await records.scimConfigurations.insert({
        id: scimConfigurationId,
        organizationId,
        name: "",
        enabled: true,
        ssoConfigurationId: undefined,
        allowUnverifiedEmailAccountLinking: false,
        tokenHash: newId(),
        tokenExpiresAt: now,
        tokenLifetime: 1,
        tokenLastUsedAt: undefined,
        createdAt: now,
        updatedAt: now,
      });
      const group = await records.groups.lock(organizationId, groupId);
      if (group) await records.groups.update({ ...group, scimConfigurationId });
    });
    return scimConfigurationId;
  }

  const reasonOf = ({ body }: { body: { details?: { debug?: { reason?: string } }[] } }) =>
    body.details?.[0]?.debug?.reason;

  describe("CreateGroup", () => {
    it("makes an empty group", async () => {
      const group = await create("Platform team", { description: "Keeps it running" });
      expect(group).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        organizationId,
        name: "Platform team",
        description: "Keeps it running",
        createdAt: expect.any(String),
        updatedAt: group.createdAt,
      });
      expect(await read(group.id)).toEqual(group);
      expect((await audit()).map(({ action, subjectId, after }) => ({ action, subjectId, after }))).toEqual([
        {
          action: "group.create",
          subjectId: group.id,
          after: { name: "Platform team", description: "Keeps it running" },
        },
      ]);
    });

    it.each(["Admins", "ADMINS", "admins"])(
      "refuses a name that differs from another one in case alone: %s",
      async (name) => {
        await create("Admins");
        const answer = await call("CreateGroup", { organizationId, name });
        expect([answer.status, answer.body.code, reasonOf(answer)]).toEqual([
          409,
          "already_exists",
          "REASON_GROUP_NAME_TAKEN",
        ]);
        expect(await namesOf()).toEqual(["Admins"]);
      },
    );

    it("lets organizations use the same names", async () => {
      await create("Admins");
      const other = await server.createUser(await server.createOrganization());
      await ok("CreateGroup", { organizationId: other.organizationId, name: "Admins" }, other.token);
    });

    it.each([
      ["two characters", { name: "ab" }],
      ["81 characters", { name: "x".repeat(81) }],
      ["no name", {}],
      ["a description of 256 characters", { name: "abc", description: "x".repeat(256) }],
    ])("refuses %s", async (_title, fields) => {
      expect((await call("CreateGroup", { organizationId, ...fields })).status).toBe(400);
      expect(await namesOf()).toEqual([]);
    });

    it("keeps a name of three characters that are no ASCII", async () => {
      expect((await create("日本語")).name).toBe("日本語");
    });

    it("makes one of many with one name at once", async () => {
      const replica = await server.replica();
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          callJson(
            i % 2 ? server : replica,
            "CreateGroup",
            { organizationId, name: "Once" },
            { token: admin.token, service },
          ),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
      expect(await namesOf()).toEqual(["Once"]);
    });
  });

  describe("GetGroup", () => {
    it("finds by id, by name without regard to case, and by the older field", async () => {
      const group = await create("Straße");
      for (const request of [
        { id: group.id },
        { id: group.id.toUpperCase() },
        { name: "STRASSE" },
        { groupId: group.id },
      ]) {
        const { status, body } = await call("GetGroup", request, member.token);
        if ("name" in request) expect(status).toBe(404);
        else expect(body.group).toEqual(group);
      }
      expect((await ok("GetGroup", { name: "straße" }, member.token)).group).toEqual(group);
    });

    it.each([
      ["nothing", {}],
      ["an id that is no UUID", { id: "x" }],
      ["a name of two characters", { name: "ab" }],
    ])("refuses %s", async (_title, request) => {
      expect((await call("GetGroup", request)).status).toBe(400);
    });

    it("does not know another organization's group, by neither", async () => {
      const group = await create("Secret team");
      const stranger = await server.createUser(await server.createOrganization());
      for (const request of [{ id: group.id }, { id: UNKNOWN_ID }, { name: "Secret team" }]) {
        expect((await call("GetGroup", request, stranger.token)).status).toBe(404);
      }
    });

    it("asks the operator for an organization when a name is all there is", async () => {
      const group = await create("Admins");
      const operator = await server.createOperatorToken();
      expect((await ok("GetGroup", { id: group.id }, operator)).group).toEqual(group);
      const answer = await call("GetGroup", { name: "Admins" }, operator);
      expect([answer.status, reasonOf(answer)]).toEqual([400, "REASON_ORGANIZATION_REQUIRED"]);
      const headers = { "x-organization-id": organizationId };
      expect((await ok("GetGroup", { name: "Admins" }, operator, headers)).group).toEqual(group);
    });
  });

  describe("ListGroups", () => {
    it("lists by name, page by page, the caller's organization alone", async () => {
      const other = await server.createUser(await server.createOrganization());
      await ok("CreateGroup", { organizationId: other.organizationId, name: "Foreign" }, other.token);
      for (const name of ["beta", "Alpha", "delta", "Gamma"]) await create(name);
      const first = await ok("ListGroups", { pagination: { pageSize: 3 } }, member.token);
      const token = first.pagination.nextToken;
      const second = await ok("ListGroups", { pagination: { pageSize: 3, token } }, member.token);
      expect([...first.groups, ...second.groups].map(({ name }) => name)).toEqual(["Alpha", "beta", "delta", "Gamma"]);
      expect(second.pagination).toEqual({});
      const bound = await call("ListGroups", { pagination: { token }, filter: { search: "a" } }, member.token);
      expect([bound.status, reasonOf(bound)]).toEqual([400, "REASON_PAGE_TOKEN_INVALID"]);
    });

    it("keeps what every condition lets through", async () => {
      const [red, blue] = [await create("Team RED"), await create("Team blue")];
      await create("100% other_ones");
      await provision(blue.id);
      expect(await namesOf({ search: "tEaM" })).toEqual(["Team blue", "Team RED"]);
      expect(await namesOf({ search: "0%" })).toEqual(["100% other_ones"]);
      expect(await namesOf({ search: "0_o" })).toEqual([]);
      expect(await namesOf({ groupIds: [red.id.toUpperCase(), UNKNOWN_ID] })).toEqual(["Team RED"]);
      expect(await namesOf({ systemManaged: true })).toEqual(["Team blue"]);
      expect(await namesOf({ systemManaged: false, search: "team" })).toEqual(["Team RED"]);
      expect(await namesOf({ directShare: true })).toEqual([]);
      expect(await namesOf({ directShare: false, search: "red" })).toEqual(["Team RED"]);
      const excludeAssignedToResource = { resourceType: "RESOURCE_TYPE_PROJECT", resourceId: UNKNOWN_ID };
      expect(await namesOf({ excludeAssignedToResource, search: "red" })).toEqual(["Team RED"]);
      expect(await namesOf({ search: "" })).toHaveLength(3);
    });

    it("asks the operator for an organization", async () => {
      await create("Admins");
      const operator = await server.createOperatorToken();
      expect((await call("ListGroups", {}, operator)).status).toBe(400);
      expect(await namesOf({}, operator, { "x-organization-id": organizationId })).toEqual(["Admins"]);
    });
  });

  describe("UpdateGroup", () => {
    it("renames and describes", async () => {
      const group = await create("Before", { description: "Old" });
      server.clock.advance(5_000);
      const { group: after } = await ok("UpdateGroup", { groupId: group.id, name: "After", description: "New" });
      expect(after).toEqual({ ...group, name: "After", description: "New", updatedAt: expect.any(String) });
      expect(after.updatedAt).not.toBe(group.updatedAt);
      expect(await read(group.id)).toEqual(after);
      expect((await audit()).at(-1)).toMatchObject({
        action: "group.update",
        before: { name: "Before", description: "Old" },
        after: { name: "After", description: "New" },
      });
    });

    it("leaves an absent description, and changes the case of the own name", async () => {
      const group = await create("team", { description: "Old" });
      const { group: after } = await ok("UpdateGroup", { groupId: group.id, name: "Team" });
      expect([after.name, after.description]).toEqual(["Team", "Old"]);
    });

    it("leaves no trace when nothing changes", async () => {
      const group = await create("Team", { description: "Old" });
      server.clock.advance(5_000);
      expect((await ok("UpdateGroup", { groupId: group.id, name: "Team" })).group).toEqual(group);
      expect(await audit()).toHaveLength(1);
    });

    it("refuses another group's name", async () => {
      await create("Taken");
      const group = await create("Free");
      const answer = await call("UpdateGroup", { groupId: group.id, name: "TAKEN" });
      expect([answer.status, reasonOf(answer)]).toEqual([409, "REASON_GROUP_NAME_TAKEN"]);
      expect(await read(group.id)).toEqual(group);
    });
  });

  it("DeleteGroup removes the group and its memberships, and leaves its members", async () => {
    const group = await create("Team");
    const { id: membershipId } = await add(group.id, member);
    expect(await ok("DeleteGroup", { groupId: group.id })).toEqual({});
    expect((await call("GetGroup", { id: group.id })).status).toBe(404);
    expect((await call("DeleteGroup", { groupId: group.id })).status).toBe(404);
    expect((await call("ListMemberships", { groupId: group.id })).status).toBe(404);
    expect((await call("DeleteMembership", { membershipId })).status).toBe(404);
    expect((await server.storage.read.users.get(organizationId, member.userId))?.status).toBe("active");
    expect((await audit()).at(-1)).toMatchObject({ action: "group.delete", before: { name: "Team", memberCount: 1 } });
    await create("Team");
  });

  describe("memberships", () => {
    it("are made, read and ended", async () => {
      const group = await create("Team");
      const membership = await add(group.id, member);
      expect(membership).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        subject: subjectOf(member),
        groupId: group.id,
        name: "grace@example.com",
      });
      const asked = { groupId: group.id, subject: subjectOf(member) };
      expect((await ok("GetMembership", asked, member.token)).member).toEqual(membership);
      expect((await ok("ListMemberships", { groupId: group.id }, member.token)).members).toEqual([membership]);
      expect((await read(group.id)).memberCount).toBe(1);
      expect(await ok("DeleteMembership", { membershipId: membership.id })).toEqual({});
      expect((await call("GetMembership", asked)).status).toBe(404);
      expect((await call("DeleteMembership", { membershipId: membership.id })).status).toBe(404);
      expect((await read(group.id)).memberCount).toBeUndefined();
      const view = { groupId: group.id, userId: member.userId };
      expect(
        (await audit()).slice(1).map(({ action, subjectId, before, after }) => [action, subjectId, before ?? after]),
      ).toEqual([
        ["group_membership.create", membership.id, view],
        ["group_membership.delete", membership.id, view],
      ]);
    });

    it("are one for each user and group", async () => {
      const group = await create("Team");
      await add(group.id, member);
      const answer = await call("CreateMembership", { groupId: group.id, subject: subjectOf(member) });
      expect([answer.status, answer.body.code, reasonOf(answer)]).toEqual([
        409,
        "already_exists",
        "REASON_ALREADY_MEMBER",
      ]);
      expect((await read(group.id)).memberCount).toBe(1);
    });

    it.each([
      ["no subject", undefined],
      ["a subject of no kind", { id: UNKNOWN_ID }],
      ["a service account", { id: UNKNOWN_ID, principal: "PRINCIPAL_SERVICE_ACCOUNT" }],
      ["a user without an id", { principal: "PRINCIPAL_USER" }],
      ["an id that is no UUID", { id: "x", principal: "PRINCIPAL_USER" }],
    ])("refuse %s", async (_title, subject) => {
      const group = await create("Team");
      for (const method of ["CreateMembership", "GetMembership"]) {
        const { status, body } = await call(method, { groupId: group.id, subject });
        expect([status, body.code]).toEqual([400, "invalid_argument"]);
      }
      expect((await read(group.id)).memberCount).toBeUndefined();
    });

    it("hold no user of another organization, and no account", async () => {
      const group = await create("Team");
      const stranger = await server.createUser(await server.createOrganization());
      for (const id of [stranger.userId, member.accountId, UNKNOWN_ID]) {
        const { status } = await call("CreateMembership", {
          groupId: group.id,
          subject: { id, principal: "PRINCIPAL_USER" },
        });
        expect(status).toBe(404);
      }
      expect(
        (await call("CreateMembership", { groupId: group.id, subject: subjectOf(stranger) }, stranger.token)).status,
      ).toBe(404);
      expect((await read(group.id)).memberCount).toBeUndefined();
    });

    it("end when the user leaves the organization", async () => {
      const [one, two] = [await create("One"), await create("Two")];
      await add(one.id, member);
      await add(two.id, member);
      await add(two.id, admin);
      await callJson(server, "LeaveOrganization", { userId: member.userId }, { token: member.token });
      expect((await ok("GetGroup", { id: one.id })).group.memberCount).toBeUndefined();
      expect((await ok("GetGroup", { id: two.id })).group.memberCount).toBe(1);
      expect((await ok("ListMemberships", { groupId: one.id })).members ?? []).toEqual([]);
      const answer = await call("CreateMembership", { groupId: one.id, subject: subjectOf(member) });
      expect([answer.status, reasonOf(answer)]).toEqual([400, "REASON_MEMBERSHIP_ENDED"]);
    });

    it("are listed in the order in which people joined the group, page by page", async () => {
      const group = await create("Team");
      const users = [member, admin, await server.createUser(organizationId, "member", "zoe@example.com")];
      for (const user of users) await add(group.id, user);
      const request = { groupId: group.id, pagination: { pageSize: 2 } };
      const first = await ok("ListMemberships", request, member.token);
      const second = await ok("ListMemberships", {
        ...request,
        pagination: { pageSize: 2, token: first.pagination.nextToken },
      });
      const ids = [...first.members, ...second.members].map(({ subject }) => subject.id);
      expect(ids).toEqual(users.map(({ userId }) => userId));
    });

    it("are searched by name and email, in their group alone, by name", async () => {
      const [group, other] = [await create("Team"), await create("Others")];
      const people = [];
      for (const email of ["zoe@search.example", "amy@search.example", "bob@search.example"]) {
        people.push(await server.createUser(organizationId, "member", email));
      }
      for (const person of people) await add(group.id, person);
      await add(group.id, member);
      await add(other.id, await server.createUser(organizationId, "member", "eve@search.example"));
      await server.createUser(organizationId, "member", "out@search.example");
      const search = async (text: string, pagination = {}) =>
        ok("ListMemberships", { groupId: group.id, filter: { search: text }, pagination }, member.token);
      const names = ({ members = [] }: { members?: { name: string }[] }) => members.map(({ name }) => name);
      const all = ["amy@search.example", "bob@search.example", "zoe@search.example"];
      expect(names(await search("SEARCH.ex"))).toEqual(all);
      expect(names(await search("zo"))).toEqual(["zoe@search.example"]);
      expect(names(await search("nobody"))).toEqual([]);
      const first = await search("search", { pageSize: 2 });
      const second = await search("search", { pageSize: 2, token: first.pagination.nextToken });
      expect([...names(first), ...names(second)]).toEqual(all);
      const mixed = await call("ListMemberships", {
        groupId: group.id,
        pagination: { token: first.pagination.nextToken },
      });
      expect(mixed.status).toBe(400);
    });

    it("are counted right when people come and go through two replicas at once", async () => {
      const replica = await server.replica();
      const group = await create("Team");
      const people = [];
      for (let i = 0; i < 8; i++) people.push(await server.createUser(organizationId, "member"));
      const through = (i: number) => (i % 2 ? server : replica);
      const joined = await Promise.all(
        people.flatMap((person, i) =>
          [i, i + 1].map((at) =>
            callJson(
              through(at),
              "CreateMembership",
              { groupId: group.id, subject: subjectOf(person) },
              { token: admin.token, service },
            ),
          ),
        ),
      );
      expect(joined.map(({ status }) => status).sort()).toEqual([...Array(8).fill(200), ...Array(8).fill(409)]);
      expect((await read(group.id)).memberCount).toBe(8);
      const { members } = await ok("ListMemberships", { groupId: group.id });
      const left = await Promise.all(
        members
          .slice(0, 5)
          .flatMap(({ id }: { id: string }, i: number) =>
            [i, i + 1].map((at) =>
              callJson(through(at), "DeleteMembership", { membershipId: id }, { token: admin.token, service }),
            ),
          ),
      );
      expect(left.map(({ status }) => status).sort()).toEqual([...Array(5).fill(200), ...Array(5).fill(404)]);
      expect((await read(group.id)).memberCount).toBe(3);
    });
  });

  describe("that a directory keeps", () => {
    it("are shown as such, and refuse every change", async () => {
      const group = await create("Pushed");
      const { id: membershipId } = await add(group.id, member);
      const scimConfigurationId = await provision(group.id);
      expect(await read(group.id)).toEqual({ ...group, systemManaged: true, memberCount: 1 });
      const before = await audit();
      const changes: [string, object][] = [
        ["UpdateGroup", { groupId: group.id, name: "Renamed" }],
        ["DeleteGroup", { groupId: group.id }],
        ["CreateMembership", { groupId: group.id, subject: subjectOf(admin) }],
        ["DeleteMembership", { membershipId }],
      ];
      for (const [method, request] of changes) {
        const answer = await call(method, request);
        expect([answer.status, answer.body.code, reasonOf(answer)]).toEqual([
          400,
          "failed_precondition",
          "REASON_GROUP_SYSTEM_MANAGED",
        ]);
        expect(answer.body.details[0].debug.metadata).toEqual({ scim_configuration_id: scimConfigurationId });
      }
      expect((await read(group.id)).memberCount).toBe(1);
      expect(await audit()).toEqual(before);
    });

    it("become ordinary ones when the SCIM configuration is deleted", async () => {
      const group = await create("Pushed");
      const scimConfigurationId = await provision(group.id);
      await callJson(server, "DeleteSCIMConfiguration", { scimConfigurationId }, { token: admin.token });
      expect((await ok("UpdateGroup", { groupId: group.id, name: "Ours now" })).group.name).toBe("Ours now");
    });
  });

  it("are changed by admins alone, and by nobody of another organization", async () => {
    const group = await create("Team");
    const { id: membershipId } = await add(group.id, member);
    const stranger = await server.createUser(await server.createOrganization());
    const before = await audit();
    const changes: [string, object][] = [
      ["CreateGroup", { organizationId, name: "New one" }],
      ["UpdateGroup", { groupId: group.id, name: "Renamed" }],
      ["DeleteGroup", { groupId: group.id }],
      ["CreateMembership", { groupId: group.id, subject: subjectOf(admin) }],
      ["DeleteMembership", { membershipId }],
    ];
    for (const [method, request] of changes) {
      expect((await call(method, request, member.token)).status).toBe(403);
      expect((await call(method, request, stranger.token)).status).toBe(404);
    }
    for (const [method, request] of [
      ["ListMemberships", { groupId: group.id }],
      ["GetMembership", { groupId: group.id, subject: subjectOf(member) }],
    ] as const) {
      expect((await call(method, request, stranger.token)).status).toBe(404);
    }
    expect(await read(group.id)).toEqual({ ...group, memberCount: 1 });
    expect(await audit()).toEqual(before);
  });
});
