import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

describe.each(ENGINES)("terms of service on %s", (engine) => {
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
    admin = await server.createUser(organizationId, "admin", "ada.lovelace@example.com");
    member = await server.createUser(organizationId, "member", "=bob@example.com");
  });

  const call = (method: string, request: object = {}, token = admin.token) =>
    callJson(server, method, { organizationId, ...request }, { token });

  async function publish(markdown: string) {
    const { status, body } = await call("UpdateTermsOfService", { markdown, enabled: true });
    expect(status).toBe(200);
    return body.termsOfService.currentVersion;
  }

  it("are off and without a text until somebody writes them", async () => {
    expect((await call("GetTermsOfService")).body).toEqual({ termsOfService: { organizationId } });
  });

  it("publish a version for every changed text, and none for the same", async () => {
    const first = await publish("one");
    expect(first).toMatchObject({ version: 1, markdown: "one", createdByUserId: admin.userId });
    expect(await publish("one")).toEqual(first);
    expect(await publish("two")).toMatchObject({ version: 2, markdown: "two" });
    const versions = await call("ListTermsOfServiceVersions", { pagination: { pageSize: 1 } }, member.token);
    expect(versions.body.versions[0].version).toBe(2);
    const token = versions.body.pagination.nextToken;
    const older = await call("ListTermsOfServiceVersions", { pagination: { pageSize: 1, token } });
    expect(older.body).toMatchObject({ versions: [first], pagination: {} });
  });

  it("are not turned on without a text", async () => {
    const refused = await call("UpdateTermsOfService", { enabled: true });
    expect([refused.status, refused.body.code]).toEqual([400, "failed_precondition"]);
    expect((await call("GetTermsOfService")).body.termsOfService.enabled).toBeUndefined();
  });

  it("are accepted once and for the exact current version", async () => {
    const first = await publish("one");
    const accepted = await call("AcceptTermsOfService", { versionId: first.id }, member.token);
    expect(accepted.body.acceptance).toMatchObject({ versionId: first.id, version: 1 });
    server.clock.advance(10_000);
    const again = await call("AcceptTermsOfService", { versionId: first.id }, member.token);
    expect(again.body).toEqual(accepted.body);
    const seen = await call("GetTermsOfService", {}, member.token);
    expect(seen.body.termsOfService.currentUserAcceptance).toEqual(accepted.body.acceptance);
    await publish("two");
    const outdated = await call("AcceptTermsOfService", { versionId: first.id }, member.token);
    expect([outdated.status, outdated.body.code]).toEqual([400, "failed_precondition"]);
    expect((await call("GetTermsOfService", {}, member.token)).body.termsOfService).not.toHaveProperty(
      "currentUserAcceptance",
    );
  });

  it("list who has accepted which version, by filter and in pages that are never empty", async () => {
    const first = await publish("one");
    await call("AcceptTermsOfService", { versionId: first.id }, member.token);
    await publish("two");
    const list = async (version: number, filter: object = {}) => {
      const { body } = await call("ListTermsOfServiceAcceptances", { version, filter, pagination: { pageSize: 1 } });
      return body.acceptances.map((a: { member: { userId: string }; status: string; acceptedVersion?: number }) => [
        a.member.userId,
        a.status.replace("TERMS_OF_SERVICE_ACCEPTANCE_STATUS_", ""),
        a.acceptedVersion,
      ]);
    };
    expect(await list(1, { statuses: ["TERMS_OF_SERVICE_ACCEPTANCE_STATUS_ACCEPTED"] })).toEqual([
      [member.userId, "ACCEPTED", 1],
    ]);
    expect(await list(1, { statuses: ["TERMS_OF_SERVICE_ACCEPTANCE_STATUS_PENDING"] })).toEqual([
      [admin.userId, "PENDING", undefined],
    ]);
    expect(await list(2, { search: "bob" })).toEqual([[member.userId, "PENDING", 1]]);
    expect((await call("ListTermsOfServiceAcceptances", { version: 9 })).status).toBe(404);
    expect((await call("ListTermsOfServiceAcceptances", { version: 1 }, member.token)).status).toBe(403);
  });

  it("are exported by a link that works for minutes, cannot be changed, and holds no formula", async () => {
    const first = await publish("one");
    await call("AcceptTermsOfService", { versionId: first.id }, member.token);
    const { body } = await call("GetTermsOfServiceAcceptancesExport", { version: 1 });
    const file = await fetch(body.downloadUrl);
    expect(file.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = (await file.text()).trimEnd().split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines.find((line) => line.startsWith(member.userId))).toMatch(
      /,'=bob@example\.com,'=bob@example\.com,accepted,1,/,
    );
    const changed = body.downloadUrl.replace(
      /(.)(.{9})$/,
      (_: string, at: string, rest: string) => (at === "A" ? "B" : "A") + rest,
    );
    expect((await fetch(changed)).status).toBe(404);
    server.clock.advance(6 * 60_000);
    expect((await fetch(body.downloadUrl)).status).toBe(404);
    const log = await server.logged();
    expect(log).not.toContain(new URL(body.downloadUrl).searchParams.get("ticket"));
  });

  describe("exports", () => {
    const linkOf = async (request: object = {}, token = admin.token) => {
      const { status, body } = await call("GetTermsOfServiceAcceptancesExport", { version: 1, ...request }, token);
      expect(status).toBe(200);
      return body.downloadUrl as string;
    };
    const rowsOf = async (url: string) => (await (await fetch(url)).text()).trimEnd().split("\r\n").slice(1);

    it("hold what the filter of the request keeps, over many pages, without those who have left", async () => {
      const version = await publish("one");
      for (let i = 0; i < 230; i++) await server.createUser(organizationId, "member");
      const gone = await server.createUser(organizationId, "member");
      await callJson(server, "LeaveOrganization", { userId: gone.userId }, { token: gone.token });
      await call("AcceptTermsOfService", { versionId: version.id }, member.token);
      expect(await rowsOf(await linkOf())).toHaveLength(232);
      const statuses = ["TERMS_OF_SERVICE_ACCEPTANCE_STATUS_ACCEPTED"];
      const accepted = await rowsOf(await linkOf({ filter: { statuses } }));
      expect(accepted.map((row) => row.split(",")[0])).toEqual([member.userId]);
      expect(await rowsOf(await linkOf({ filter: { search: "lovelace@" } }))).toHaveLength(1);
    });

    it("are kept by nobody on their way, and tell no other site where they are", async () => {
      await publish("one");
      const { headers } = await fetch(await linkOf());
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-disposition")).toMatch(/^attachment/);
    });

    it("are read, and nothing else", async () => {
      await publish("one");
      const url = await linkOf();
      const head = await fetch(url, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect((await fetch(url, { method: "POST" })).status).toBe(405);
      expect((await fetch(url.split("?")[0] ?? "")).status).toBe(404);
    });

    it("are for the operator, too", async () => {
      await publish("one");
      expect(await rowsOf(await linkOf({}, await server.createOperatorToken()))).toHaveLength(2);
    });

    it.each([
      [
        "is no admin any more",
        (asker: TestUser) => call("SetRole", { userId: asker.userId, role: "ORGANIZATION_ROLE_MEMBER" }),
      ],
      [
        "is suspended",
        (asker: TestUser) =>
          callJson(
            server,
            "SetSuspended",
            { userId: asker.userId, suspended: true },
            {
              token: admin.token,
              service: "gitpod.v1.UserService",
            },
          ),
      ],
      [
        "has lost the token",
        (asker: TestUser) =>
          callJson(
            server,
            "DeletePersonalAccessToken",
            { personalAccessTokenId: asker.tokenId },
            {
              token: admin.token,
              service: "gitpod.v1.UserService",
            },
          ),
      ],
    ])("open nothing when whoever asked for them %s", async (_title, act) => {
      await publish("one");
      const asker = await server.createUser(organizationId);
      const url = await linkOf({}, asker.token);
      expect((await fetch(url)).status).toBe(200);
      expect((await act(asker)).status).toBe(200);
      const refused = await fetch(url);
      expect(refused.status).toBe(404);
      expect(await refused.text()).not.toContain("@");
    });

    it("do not exist for versions that do not, for members, and for strangers", async () => {
      await publish("one");
      expect((await call("GetTermsOfServiceAcceptancesExport", { version: 2 })).status).toBe(404);
      expect((await call("GetTermsOfServiceAcceptancesExport", { version: 1 }, member.token)).status).toBe(403);
      const stranger = await server.createUser(await server.createOrganization());
      expect((await call("GetTermsOfServiceAcceptancesExport", { version: 1 }, stranger.token)).status).toBe(404);
    });
  });

  it("are published by a person, and turned off by the operator, too", async () => {
    const operator = await server.createOperatorToken();
    const refused = await call("UpdateTermsOfService", { markdown: "one" }, operator);
    expect([refused.status, refused.body.code]).toEqual([400, "failed_precondition"]);
    await publish("one");
    const off = await call("UpdateTermsOfService", { enabled: false }, operator);
    expect(off.body.termsOfService.enabled).toBeUndefined();
    expect(off.body.termsOfService.currentVersion.version).toBe(1);
    const accepted = await call(
      "AcceptTermsOfService",
      { versionId: off.body.termsOfService.currentVersion.id },
      operator,
    );
    expect([accepted.status, accepted.body.code]).toEqual([400, "failed_precondition"]);
  });

  it("number their versions without a gap when two admins publish at once", async () => {
    const replica = await server.replica();
    const work = Array.from({ length: 6 }, (_, i) =>
      callJson(
        i % 2 ? server : replica,
        "UpdateTermsOfService",
        { organizationId, markdown: `text ${i}` },
        { token: admin.token },
      ),
    );
    const versions = (await Promise.all(work)).map(({ body }) => body.termsOfService.currentVersion.version);
    expect(versions.sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("are never accepted in a version that was replaced meanwhile", async () => {
    const first = await publish("one");
    const [accepted, published] = await Promise.all([
      call("AcceptTermsOfService", { versionId: first.id }, member.token),
      call("UpdateTermsOfService", { markdown: "two" }),
    ]);
    expect(published.status).toBe(200);
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    const actions = items.map(({ action }) => action).filter((action) => action.startsWith("terms_of_service"));
    if (accepted.status === 200) expect(actions.at(-1)).toBe("terms_of_service.update");
    else expect(accepted.body.code).toBe("failed_precondition");
  });

  it("fill their pages of acceptances, whatever the filter keeps", async () => {
    const version = await publish("one");
    const people = [];
    for (let i = 0; i < 12; i++) people.push(await server.createUser(organizationId, "member"));
    for (const person of people.filter((_, i) => i % 4 === 0)) {
      await call("AcceptTermsOfService", { versionId: version.id }, person.token);
    }
    const filter = { statuses: ["TERMS_OF_SERVICE_ACCEPTANCE_STATUS_ACCEPTED"] };
    const first = await call("ListTermsOfServiceAcceptances", { version: 1, filter, pagination: { pageSize: 2 } });
    const token = first.body.pagination.nextToken;
    const second = await call("ListTermsOfServiceAcceptances", {
      version: 1,
      filter,
      pagination: { pageSize: 2, token },
    });
    expect([first.body.acceptances.length, second.body.acceptances.length]).toEqual([2, 1]);
    expect(second.body.pagination).toEqual({});
    const mixed = await call("ListTermsOfServiceAcceptances", { version: 1, pagination: { pageSize: 2, token } });
    expect(mixed.status).toBe(400);
  });

  it("are not another organization's to read or change", async () => {
    const version = await publish("one");
    const stranger = await server.createUser(await server.createOrganization());
    const requests: [string, object][] = [
      ["GetTermsOfService", {}],
      ["UpdateTermsOfService", { markdown: "mine" }],
      ["AcceptTermsOfService", { versionId: version.id }],
      ["ListTermsOfServiceVersions", {}],
      ["ListTermsOfServiceAcceptances", { version: 1 }],
    ];
    for (const [method, request] of requests) expect((await call(method, request, stranger.token)).status).toBe(404);
    const { organizationId: theirs } = stranger;
    const foreign = await call(
      "AcceptTermsOfService",
      { organizationId: theirs, versionId: version.id },
      stranger.token,
    );
    expect(foreign.status).toBe(404);
    expect((await call("GetTermsOfService")).body.termsOfService.currentVersion).toEqual(version);
  });

  it.each([
    ["a text of 32001 characters", { markdown: "x".repeat(32_001) }],
    ["a status that is none", { version: 1, filter: { statuses: [0] } }],
    ["version 0", { version: 0 }],
  ])("refuse %s", async (_title, request) => {
    await publish("one");
    const method = "markdown" in request ? "UpdateTermsOfService" : "ListTermsOfServiceAcceptances";
    expect((await call(method, request)).status).toBe(400);
  });
});
