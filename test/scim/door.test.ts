import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUP, USER } from "../../src/domain/provisioning/attributes.ts";
import { newId } from "../../src/lib/ids.ts";
import { createToken } from "../../src/lib/tokens.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory, createClient, GROUP_SCHEMA, patchOp, type ScimClient, user } from "./client.ts";

const DAY = 86_400_000;
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

describe.each(ENGINES)("the SCIM door on %s", (engine) => {
  let server: TestServer;
  let scim: ScimClient;
  beforeAll(async () => {
    server = await startTestServer(engine, { env: { MAX_BODY_BYTES: "65536" } });
    scim = await addDirectory(server);
  });
  afterAll(() => server.close());

  describe("authentication", () => {
    const refused = async (client: ScimClient, headers: Record<string, string> = {}) => {
      const answer = await client.post("/Users", user(newId()), headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(answer.headers.get("content-type")).toBe("application/scim+json");
      expect(answer.body).toMatchObject({ schemas: [ERROR], status: "401" });
      expect((await server.storage.read.scimUsers.counts(client.configurationId)).users).toBe(0);
      return answer.text;
    };
    const other = (token: string, id = scim.configurationId) => createClient(server, scim.organizationId, id, token);

    it("answers alike to every stranger", async () => {
      const directory = await addDirectory(server);
      const answers = [
        await refused(other(createToken("scim"), directory.configurationId)),
        await refused(other(scim.token, directory.configurationId)),
        await refused(other(createToken("api"), directory.configurationId)),
        await refused(other("nonsense", directory.configurationId)),
        await refused(directory, { authorization: "" }),
        await refused(directory, { authorization: `Basic ${directory.token}` }),
        await refused(other(directory.token, newId())),
        await refused(other(directory.token, "no-uuid")),
      ];
      expect(new Set(answers).size).toBe(1);
      const unknownPath = await other(createToken("scim")).get("/Nothing");
      expect(unknownPath.status).toBe(401);
    });

    it("says when a token expired, and that a configuration is disabled, to who has the token", async () => {
      const expired = await addDirectory(server, { tokenExpiresAt: server.clock.now() - DAY });
      expect(await refused(expired)).toContain("expired at 20");
      const disabled = await addDirectory(server, { enabled: false });
      expect(await refused(disabled)).toContain("disabled");
      expect(await refused(other(createToken("scim"), disabled.configurationId))).not.toContain("disabled");
    });

    it("takes back a request that is under way when the configuration, or its organization, is deleted", async () => {
      const { provisioning } = server.app.domain;
      for (const what of ["configuration", "organization"] as const) {
        const directory = await addDirectory(server);
        const { organizationId, configurationId, token } = directory;
        const { body: ada } = await directory.post("/Users", user("ada"));
        // Authenticated, as it is before the body is read.
        const session = await provisioning.authenticate(configurationId, token, "test");
        await server.storage.write((records) =>
          what === "organization"
            ? records.organizations.delete(organizationId)
            : records.scimConfigurations.delete(configurationId),
        );
        const off = patchOp({ op: "replace", path: "active", value: false });
        const members = [{ value: ada.id }];
        const changes = [
          [{ method: "POST", type: USER, id: undefined, data: user("bob") }, 401],
          [{ method: "POST", type: GROUP, id: undefined, data: { displayName: "Team", members } }, 401],
          [{ method: "PATCH", type: USER, id: ada.id, data: off }, 404],
          [{ method: "DELETE", type: USER, id: ada.id, data: undefined }, 404],
        ] as const;
        for (const [operation, status] of changes) {
          const change = provisioning.change(session, { ...operation, ifMatch: undefined }, undefined);
          await expect(change, `${what} ${operation.method}`).rejects.toMatchObject({ name: "ScimError", status });
        }
        expect((await provisioning.list(session, [USER], {})).body.totalResults).toBe(0);
        expect(await server.storage.read.users.countMembers(organizationId)).toBe(what === "organization" ? 0 : 1);
      }
    });

    it("stops at once when the token is replaced, or the configuration disabled or deleted, on every replica", async () => {
      const replica = await server.replica();
      const directory = await addDirectory(server);
      const context = { caller: { kind: "system" }, requestId: "test", action: "test" } as const;
      const { scimConfigurations } = server.app.domain;
      const atReplica = directory.at(replica);
      expect((await atReplica.get("/Users")).status).toBe(200);
      await scimConfigurations.update(context, directory.configurationId, { enabled: false });
      expect((await atReplica.get("/Users")).status).toBe(401);
      await scimConfigurations.update(context, directory.configurationId, { enabled: true });
      const { token } = await scimConfigurations.regenerateToken(context, directory.configurationId, undefined);
      expect((await atReplica.get("/Users")).status).toBe(401);
      const renewed = createClient(replica, directory.organizationId, directory.configurationId, token);
      const { body } = await renewed.post("/Users", user("kept"));
      await renewed.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "active", value: false }));
      const { body: group } = await renewed.post("/Groups", { schemas: [GROUP_SCHEMA], displayName: "Kept" });
      await server.app.domain.provisioning.flushUses();
      await replica.app.domain.provisioning.flushUses();
      const used = await server.storage.read.scimConfigurations.get(
        directory.organizationId,
        directory.configurationId,
      );
      expect(used?.tokenLastUsedAt).toBeGreaterThan(0);
      await scimConfigurations.delete(context, directory.configurationId);
      expect((await renewed.get("/Users")).status).toBe(401);
      expect(await server.storage.read.users.get(directory.organizationId, body.id)).toMatchObject({
        status: "suspended",
        suspendedByAdmin: true,
        suspendedByScim: false,
      });
      const kept = await server.storage.read.groups.get(directory.organizationId, group.id);
      expect(kept?.scimConfigurationId).toBeUndefined();
    });
  });

  describe("refusals", () => {
    const refusals: readonly (readonly [
      string,
      string,
      string,
      unknown,
      number,
      (string | undefined)?,
      Record<string, string>?,
    ])[] = [
      ["an unknown path", "GET", "/Nothing", undefined, 404],
      ["an unknown user", "GET", "/Users/nobody", undefined, 404],
      ["an id with a NUL", "GET", "/Users/%00", undefined, 404],
      ["an unknown group", "PATCH", "/Groups/nobody", patchOp(), 404],
      ["an unknown schema", "GET", "/Schemas/urn:x", undefined, 404],
      ["a method that a path has not", "PUT", "/Users", {}, 405],
      ["a deletion of all users", "DELETE", "/Users", undefined, 405],
      ["a change of what can be discovered", "POST", "/Schemas", {}, 405],
      ["/Me", "GET", "/Me", undefined, 501],
      ["/Me, to change", "PATCH", "/Me", patchOp(), 501],
      ["a filter of discovery", "GET", "/Schemas?filter=id+pr", undefined, 403],
      ["a body that is no JSON", "POST", "/Users", "{", 400, "invalidSyntax"],
      ["an empty body", "POST", "/Users", "", 400, "invalidSyntax"],
      ["a body that is no object", "POST", "/Users", [], 400, "invalidSyntax"],
      ["another content type", "POST", "/Users", "{}", 415, undefined, { "content-type": "text/plain" }],
      ["a compressed body", "POST", "/Users", "{}", 415, undefined, { "content-encoding": "gzip" }],
      ["a body that is too large", "POST", "/Users", { userName: "x".repeat(70_000) }, 413],
      ["a user without a userName", "POST", "/Users", { displayName: "x" }, 400, "invalidValue"],
      ["an empty userName", "POST", "/Users", { userName: " " }, 400, "invalidValue"],
      ["a wrong type", "POST", "/Users", { userName: "a", active: "maybe" }, 400, "invalidValue"],
      ["a group without a name", "POST", "/Groups", { members: [] }, 400, "invalidValue"],
      ["a name that is too long", "POST", "/Groups", { displayName: "x".repeat(256) }, 400, "invalidValue"],
      ["a bad filter", "GET", "/Users?filter=userName+is+1", undefined, 400, "invalidFilter"],
      ["a filter on an unknown attribute", "GET", '/Users?filter=shoe+eq+"1"', undefined, 400, "invalidFilter"],
      ["a bad count", "GET", "/Users?count=many", undefined, 400, "invalidCount"],
      ["a bad startIndex", "GET", "/Users?startIndex=x", undefined, 400, "invalidValue"],
      ["a bad cursor", "GET", "/Users?cursor=x", undefined, 400, "invalidCursor"],
      ["a bad sortBy", "GET", "/Users?sortBy=shoe", undefined, 400, "invalidPath"],
      ["a bad sortOrder", "GET", "/Users?sortBy=userName&sortOrder=up", undefined, 400, "invalidValue"],
      ["an order of several types", "POST", "/.search", { sortBy: "id" }, 400, "invalidPath"],
      ["a search that is no object", "POST", "/Users/.search", [], 400, "invalidSyntax"],
      ["a bulk request without operations", "POST", "/Bulk", {}, 400, "invalidSyntax"],
      ["too many bulk operations", "POST", "/Bulk", { Operations: Array(1001).fill({}) }, 413],
    ];

    it.each(refusals.map((refusal) => [refusal[0], refusal] as const))("%s", async (_name, refusal) => {
      const [, method, path, body, status, scimType, headers] = refusal;
      const before = await server.storage.read.scimUsers.counts(scim.configurationId);
      const answer = await scim.request(method, path, body, headers ?? {});
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/scim+json");
      expect(answer.body).toMatchObject({ schemas: [ERROR], status: String(status), detail: expect.any(String) });
      expect(answer.body.scimType).toBe(scimType);
      if (status === 405) expect(answer.headers.get("allow")).toMatch(/GET|POST/);
      expect(await server.storage.read.scimUsers.counts(scim.configurationId)).toEqual(before);
    });

    it("a patch that cannot be applied, whole", async () => {
      const { body } = await scim.post("/Users", user("whole"));
      const path = `/Users/${body.id}`;
      const title = { op: "add", path: "title", value: "x" };
      const cases: readonly (readonly [unknown, string])[] = [
        [{ op: "replace", path: "id", value: "x" }, "mutability"],
        [{ op: "replace", path: "meta.created", value: "x" }, "mutability"],
        [{ op: "remove", path: "userName" }, "mutability"],
        [{ op: "remove" }, "noTarget"],
        [{ op: "replace", path: 'emails[value eq "a"].type', value: "x" }, "noTarget"],
        [{ op: "replace", path: "emails[", value: "x" }, "invalidFilter"],
        [{ op: "move", path: "title" }, "invalidSyntax"],
        [{ op: "replace", path: "active", value: 5 }, "invalidValue"],
      ];
      for (const [operation, scimType] of cases) {
        const answer = await scim.patch(path, patchOp(title, operation));
        expect([operation, answer.status, answer.body.scimType]).toEqual([operation, 400, scimType]);
      }
      expect((await scim.get(path)).body).toEqual(body);
    });

    it("the name of a group that the organization has", async () => {
      const context = { caller: { kind: "system" }, requestId: "test", action: "test" } as const;
      const { organizationId } = scim;
      await server.app.domain.groups.create(context, { organizationId, name: "Taken", description: "" });
      const group = { schemas: [GROUP_SCHEMA], displayName: "taken" };
      expect((await scim.post("/Groups", group)).body).toMatchObject({ status: "409", scimType: "uniqueness" });
      const { body } = await scim.post("/Groups", { ...group, displayName: "Free" });
      const renamed = await scim.patch(
        `/Groups/${body.id}`,
        patchOp({ op: "replace", path: "displayName", value: "TAKEN" }),
      );
      expect(renamed.body).toMatchObject({ status: "409", scimType: "uniqueness" });
      expect((await scim.get(`/Groups/${body.id}`)).body.displayName).toBe("Free");
    });

    it("what another configuration of the organization keeps, as if it did not exist", async () => {
      const other = await addDirectory(server, { organizationId: scim.organizationId });
      const { body: theirs } = await other.post("/Users", user("theirs"));
      const { body: group } = await other.post("/Groups", { schemas: [GROUP_SCHEMA], displayName: "Theirs" });
      for (const path of [`/Users/${theirs.id}`, `/Groups/${group.id}`]) {
        expect((await scim.get(path)).status).toBe(404);
        expect((await scim.delete(path)).status).toBe(404);
        expect((await other.get(path)).status).toBe(200);
      }
      const { body: mine } = await scim.post("/Groups", {
        schemas: [GROUP_SCHEMA],
        displayName: "Mine",
        members: [{ value: theirs.id }],
      });
      expect(mine).not.toHaveProperty("members");
    });
  });

  it("answers a patch of a group with nothing, or with what is asked for", async () => {
    const { body } = await scim.post("/Groups", { schemas: [GROUP_SCHEMA], displayName: "Quiet" });
    const rename = (name: string) => patchOp({ op: "replace", path: "displayName", value: name });
    const quiet = await scim.patch(`/Groups/${body.id}`, rename("Quieter"));
    expect([quiet.status, quiet.text]).toEqual([204, ""]);
    const shown = await scim.patch(`/Groups/${body.id}?attributes=displayName`, rename("Loud"));
    expect([shown.status, shown.body.displayName]).toEqual([200, "Loud"]);
    expect((await scim.patch(`/Users/${(await scim.post("/Users", user("empty"))).body.id}`, patchOp())).status).toBe(
      200,
    );
  });

  it("keeps groups of a directory from being changed by hand", async () => {
    const { body } = await scim.post("/Groups", { schemas: [GROUP_SCHEMA], displayName: "Managed" });
    const context = { caller: { kind: "system" }, requestId: "test", action: "test" } as const;
    await expect(server.app.domain.groups.delete(context, body.id)).rejects.toMatchObject({
      reason: "group_system_managed",
    });
  });

  it("limits the requests of one configuration, and says when to come again", async () => {
    const limited = await startTestServer(engine, { env: { SCIM_RATE: "1" } });
    try {
      const directory = await addDirectory(limited);
      const answers = [];
      for (let i = 0; i < 12; i++) answers.push(await directory.get("/Users"));
      expect(answers.slice(0, 10).every(({ status }) => status === 200)).toBe(true);
      const refused = answers.find(({ status }) => status === 429);
      expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
      limited.clock.advance(5000);
      expect((await directory.get("/Users")).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it("runs bulk requests in the order of their references", async () => {
    const directory = await addDirectory(server);
    const answer = await directory.post("/Bulk", {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
      Operations: [
        {
          method: "POST",
          path: "/Groups",
          bulkId: "g",
          data: { schemas: [GROUP_SCHEMA], displayName: "Bulk", members: [{ value: "bulkId:u" }] },
        },
        { method: "POST", path: "/Users", bulkId: "u", data: user("bulk") },
        { method: "POST", path: "/Users", bulkId: "twice", data: user("BULK") },
        { method: "PATCH", path: "/Users/bulkId:u", data: patchOp({ op: "add", path: "title", value: "x" }) },
        { method: "POST", path: "/Groups", bulkId: "a", data: { displayName: "A", members: [{ value: "bulkId:b" }] } },
        { method: "POST", path: "/Groups", bulkId: "b", data: { displayName: "B", members: [{ value: "bulkId:a" }] } },
        { method: "DELETE", path: "/Users/nobody" },
      ],
    });
    expect(answer.status).toBe(200);
    const statuses = answer.body.Operations.map(({ status }: { status: string }) => status);
    expect(statuses).toEqual(["201", "201", "409", "200", "409", "409", "404"]);
    const [group, created] = answer.body.Operations;
    const read = await directory.get(group.location.slice(directory.baseUrl.length));
    expect(read.body.members).toMatchObject([{ $ref: created.location }]);
    const stopped = await directory.post("/Bulk", {
      failOnErrors: 1,
      Operations: [
        { method: "DELETE", path: "/Users/nobody" },
        { method: "POST", path: "/Users", bulkId: "u", data: user("never") },
      ],
    });
    expect(stopped.body.Operations).toHaveLength(1);
  });

  it("logs requests redacted, with what they changed, for those who administer the organization", async () => {
    const directory = await addDirectory(server);
    const { body } = await directory.post("/Users", user("logged", { password: "s3cret!", active: "True" }));
    await directory.patch(
      `/Users/${body.id}`,
      patchOp({ op: "replace", path: "password", value: "s3cret!" }, { op: "replace", path: "title", value: "T" }),
    );
    await directory.get("/Users?count=many");
    const { provisioning } = server.app.domain;
    const admin = { caller: { kind: "system" }, requestId: "test", action: "" } as const;
    const filter = { scimConfigurationId: directory.configurationId };
    const { items } = await provisioning.listRequests(admin, filter, { limit: 10 });
    expect(items).toMatchObject([
      { method: "GET", path: "/Users", query: "count=many", status: 400, scimType: "invalidCount" },
      { method: "PATCH", resourceId: body.id, status: 200, before: {}, after: { title: "T" } },
      {
        method: "POST",
        status: 201,
        normalizations: expect.arrayContaining([{ code: "string_boolean", path: "active" }]),
        after: { userName: "logged" },
      },
    ]);
    expect(items[2]?.before).toBeUndefined();
    expect(JSON.stringify(items)).not.toContain("s3cret!");
    expect(await server.logged()).not.toContain("s3cret!");
    server.clock.advance(15 * DAY);
    await provisioning.deleteOld();
    expect((await provisioning.listRequests(admin, filter, { limit: 10 })).items).toEqual([]);
  });

  it("previews a request without changing anything", async () => {
    const directory = await addDirectory(server);
    const { body } = await directory.post("/Users", user("seen"));
    const { provisioning } = server.app.domain;
    const admin = { caller: { kind: "system" }, requestId: "test", action: "" } as const;
    const preview = (method: string, path: string, data?: unknown) =>
      provisioning.preview(admin, {
        scimConfigurationId: directory.configurationId,
        method,
        path,
        body: data,
      });
    const before = await directory.get(`/Users/${body.id}`);
    const off = patchOp({ op: "Replace", path: "active", value: "False" });
    expect(await preview("PATCH", `/Users/${body.id}`, off)).toMatchObject({
      status: 200,
      before: { active: true },
      after: { active: false },
      normalizations: [{ code: "operation_name_case" }, { code: "string_boolean" }],
    });
    expect(await preview("DELETE", `/Users/${body.id}`)).toMatchObject({ status: 204, before: { userName: "seen" } });
    expect(await preview("POST", "/Users", user("SEEN"))).toMatchObject({ status: 409, scimType: "uniqueness" });
    expect(await preview("POST", "/Users", user("new"))).toMatchObject({ status: 201, after: { userName: "new" } });
    expect(await preview("GET", "/Users")).toMatchObject({ status: 400 });
    expect(await directory.get(`/Users/${body.id}`)).toMatchObject({ status: 200, text: before.text });
    expect((await directory.get("/Users")).body.totalResults).toBe(1);
    const log = await server.storage.read.auditEntries.list(directory.organizationId, {}, "newest", { limit: 10 });
    expect(log.items).toHaveLength(2);
  });
});
