import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { changeUser } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const service = "gitpod.v1.UserService";

describe.each(ENGINES)("users on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;
  let user: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId, "admin", "admin@acme.example");
    user = await server.createUser(organizationId, "member", "ada@acme.example");
  });

  const call = (method: string, request: unknown, token = admin.token) =>
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

  const stored = (of: TestUser) => server.storage.read.users.get(of.organizationId, of.userId);
  const entries = async () =>
    (await server.storage.read.auditEntries.list(organizationId, {}, "newest", { limit: 100 })).items;
  const reasonOf = async ({ token }: TestUser, at = server) =>
    errorOf((await callJson(at, "GetAuthenticatedUser", {}, { token, service })).body).reason;

  const adaAsUser = () => ({
    id: user.userId,
    organizationId,
    name: "ada@acme.example",
    createdAt: expect.stringMatching(/Z$/),
    status: "USER_STATUS_ACTIVE",
    email: "ada@acme.example",
  });

  it("shows callers themselves, and members each other", async () => {
    expect((await succeed("GetAuthenticatedUser", {}, user.token)).user).toEqual(adaAsUser());
    expect((await succeed("GetUser", { userId: user.userId })).user).toEqual(adaAsUser());
    expect((await succeed("GetUser", { userId: admin.userId }, user.token)).user).toMatchObject({ id: admin.userId });
  });

  it("does not find users of other organizations, nor unknown ones", async () => {
    const stranger = await server.createUser(await server.createOrganization());
    for (const method of ["GetUser", "SetSuspended", "DeleteUser"]) {
      const foreign = await refuse(method, { userId: stranger.userId });
      const unknown = await refuse(method, { userId: newId() });
      expect(foreign).toMatchObject({ code: "not_found" });
      expect({ ...foreign, requestId: "" }).toEqual({ ...unknown, requestId: "" });
    }
    expect(await stored(stranger)).toMatchObject({ status: "active" });
  });

  describe("SetSuspended", () => {
    const setSuspended = (suspended?: boolean) => succeed("SetSuspended", { userId: user.userId, suspended });

    it("makes the user nobody at once, on every replica, until it is lifted", async () => {
      const replica = await server.replica();
      expect(await setSuspended(true)).toEqual({});
      for (const at of [server, replica]) expect(await reasonOf(user, at)).toBe("credential_invalid");
      expect((await succeed("GetUser", { userId: user.userId })).user.status).toBe("USER_STATUS_SUSPENDED");
      expect(await setSuspended()).toEqual({});
      expect((await succeed("GetAuthenticatedUser", {}, user.token)).user.status).toBe("USER_STATUS_ACTIVE");
    });

    it("does not lift what a directory has set", async () => {
      await changeUser(server.storage, user, { status: "suspended", suspendedByScim: true });
      await setSuspended(false);
      expect(await stored(user)).toMatchObject({ status: "suspended", suspendedByScim: true, suspendedByAdmin: false });
      await setSuspended(true);
      await setSuspended(false);
      expect(await stored(user)).toMatchObject({ status: "suspended", suspendedByScim: true, suspendedByAdmin: false });
      expect(await reasonOf(user)).toBe("credential_invalid");
    });

    it("leaves an entry when it changes something", async () => {
      await setSuspended(true);
      expect((await entries())[0]).toMatchObject({
        actorId: admin.userId,
        action: "member.set_suspended",
        operation: "update_status",
        subjectType: "user",
        subjectId: user.userId,
        before: { status: "active", suspendedByAdmin: false },
        after: { status: "suspended", suspendedByAdmin: true },
      });
      const count = (await entries()).length;
      await setSuspended(true);
      expect((await entries()).length).toBe(count);
    });

    it("refuses who has left", async () => {
      await changeUser(server.storage, user, { status: "left" });
      for (const suspended of [true, false]) {
        expect(await refuse("SetSuspended", { userId: user.userId, suspended })).toMatchObject({
          code: "failed_precondition",
          reason: "membership_ended",
        });
      }
      expect(await stored(user)).toMatchObject({ status: "left" });
    });

    it("refuses the last admin, also to the operator", async () => {
      for (const token of [admin.token, await server.createOperatorToken()]) {
        expect(await refuse("SetSuspended", { userId: admin.userId, suspended: true }, token)).toMatchObject({
          code: "failed_precondition",
          reason: "last_admin",
        });
      }
      expect(await stored(admin)).toMatchObject({ status: "active" });
      const second = await server.createUser(organizationId);
      await succeed("SetSuspended", { userId: admin.userId, suspended: true }, second.token);
      expect(await stored(admin)).toMatchObject({ status: "suspended" });
    });
  });

  describe("DeleteUser", () => {
    it("ends the membership with its tokens, and leaves the account", async () => {
      expect(await succeed("DeleteUser", { userId: user.userId })).toEqual({});
      expect(await stored(user)).toMatchObject({ status: "left" });
      expect(await reasonOf(user)).toBe("credential_invalid");
      const tokens = await server.storage.read.apiTokens.list(organizationId, [user.userId], { limit: 5 });
      expect(tokens.items).toEqual([]);
      expect(await server.storage.read.accounts.get(user.accountId)).toBeDefined();
      expect((await succeed("GetUser", { userId: user.userId })).user.status).toBe("USER_STATUS_LEFT");
      expect((await entries())[0]).toMatchObject({ action: "member.delete", subjectId: user.userId });
    });

    it("succeeds again without a second entry", async () => {
      await succeed("DeleteUser", { userId: user.userId });
      const count = (await entries()).length;
      await succeed("DeleteUser", { userId: user.userId });
      expect((await entries()).length).toBe(count);
    });

    it("refuses the last admin", async () => {
      expect(await refuse("DeleteUser", { userId: admin.userId })).toMatchObject({ reason: "last_admin" });
      expect(await stored(admin)).toMatchObject({ status: "active" });
    });
  });
});
