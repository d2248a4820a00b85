import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { changeUser } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const service = "gitpod.v1.UserService";
const DAY = 86_400_000;

describe.each(ENGINES)("personal access tokens on %s", (engine) => {
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
    admin = await server.createUser(organizationId, "admin");
    user = await server.createUser(organizationId, "member");
  });

  const call = (method: string, request: unknown, token = user.token, headers = {}) =>
    callJson(server, method, request, { token, service, headers });

  async function succeed(method: string, request: unknown, token?: string, headers?: object) {
    const { status, body } = await call(method, request, token, headers);
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    return body;
  }

  async function refuse(method: string, request: unknown, token?: string) {
    const { body } = await call(method, request, token);
    expect(body).toHaveProperty("code");
    return errorOf(body);
  }

  const mint = async (fields: object = {}, token?: string): Promise<string> =>
    (await succeed("CreatePersonalAccessToken", { userId: user.userId, ...fields }, token)).token;
  const list = async (filter: object = {}, token?: string, headers?: object) =>
    (await succeed("ListPersonalAccessTokens", { filter }, token, headers)).personalAccessTokens ?? [];
  const newest = async () => (await list())[0];
  const whoami = (token: string) => call("GetAuthenticatedUser", {}, token);

  it("works as its user, and is shown once", async () => {
    const token = await mint({ description: "deploy" });
    expect(token).toMatch(/^osk_/);
    expect((await whoami(token)).body.user.id).toBe(user.userId);
    const pat = await newest();
    expect(pat).toEqual({
      id: expect.any(String),
      userId: user.userId,
      description: "deploy",
      creator: { id: user.userId, principal: "PRINCIPAL_USER" },
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
    });
    expect((await succeed("GetPersonalAccessToken", { personalAccessTokenId: pat.id })).pat).toEqual(pat);
    const kept = JSON.stringify([
      pat,
      await server.database.execute("select * from api_tokens"),
      await server.logged(),
    ]);
    expect(kept).not.toContain(token);
  });

  it.each([
    ["90 days without a lifetime", {}, 90 * DAY],
    ["90 days for 0s", { validFor: "0s" }, 90 * DAY],
    ["as long as it was asked for", { validFor: "3600s" }, 3_600_000],
    ["90 days at most", { validFor: "7776000s" }, 90 * DAY],
  ])("lives %s", async (_, fields, lifetime) => {
    const token = await mint(fields);
    const { createdAt, expiresAt } = await newest();
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(lifetime);
    if (lifetime > DAY) return;
    server.clock.advance(lifetime);
    expect(errorOf((await whoami(token)).body)).toMatchObject({
      code: "unauthenticated",
      reason: "credential_expired",
    });
  });

  it.each(["7776001s", "-1s"])("refuses a lifetime of %s", async (validFor) => {
    const error = await refuse("CreatePersonalAccessToken", { userId: user.userId, validFor });
    expect(error.code).toBe("invalid_argument");
    expect(error.violations[0]?.field).toBe("valid_for");
  });

  it("can be read-only, and then mints no other", async () => {
    const token = await mint({ readOnly: true });
    expect((await newest()).readOnly).toBe(true);
    expect((await whoami(token)).status).toBe(200);
    for (const [method, request] of [
      ["CreatePersonalAccessToken", { userId: user.userId }],
      ["DeletePersonalAccessToken", { personalAccessTokenId: (await newest()).id }],
    ] as const) {
      expect(await refuse(method, request, token)).toMatchObject({
        code: "permission_denied",
        reason: "token_read_only",
      });
    }
  });

  it("shows when it was last used", async () => {
    const token = await mint();
    expect(await newest()).not.toHaveProperty("lastUsed");
    server.clock.advance(DAY);
    const before = server.clock.now();
    await whoami(token);
    await server.app.domain.principals.flushUses();
    const { lastUsed } = await newest();
    expect(Date.parse(lastUsed)).toBeGreaterThanOrEqual(before - 1);
  });

  it("is made for the membership of an organization that one founded or joined from here", async () => {
    const { body } = await callJson(
      server,
      "CreateOrganization",
      { name: "Mine", joinOrganization: true },
      { token: user.token },
    );
    const there = body.member.userId;
    const token = await mint({ userId: there.toUpperCase() });
    expect((await whoami(token)).body.user).toMatchObject({ id: there, organizationId: body.organization.id });
    // It belongs to the other organization: nothing of it shows here, nor of here there.
    expect((await list()).map(({ userId }: { userId: string }) => userId)).toEqual([user.userId]);
    const [pat] = await list({}, token);
    expect(pat).toMatchObject({ userId: there, creator: { id: there } });
    const entries = await server.storage.read.auditEntries.list(body.organization.id, {}, "newest", { limit: 1 });
    expect(entries.items[0]).toMatchObject({
      action: "personal_access_token.create",
      actorId: user.accountId,
      actorPrincipal: "account",
    });
  });

  it("is not made for the same person's other memberships: who vouches for them here must not reach those", async () => {
    const { body } = await callJson(
      server,
      "CreateOrganization",
      { name: "Mine", joinOrganization: true },
      { token: user.token },
    );
    const there = await mint({ userId: body.member.userId });
    const error = await refuse("CreatePersonalAccessToken", { userId: user.userId }, there);
    expect(error).toMatchObject({ code: "not_found" });
  });

  it("is made for nobody else, not even by an admin", async () => {
    const stranger = await server.createUser(await server.createOrganization());
    const unknown = await refuse("CreatePersonalAccessToken", { userId: newId() }, admin.token);
    for (const userId of [user.userId, stranger.userId]) {
      const error = await refuse("CreatePersonalAccessToken", { userId }, admin.token);
      expect(error).toMatchObject({ code: "not_found" });
      expect({ ...error, requestId: "" }).toEqual({ ...unknown, requestId: "" });
    }
  });

  it("is not made for a membership that is suspended or has ended", async () => {
    const { body } = await callJson(
      server,
      "CreateOrganization",
      { name: "Mine", joinOrganization: true },
      { token: user.token },
    );
    const there = { organizationId: body.organization.id, userId: body.member.userId };
    await changeUser(server.storage, there, { status: "suspended" });
    expect(await refuse("CreatePersonalAccessToken", { userId: there.userId })).toMatchObject({
      code: "failed_precondition",
      reason: "member_suspended",
    });
    await changeUser(server.storage, there, { status: "left" });
    expect(await refuse("CreatePersonalAccessToken", { userId: there.userId })).toMatchObject({ code: "not_found" });
  });

  describe("of others", () => {
    it("are an admin's to see and revoke, and nobody else's", async () => {
      const colleague = await server.createUser(organizationId, "member");
      for (const method of ["GetPersonalAccessToken", "DeletePersonalAccessToken"]) {
        const foreign = await refuse(method, { personalAccessTokenId: user.tokenId }, colleague.token);
        const unknown = await refuse(method, { personalAccessTokenId: newId() }, colleague.token);
        expect(foreign).toMatchObject({ code: "not_found" });
        expect({ ...foreign, requestId: "" }).toEqual({ ...unknown, requestId: "" });
      }
      const { pat } = await succeed("GetPersonalAccessToken", { personalAccessTokenId: user.tokenId }, admin.token);
      expect(pat).toMatchObject({ id: user.tokenId, userId: user.userId });
      await succeed("DeletePersonalAccessToken", { personalAccessTokenId: user.tokenId }, admin.token);
      expect(errorOf((await whoami(user.token)).body).reason).toBe("credential_invalid");
      expect((await whoami(colleague.token)).status).toBe(200);
    });

    it("are listed for an admin, newest first, and by user", async () => {
      const ids = async (filter: object, token: string, headers?: object) =>
        (await list(filter, token, headers)).map(({ id }: { id: string }) => id);
      const stranger = await server.createUser(await server.createOrganization());
      const operator = await server.createOperatorToken();
      const all = [user.tokenId, admin.tokenId];
      expect(await ids({}, admin.token)).toEqual(all);
      expect(await ids({ userIds: [admin.userId] }, admin.token)).toEqual([admin.tokenId]);
      expect(await ids({ userIds: [stranger.userId] }, admin.token)).toEqual([]);
      expect(await ids({}, operator, { "x-organization-id": organizationId })).toEqual(all);
      expect(await ids({}, user.token)).toEqual([user.tokenId]);
      expect(await ids({ userIds: [user.userId, admin.userId] }, user.token)).toEqual([user.tokenId]);
      expect(await ids({ userIds: [admin.userId] }, user.token)).toEqual([]);
    });

    it("need an organization's name from the operator, whose own tokens are no person's", async () => {
      const token = await server.createOperatorToken();
      expect(await refuse("ListPersonalAccessTokens", {}, token)).toMatchObject({ reason: "organization_required" });
      const tokens = await server.database.execute("select id from api_tokens where user_id is null");
      const id = String(tokens[0]?.id);
      for (const method of ["GetPersonalAccessToken", "DeletePersonalAccessToken"]) {
        expect(await refuse(method, { personalAccessTokenId: id }, token)).toMatchObject({ code: "not_found" });
      }
    });
  });

  it("stops working at once when it is revoked, on another replica too", async () => {
    const replica = await server.replica();
    const token = await mint();
    await succeed("DeletePersonalAccessToken", { personalAccessTokenId: (await newest()).id });
    for (const at of [server, replica]) {
      const { body } = await callJson(at, "GetAuthenticatedUser", {}, { token, service });
      expect(errorOf(body).reason).toBe("credential_invalid");
    }
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "newest", { limit: 1 });
    expect(items[0]).toMatchObject({
      action: "personal_access_token.delete",
      before: { userId: user.userId, token: "[redacted]" },
    });
  });

  it("goes on where a page ended, and refuses another list's page token", async () => {
    for (let n = 0; n < 4; n++) await mint({ description: String(n) });
    const page = async (token = "") => succeed("ListPersonalAccessTokens", { pagination: { pageSize: 2, token } });
    const first = await page();
    const second = await page(first.pagination.nextToken);
    const third = await page(second.pagination.nextToken);
    const names = [first, second, third].flatMap(({ personalAccessTokens }) =>
      personalAccessTokens.map(({ description }: { description: string }) => description),
    );
    expect(names).toEqual(["3", "2", "1", "0", "test"]);
    expect(third.pagination).toEqual({});
    const stolen = { filter: { userIds: [user.userId] }, pagination: { token: first.pagination.nextToken } };
    expect(await refuse("ListPersonalAccessTokens", stolen)).toMatchObject({ reason: "page_token_invalid" });
  });
});
