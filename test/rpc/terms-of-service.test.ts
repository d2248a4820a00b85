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
    admin = await server.createUser(organizationId, "admin", "ada@example.com");
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
    const log = server.log.join("");
    expect(log).not.toContain(new URL(body.downloadUrl).searchParams.get("ticket"));
  });
});
