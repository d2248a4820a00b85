import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory, ENTERPRISE_SCHEMA, GROUP_SCHEMA, patchOp, type ScimClient, user } from "./client.ts";

describe.each(ENGINES)("users over SCIM on %s", (engine) => {
  let server: TestServer;
  let scim: ScimClient;
  beforeAll(async () => {
    server = await startTestServer(engine);
    scim = await addDirectory(server);
  });
  afterAll(() => server.close());

  const member = async (id: string) => server.storage.read.users.get(scim.organizationId, id);

  it("creates a user, who is a member from then on, and reads it back exactly as sent", async () => {
    const sent = user("Ada@Example.com", {
      externalId: "A1",
      name: { givenName: "Ada", familyName: "Lovelace" },
      emails: [{ value: "Ada@Example.com", type: "work", primary: true }],
      phoneNumbers: [{ value: "+1 (555) 0100", type: "work" }],
      [ENTERPRISE_SCHEMA]: { department: "Engines" },
    });
    const created = await scim.post("/Users", sent);
    expect(created.status).toBe(201);
    expect(created.headers.get("content-type")).toBe("application/scim+json");
    const { id } = created.body;
    expect(created.headers.get("location")).toBe(`${scim.baseUrl}/Users/${id}`);
    expect(created.headers.get("etag")).toBe('W/"1"');
    const { schemas, ...values } = sent as Record<string, unknown>;
    expect(created.body).toMatchObject({ ...values, active: true, meta: { resourceType: "User", version: 'W/"1"' } });
    expect((await scim.get(`/Users/${id}`)).body).toEqual(created.body);
    expect(await member(id)).toMatchObject({
      name: "Ada Lovelace",
      email: "Ada@Example.com",
      emailVerified: true,
      role: "member",
      status: "active",
    });
    const entries = await server.storage.read.auditEntries.list(scim.organizationId, { subjectIds: [id] }, "newest", {
      limit: 10,
    });
    expect(entries.items).toMatchObject([
      { action: "scim_user.create", actorId: scim.configurationId, actorPrincipal: "scim_configuration" },
    ]);
  });

  it("refuses a userName that the organization has, whatever its case", async () => {
    await scim.post("/Users", user("Grace"));
    const again = await scim.post("/Users", user("gRACE", { externalId: "other" }));
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ status: "409", scimType: "uniqueness" });
    const other = await addDirectory(server, { organizationId: scim.organizationId });
    expect((await other.post("/Users", user("grace"))).status).toBe(409);
  });

  it("answers each of many creates at once by what became of it, refused ones too", async () => {
    const { body: known } = await scim.post("/Users", user("many 0"));
    const before = (await scim.get("/Users?count=0")).body.totalResults;
    const bodies = Array.from({ length: 30 }, (_, n) => user(`many ${n}`, n === 7 ? { active: "perhaps" } : {}));
    const answers = await Promise.all(bodies.map((body) => scim.post("/Users", body)));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map((_, n) => (n === 0 ? 409 : n === 7 ? 400 : 201)));
    for (const [n, { status, body }] of answers.entries()) {
      if (status !== 201) continue;
      expect(body.userName).toBe(`many ${n}`);
      expect((await scim.get(`/Users/${body.id}`)).body).toEqual(body);
    }
    expect((await scim.get("/Users?count=0")).body.totalResults).toBe(before + 28);
    expect((await scim.get(`/Users/${known.id}`)).body).toEqual(known);
  });

  it("suspends and restores, and ends tokens at once", async () => {
    const { body } = await scim.post("/Users", user("sleeper"));
    const found = await member(body.id);
    expect(found?.status).toBe("active");
    const { token } = await server.app.domain.apiTokens.createForUser(
      { caller: { kind: "system" }, requestId: "test", action: "test" },
      body.id,
      { description: "", readOnly: false },
    );
    const { principals } = server.app.domain;
    await principals.authenticate(principals.hashOf(token));
    const suspended = await scim.patch(`/Users/${body.id}`, patchOp({ op: "Replace", path: "active", value: "False" }));
    expect(suspended.status).toBe(200);
    expect(suspended.body.active).toBe(false);
    expect(await member(body.id)).toMatchObject({ status: "suspended", suspendedByScim: true });
    await expect(principals.authenticate(principals.hashOf(token))).rejects.toMatchObject({
      reason: "credential_invalid",
    });
    const restored = await scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", value: { active: true } }));
    expect(restored.body.active).toBe(true);
    expect(await member(body.id)).toMatchObject({ status: "active", suspendedByScim: false });
    await expect(principals.authenticate(principals.hashOf(token))).rejects.toMatchObject({
      reason: "credential_invalid",
    });
  });

  it("does not lift the suspension of an admin", async () => {
    const { body } = await scim.post("/Users", user("held"));
    const context = { caller: { kind: "system" }, requestId: "test", action: "test" } as const;
    await server.app.domain.users.setSuspended(context, body.id, true);
    await scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "active", value: false }));
    const { body: restored } = await scim.patch(
      `/Users/${body.id}`,
      patchOp({ op: "replace", path: "active", value: true }),
    );
    expect(restored.active).toBe(true);
    expect(await member(body.id)).toMatchObject({
      status: "suspended",
      suspendedByAdmin: true,
      suspendedByScim: false,
    });
  });

  it("ends the membership of who is deleted, and links who comes again to the same account", async () => {
    const { body } = await scim.post("/Users", user("comeback", { externalId: "C1" }));
    const before = await member(body.id);
    expect((await scim.delete(`/Users/${body.id}`)).status).toBe(204);
    expect((await scim.get(`/Users/${body.id}`)).status).toBe(404);
    expect((await scim.delete(`/Users/${body.id}`)).status).toBe(404);
    expect(await member(body.id)).toMatchObject({ status: "left" });
    const again = await scim.post("/Users", user("ComeBack", { externalId: "C1" }));
    expect(again.body.id).not.toBe(body.id);
    expect(await member(again.body.id)).toMatchObject({ status: "active", accountId: before?.accountId });
    await scim.delete(`/Users/${again.body.id}`);
    const stranger = await scim.post("/Users", user("comeback", { externalId: "C2" }));
    expect((await member(stranger.body.id))?.accountId).not.toBe(before?.accountId);
  });

  it("adopts the member who has the email, when the organization has verified the domain", async () => {
    const directory = await addDirectory(server);
    const { organizationId } = directory;
    const known = await server.createUser(organizationId, "admin", "linus@kernel.example");
    const unverified = await directory.post("/Users", user("linus@kernel.example"));
    expect(unverified.body.id).not.toBe(known.userId);
    await directory.delete(`/Users/${unverified.body.id}`);
    const now = server.clock.now();
    await server.storage.write((records) =>
      records.domainVerifications.insert({
        id: `${organizationId}-d`,
        organizationId,
        domain: "kernel.example",
        state: "verified",
        verificationToken: "t",
        verifiedAt: now,
        lastCheckedAt: now,
        failures: 0,
        createdAt: now,
      }),
    );
    const ada = await server.createUser(organizationId, "member", "ada@kernel.example");
    const adopted = await directory.post("/Users", user("ADA", { emails: [{ value: "ada@kernel.example" }] }));
    expect(adopted.body.id).toBe(ada.userId);
    expect((await directory.get("/Users")).body.totalResults).toBe(1);
    expect((await directory.get(`/Users/${known.userId}`)).status).toBe(404);
  });

  it("obeys when the last admin is suspended, and says so", async () => {
    const directory = await addDirectory(server);
    const { body } = await directory.post("/Users", user("boss"));
    const found = await server.storage.read.users.get(directory.organizationId, body.id);
    if (found) await server.storage.write((records) => records.users.update({ ...found, role: "admin" }));
    await directory.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "active", value: false }));
    const { items } = await server.storage.read.auditEntries.list(
      directory.organizationId,
      { subjectTypes: ["organization"] },
      "newest",
      { limit: 1 },
    );
    expect(items).toMatchObject([{ action: "scim_user.remove_last_admin", after: { lastAdminUserId: body.id } }]);
  });

  it("keeps version and lastModified when nothing changes", async () => {
    const { body } = await scim.post("/Users", user("still", { title: "x" }));
    server.clock.advance(5000);
    const same = await scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "title", value: "x" }));
    expect(same.body.meta).toEqual(body.meta);
    const echoed = await scim.put(`/Users/${body.id}`, body);
    expect(echoed.body.meta).toEqual(body.meta);
    const changed = await scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "title", value: "y" }));
    expect(changed.body.meta.version).toBe('W/"2"');
    expect(changed.body.meta.lastModified).not.toBe(body.meta.lastModified);
  });

  it("honours If-Match and If-None-Match", async () => {
    const { body } = await scim.post("/Users", user("tagged"));
    const path = `/Users/${body.id}`;
    const stale = { "if-match": 'W/"7"' };
    const title = patchOp({ op: "replace", path: "title", value: "x" });
    expect((await scim.patch(path, title, stale)).status).toBe(412);
    expect((await scim.put(path, user("tagged", { title: "x" }), stale)).status).toBe(412);
    expect((await scim.delete(path, stale)).status).toBe(412);
    expect((await scim.get(path)).body).toEqual(body);
    expect((await scim.get(path, { "if-none-match": 'W/"1"' })).status).toBe(304);
    expect((await scim.get(path, { "if-none-match": 'W/"2"' })).status).toBe(200);
    expect((await scim.patch(path, title, { "if-match": 'W/"1"' })).status).toBe(200);
    expect((await scim.delete(path, { "if-match": "*" })).status).toBe(204);
  });

  it("shows only what is asked for", async () => {
    const { body } = await scim.post("/Users?attributes=userName", user("narrow", { title: "t" }));
    expect(Object.keys(body).sort()).toEqual(["id", "schemas", "userName"]);
    const read = await scim.get(`/Users/${body.id}?excludedAttributes=meta,title`);
    expect(read.body).not.toHaveProperty("meta");
    expect(read.body).not.toHaveProperty("title");
    expect(read.body.userName).toBe("narrow");
  });

  it("counts a new name of a member in the groups that show it, and nothing else of the member", async () => {
    const { body: ada } = await scim.post("/Users", user("renamed"));
    const { body: other } = await scim.post("/Users", user("not renamed"));
    const groups: { id: string; meta: { version: string } }[] = [];
    for (const [displayName, id] of [
      ["With", ada.id],
      ["Without", other.id],
    ] as const) {
      groups.push(
        (await scim.post("/Groups", { schemas: [GROUP_SCHEMA], displayName, members: [{ value: id }] })).body,
      );
    }
    const read = async () => {
      const answers = [];
      for (const { id, meta } of groups) {
        answers.push(await scim.get(`/Groups/${id}`, { "if-none-match": meta.version }));
      }
      return answers;
    };
    const patch = (path: string, value: string) => scim.patch(`/Users/${ada.id}`, patchOp({ op: "add", path, value }));
    await patch("title", "Analyst");
    expect((await read()).map(({ status }) => status)).toEqual([304, 304]);
    for (const [path, value] of [
      ["userName", "renamed twice"],
      ["displayName", "Ada"],
    ] as const) {
      expect((await patch(path, value)).status).toBe(200);
      const [shown, unchanged] = await read();
      expect(shown).toMatchObject({ status: 200, body: { members: [{ value: ada.id, display: value }] } });
      expect(shown?.body.meta.version).not.toBe(groups[0]?.meta.version);
      expect(unchanged?.status).toBe(304);
      groups[0] = shown?.body;
    }
    // The displayName is shown, whatever the userName is.
    await patch("userName", "renamed again");
    expect((await read()).map(({ status }) => status)).toEqual([304, 304]);
  });

  it("shows a user's groups and the manager's name, and counts a change of them", async () => {
    const boss = await scim.post("/Users", user("manager", { displayName: "The Boss" }));
    const { body } = await scim.post(
      "/Users",
      user("managed", { [ENTERPRISE_SCHEMA]: { manager: { value: boss.body.id } } }),
    );
    expect(body[ENTERPRISE_SCHEMA].manager).toMatchObject({ value: boss.body.id, displayName: "The Boss" });
    const group = await scim.post("/Groups", {
      schemas: [GROUP_SCHEMA],
      displayName: "Managed",
      members: [{ value: body.id }],
    });
    const read = await scim.get(`/Users/${body.id}`);
    expect(read.body.groups).toEqual([
      { value: group.body.id, $ref: `${scim.baseUrl}/Groups/${group.body.id}`, display: "Managed", type: "direct" },
    ]);
    expect(read.body.meta.version).toBe('W/"2"');
    await scim.delete(`/Users/${body.id}`);
    expect((await scim.get(`/Groups/${group.body.id}`)).body).not.toHaveProperty("members");
  });
});
