import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addDirectory, GROUP_SCHEMA, patchOp, type ScimClient, user } from "../scim/client.ts";
import { callJson } from "../support/call.ts";
import { openDumper } from "../support/dump.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const OFF = patchOp({ op: "Replace", path: "active", value: "False" });

describe.each(ENGINES)("the provisioning service on %s", (engine) => {
  let server: TestServer;
  let scim: ScimClient;
  let admin: TestUser;
  let stranger: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine, { env: { SCIM_GUARD_MINIMUM: "2", SCIM_GUARD_PERCENT: "20" } });
    stranger = await server.createUser(await server.createOrganization());
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    scim = await addDirectory(server);
    admin = await server.createUser(scim.organizationId);
  });

  const call = (method: string, request: unknown, { token } = admin) =>
    callJson(server, method, request, { token, service: "organization.v1.ProvisioningService" });

  async function answerOf(method: string, request: unknown) {
    const { status, body } = await call(method, request);
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    return body;
  }

  /** Neither a member nor somebody else's admin nor nobody gets through, and nothing is there afterwards that was not before. */
  async function expectRefused(method: string, request: unknown) {
    const member = await server.createUser(scim.organizationId, "member");
    const dumper = await openDumper(server.database);
    try {
      const before = await dumper.fingerprint();
      expect((await call(method, request, member)).body.code).toBe("permission_denied");
      expect((await call(method, request, stranger)).body.code).toBe("not_found");
      expect(
        (await callJson(server, method, request, { service: "organization.v1.ProvisioningService" })).body.code,
      ).toBe("unauthenticated");
      expect(await dumper.fingerprint()).toEqual(before);
    } finally {
      await dumper.close();
    }
  }

  describe("requests", () => {
    const list = (more: object = {}) =>
      answerOf("ListSCIMRequests", { scimConfigurationId: scim.configurationId, ...more });

    it("are listed newest first, by resource and by outcome, page by page", async () => {
      const { body: made } = await scim.post("/Users", user("ada", { password: "s3cret!", active: "True" }));
      await scim.patch(`/Users/${made.id}`, patchOp({ op: "add", path: "title", value: "T" }));
      await scim.get("/Users?count=many");
      const { scimRequests } = await list();
      expect(scimRequests).toMatchObject([
        { method: "GET", path: "/Users", query: "count=many", status: 400, scimType: "invalidCount" },
        { method: "PATCH", path: `/Users/${made.id}`, status: 200, resourceId: made.id, after: { title: "T" } },
        {
          method: "POST",
          path: "/Users",
          status: 201,
          resourceType: "User",
          resourceId: made.id,
          after: { userName: "ada", active: true },
          normalizations: expect.arrayContaining([{ code: "string_boolean", path: "active" }]),
          durationMs: expect.any(Number),
        },
      ]);
      expect(JSON.parse(scimRequests[2].body)).toEqual(user("ada", { password: "[redacted]", active: "True" }));
      expect(JSON.stringify(scimRequests)).not.toContain("s3cret!");

      const idsOf = (body: { scimRequests?: { id: string }[] }) => (body.scimRequests ?? []).map(({ id }) => id);
      const ids = idsOf({ scimRequests });
      expect(idsOf(await list({ resourceId: made.id }))).toEqual(ids.slice(1));
      expect(idsOf(await list({ failed: true }))).toEqual(ids.slice(0, 1));
      expect(idsOf(await list({ failed: false }))).toEqual(ids.slice(1));
      const first = await list({ pagination: { pageSize: 2 } });
      const second = await list({ pagination: { pageSize: 2, token: first.pagination.nextToken } });
      expect([...idsOf(first), ...idsOf(second)]).toEqual(ids);
      expect((await answerOf("GetSCIMRequest", { scimRequestId: ids[1] })).scimRequest).toEqual(scimRequests[1]);
    });

    it("are shown to admins of the organization alone", async () => {
      await scim.get("/Users");
      const [{ id: scimRequestId }] = (await list()).scimRequests;
      await expectRefused("ListSCIMRequests", { scimConfigurationId: scim.configurationId });
      await expectRefused("GetSCIMRequest", { scimRequestId });
      expect((await call("GetSCIMRequest", { scimRequestId: UNKNOWN_ID })).body.code).toBe("not_found");
      expect((await call("ListSCIMRequests", { scimConfigurationId: UNKNOWN_ID })).body.code).toBe("not_found");
    });

    it("are gone when they are older than the log goes back", async () => {
      await scim.get("/Users");
      expect((await list()).scimRequests).toHaveLength(1);
      server.clock.advance(13 * 86_400_000);
      await server.app.domain.provisioning.deleteOld();
      expect((await list()).scimRequests).toHaveLength(1);
      server.clock.advance(2 * 86_400_000);
      await server.app.domain.provisioning.deleteOld();
      expect((await list()).scimRequests ?? []).toEqual([]);
    });
  });

  describe("previews", () => {
    const preview = (method: string, path: string, body?: unknown) =>
      answerOf("PreviewSCIMRequest", { scimConfigurationId: scim.configurationId, method, path, body });

    it("show the difference of every kind of change, and leave nothing behind", async () => {
      const { body: ada } = await scim.post("/Users", user("ada", { title: "Analyst" }));
      const { body: bob } = await scim.post("/Users", user("bob"));
      const group = { schemas: [GROUP_SCHEMA], displayName: "Team", members: [{ value: ada.id }] };
      const { body: team } = await scim.post("/Groups", group);
      await server.app.domain.provisioning.flushRequests();
      const dumper = await openDumper(server.database);
      try {
        const before = await dumper.fingerprint();
        expect(await preview("PATCH", `/Users/${ada.id}`, OFF)).toMatchObject({
          status: 200,
          before: { active: true, title: "Analyst" },
          after: { active: false, title: "Analyst" },
          normalizations: [
            { code: "operation_name_case", path: "op" },
            { code: "string_boolean", path: "active" },
          ],
        });
        const put = await preview("PUT", `/Users/${ada.id}`, user("ada"));
        expect(put).toMatchObject({ status: 200, before: { title: "Analyst" } });
        expect(put.after).not.toHaveProperty("title");
        expect(await preview("POST", "/Users", user("new"))).toMatchObject({ status: 201, after: { userName: "new" } });
        expect(await preview("DELETE", `/Users/${ada.id}`)).toMatchObject({ status: 204, before: { userName: "ada" } });
        const add = patchOp({ op: "add", path: "members", value: [{ value: bob.id }] });
        expect(await preview("PATCH", `/Groups/${team.id}`, add)).toMatchObject({
          after: { addedMembers: [{ value: bob.id }] },
        });
        expect(await preview("DELETE", `/Groups/${team.id}`)).toMatchObject({ status: 204 });
        expect(await preview("POST", "/Users", user("ADA"))).toMatchObject({ status: 409, scimType: "uniqueness" });
        expect(await preview("PATCH", `/Users/${UNKNOWN_ID}`, OFF)).toMatchObject({ status: 404 });
        expect(await preview("GET", "/Users")).toMatchObject({ status: 400, detail: expect.stringContaining("POST") });
        expect(await dumper.fingerprint()).toEqual(before);
      } finally {
        await dumper.close();
      }
    });

    it("take a request out of the log", async () => {
      await scim.post("/Users", user("taken"));
      await scim.post("/Users", user("TAKEN"));
      const requests = (await answerOf("ListSCIMRequests", { scimConfigurationId: scim.configurationId, failed: true }))
        .scimRequests;
      const [{ method, path, body, status, detail }] = requests;
      expect(status).toBe(409);
      expect(await preview(method, path, JSON.parse(body))).toMatchObject({ status, detail });
      await scim.delete(`/Users/${(await scim.get("/Users")).body.Resources[0].id}`);
      expect(await preview(method, path, JSON.parse(body))).toMatchObject({ status: 201 });
    });

    it("are made for admins of the organization alone", async () => {
      const { body: ada } = await scim.post("/Users", user("ada"));
      await server.app.domain.provisioning.flushRequests();
      const request = { method: "PATCH", path: `/Users/${ada.id}`, body: OFF };
      await expectRefused("PreviewSCIMRequest", { scimConfigurationId: scim.configurationId, ...request });
      const other = await addDirectory(server, { organizationId: stranger.organizationId });
      const elsewhere = { scimConfigurationId: other.configurationId, ...request };
      // Another configuration finds nothing of this one.
      expect((await call("PreviewSCIMRequest", elsewhere, stranger)).body).toMatchObject({ status: 404 });
    });
  });

  describe("holds", () => {
    /** Ten users, of whom two are deactivated, and the third is held. */
    async function hold() {
      const ids: string[] = [];
      for (let n = 0; n < 10; n++) ids.push((await scim.post("/Users", user(`u${n}`))).body.id);
      const off = (n: number) => scim.patch(`/Users/${ids[n]}`, OFF);
      expect([(await off(0)).status, (await off(1)).status, (await off(2)).status]).toEqual([200, 200, 429]);
      const { scimHolds } = await answerOf("ListSCIMHolds", { scimConfigurationId: scim.configurationId });
      expect(scimHolds).toMatchObject([
        {
          scimConfigurationId: scim.configurationId,
          state: "SCIM_HOLD_STATE_PENDING",
          deprovisionedCount: 2,
          activeUserCount: 8,
          heldRequestCount: 1,
          lastUserId: ids[2],
        },
      ]);
      const scimHoldId: string = scimHolds[0].id;
      return { ids, off, scimHoldId };
    }

    const events = async () => {
      const filter = { subjectTypes: ["scim_configuration"] } as const;
      const { items } = await server.storage.read.auditEntries.list(scim.organizationId, filter, "oldest", {
        limit: 10,
      });
      return items.map(({ action, actorId }) => [action, actorId]);
    };

    it("let through what they held once an admin approves", async () => {
      const { ids, off, scimHoldId } = await hold();
      const { scimHold } = await answerOf("ApproveSCIMHold", { scimHoldId });
      expect(scimHold).toMatchObject({ id: scimHoldId, state: "SCIM_HOLD_STATE_APPROVED", decidedBy: admin.userId });
      // The directory repeats what was held, and goes on.
      for (const n of [2, 3, 4, 5]) expect((await off(n)).status).toBe(200);
      expect((await scim.delete(`/Users/${ids[6]}`)).status).toBe(204);
      const { items } = await server.storage.read.users.list(
        scim.organizationId,
        { statuses: ["suspended"] },
        { by: "joined", descending: false },
        { limit: 20 },
      );
      expect(items.map(({ id }) => id)).toEqual(ids.slice(0, 6));
      expect(await events()).toEqual([
        ["scim_hold.create", scim.configurationId],
        ["scim_hold.approve", admin.userId],
      ]);
      const again = await answerOf("ApproveSCIMHold", { scimHoldId });
      expect(again.scimHold).toEqual(scimHold);
      expect((await call("RefuseSCIMHold", { scimHoldId })).body.code).toBe("aborted");
    });

    it("keep everybody whom they held once an admin refuses", async () => {
      const { ids, off, scimHoldId } = await hold();
      const { scimHold } = await answerOf("RefuseSCIMHold", { scimHoldId });
      expect(scimHold).toMatchObject({ state: "SCIM_HOLD_STATE_REFUSED", decidedBy: admin.userId });
      expect((await off(2)).status).toBe(403);
      expect((await scim.delete(`/Users/${ids[3]}`)).status).toBe(403);
      expect((await scim.get(`/Users/${ids[2]}`)).body.active).toBe(true);
      expect((await call("ApproveSCIMHold", { scimHoldId })).body.code).toBe("aborted");
      server.clock.advance(61 * 60_000);
      expect((await off(2)).status).toBe(200);
    });

    it("are shown to, and decided by, admins of the organization alone", async () => {
      const { off, scimHoldId } = await hold();
      await server.app.domain.provisioning.flushRequests();
      await expectRefused("ApproveSCIMHold", { scimHoldId });
      await expectRefused("RefuseSCIMHold", { scimHoldId });
      const member = await server.createUser(scim.organizationId, "member");
      expect((await call("ListSCIMHolds", {}, member)).body.code).toBe("permission_denied");
      const elsewhere = { scimConfigurationId: scim.configurationId };
      expect((await call("ListSCIMHolds", elsewhere, stranger)).body.scimHolds ?? []).toEqual([]);
      expect((await call("ListSCIMHolds", {}, stranger)).body.scimHolds ?? []).toEqual([]);
      expect((await call("ApproveSCIMHold", { scimHoldId: UNKNOWN_ID })).body.code).toBe("not_found");
      const readOnly = { ...admin, token: await server.createToken(admin, { readOnly: true }) };
      expect((await call("ApproveSCIMHold", { scimHoldId }, readOnly)).body.code).toBe("permission_denied");
      expect((await call("ListSCIMHolds", {}, readOnly)).body.scimHolds).toHaveLength(1);
      expect((await off(2)).status).toBe(429);
    });

    it("are not made by previews, which say that an admin would be asked", async () => {
      const { ids } = await hold();
      const request = { method: "PATCH", path: `/Users/${ids[4]}`, body: OFF };
      const preview = await answerOf("PreviewSCIMRequest", { scimConfigurationId: scim.configurationId, ...request });
      expect(preview).toMatchObject({ status: 429, detail: expect.stringContaining("admin") });
      const { scimHolds } = await answerOf("ListSCIMHolds", {});
      expect(scimHolds).toMatchObject([{ heldRequestCount: 1 }]);
    });
  });
});
