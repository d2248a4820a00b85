import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newAuditEntry } from "../storage/nouns/audit-entries.ts";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";

describe.each(ENGINES)("the audit log on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
  });

  const call = (method: string, request: object, token = admin.token, headers = {}) =>
    callJson(server, method, request, { token, headers, service: "gitpod.v1.EventService" });

  async function list(request: object = {}, token = admin.token, headers = {}) {
    const { status, body } = await call("ListAuditLogs", request, token, headers);
    expect(body.code).toBeUndefined();
    expect(status).toBe(200);
    return body as { entries?: Record<string, string>[]; pagination: { nextToken?: string } };
  }

  const actions = async (filter: object, token = admin.token, headers = {}) =>
    ((await list({ filter, sort: { field: "createdAt", order: "SORT_ORDER_ASC" } }, token, headers)).entries ?? []).map(
      ({ action }) => action,
    );

  const organization = (method: string, request: object, token = admin.token) =>
    callJson(server, method, { organizationId, ...request }, { token });

  it("tells who did what to what and when, newest first", async () => {
    const before = new Date(server.clock.now() - 1).toISOString();
    await organization("UpdateAnnouncementBanner", { message: "Hello" });
    const { body } = await organization("CreateCustomDomain", { domainName: "dev.example.com" });
    const { entries = [] } = await list();
    expect(entries.slice(0, 2)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        actorId: admin.userId,
        actorPrincipal: "PRINCIPAL_USER",
        subjectId: body.customDomain.id,
        subjectType: "RESOURCE_TYPE_CUSTOM_DOMAIN",
        action: "custom_domain.create",
        createdAt: expect.any(String),
        kind: "AUDIT_LOG_ENTRY_KIND_RESOURCE_CHANGE",
      },
      {
        id: expect.any(String),
        actorId: admin.userId,
        actorPrincipal: "PRINCIPAL_USER",
        subjectId: organizationId,
        subjectType: "RESOURCE_TYPE_ANNOUNCEMENT_BANNER",
        action: "announcement_banner.update",
        createdAt: expect.any(String),
        kind: "AUDIT_LOG_ENTRY_KIND_RESOURCE_CHANGE",
      },
    ]);
    expect(Date.parse(entries[0]?.createdAt ?? "")).toBeGreaterThan(Date.parse(before));
    // What made the world: organization, user and token.
    expect(entries.slice(2).map(({ subjectType, kind }) => [subjectType, kind])).toEqual([
      ["RESOURCE_TYPE_PERSONAL_ACCESS_TOKEN", "AUDIT_LOG_ENTRY_KIND_CREDENTIAL_ACCESS"],
      ["RESOURCE_TYPE_USER", "AUDIT_LOG_ENTRY_KIND_RESOURCE_CHANGE"],
      ["RESOURCE_TYPE_ORGANIZATION", "AUDIT_LOG_ENTRY_KIND_RESOURCE_CHANGE"],
    ]);
    expect(entries[2]).toMatchObject({ actorPrincipal: "PRINCIPAL_SERVICE_ACCOUNT" });
    expect(entries[2]?.actorId).toBeUndefined();
  });

  it("pages in both orders, with tokens bound to filter and order", async () => {
    for (let i = 0; i < 7; i++) await organization("UpdateAnnouncementBanner", { message: String(i) });
    const filter = { subjectTypes: ["RESOURCE_TYPE_ANNOUNCEMENT_BANNER"] };
    const walk = async (sort: object | undefined) => {
      const ids: (string | undefined)[] = [];
      for (let token = ""; ; ) {
        const page = await list({ filter, sort, pagination: { pageSize: 3, token } });
        ids.push(...(page.entries ?? []).map(({ id }) => id));
        if (!page.pagination.nextToken) return ids;
        token = page.pagination.nextToken;
      }
    };
    const newest = await walk(undefined);
    expect(newest).toHaveLength(7);
    expect(await walk({ field: "createdAt", order: "SORT_ORDER_DESC" })).toEqual(newest);
    expect(await walk({ field: "createdAt" })).toEqual(newest);
    expect(await walk({ field: "createdAt", order: "SORT_ORDER_ASC" })).toEqual(newest.toReversed());
    const { nextToken } = (await list({ filter, pagination: { pageSize: 3 } })).pagination;
    const others = [
      { pagination: { token: nextToken } },
      { filter, sort: { order: "SORT_ORDER_ASC" }, pagination: { token: nextToken } },
      { filter: { ...filter, actorIds: [admin.userId] }, pagination: { token: nextToken } },
    ];
    for (const request of others) expect((await call("ListAuditLogs", request)).status).toBe(400);
  });

  it("keeps what every condition of the filter lets through", async () => {
    const operator = await server.createOperatorToken();
    const other = await server.createUser(organizationId);
    await organization("UpdateAnnouncementBanner", { message: "a" });
    await organization("UpdateAnnouncementBanner", { message: "b" }, other.token);
    await organization("CreateCustomDomain", { domainName: "dev.example.com" }, operator);
    const { body } = await organization("GetCustomDomain", {});
    const domainId = body.customDomain.id;

    expect(await actions({ actorIds: [other.userId] })).toEqual(["announcement_banner.update"]);
    expect(await actions({ actorIds: [admin.userId.toUpperCase(), other.userId] })).toEqual([
      "announcement_banner.update",
      "announcement_banner.update",
    ]);
    expect(await actions({ subjectIds: [domainId] })).toEqual(["custom_domain.create"]);
    expect(await actions({ subjectIds: [domainId, organizationId], actorPrincipals: ["PRINCIPAL_USER"] })).toEqual([
      "announcement_banner.update",
      "announcement_banner.update",
    ]);
    expect(await actions({ actorPrincipals: ["PRINCIPAL_SERVICE_ACCOUNT"], subjectIds: [domainId] })).toEqual([
      "custom_domain.create",
    ]);
    const types = ["RESOURCE_TYPE_CUSTOM_DOMAIN", "RESOURCE_TYPE_ANNOUNCEMENT_BANNER"];
    expect(await actions({ subjectTypes: types })).toEqual([
      "announcement_banner.update",
      "announcement_banner.update",
      "custom_domain.create",
    ]);
    expect(await actions({ subjectTypes: types, actorIds: [other.userId] })).toEqual(["announcement_banner.update"]);
  });

  it("finds nothing for kinds that are none of this server's, and everything for no kind at all", async () => {
    const all = (await list()).entries?.length;
    expect(await actions({ subjectTypes: ["RESOURCE_TYPE_PROJECT"] })).toEqual([]);
    expect(await actions({ subjectTypes: ["RESOURCE_TYPE_PROJECT", "RESOURCE_TYPE_ORGANIZATION"] })).toHaveLength(1);
    expect(await actions({ actorPrincipals: ["PRINCIPAL_RUNNER"] })).toEqual([]);
    expect(await actions({ subjectTypes: ["RESOURCE_TYPE_UNSPECIFIED"] })).toHaveLength(all ?? 0);
    expect(await actions({ actorPrincipals: ["PRINCIPAL_UNSPECIFIED"] })).toHaveLength(all ?? 0);
    expect(await actions({ actorIds: [UNKNOWN_ID] })).toEqual([]);
  });

  it("keeps a time, from inclusive, to exclusive, to the millisecond", async () => {
    const at = server.clock.now() + 60_000;
    await server.storage.write(async (records) => {
      for (const createdAt of [at - 1, at, at + 1]) {
        await records.auditEntries.append(newAuditEntry(organizationId, { createdAt, action: String(createdAt - at) }));
      }
    });
    const iso = (ms: number) => new Date(ms).toISOString();
    const to = iso(at + 1000);
    expect(await actions({ from: iso(at), to })).toEqual(["0", "1"]);
    expect(await actions({ from: iso(at - 1000), to: iso(at) })).toEqual(["-1"]);
    expect(await actions({ from: iso(at), to: iso(at + 1) })).toEqual(["0"]);
    expect(await actions({ from: iso(at).replace("Z", "000001Z"), to })).toEqual(["1"]);
    expect(await actions({ from: iso(at - 1000), to: iso(at).replace("Z", "000001Z") })).toEqual(["-1", "0"]);
    expect(await actions({ from: to, to: iso(at) })).toEqual([]);
  });

  it.each([
    ["an unknown sort field", { sort: { field: "action" } }],
    ["an undefined order", { sort: { field: "createdAt", order: 7 } }],
    ["an actor id that is no UUID", { filter: { actorIds: ["x"] } }],
    ["a subject id that is no UUID", { filter: { subjectIds: ["x"] } }],
    ["an undefined kind", { filter: { subjectTypes: [99] } }],
    ["an undefined principal", { filter: { actorPrincipals: [99] } }],
    ["26 actors", { filter: { actorIds: Array(26).fill(UNKNOWN_ID) } }],
    ["a page of 101", { pagination: { pageSize: 101 } }],
    ["a token of somebody else", { pagination: { token: "abc" } }],
  ])("refuses %s", async (_title, request) => {
    const { status, body } = await call("ListAuditLogs", request);
    expect([status, body.code]).toEqual([400, "invalid_argument"]);
  });

  it("is for admins, each of the own organization, and for the operator that names one", async () => {
    const member = await server.createUser(organizationId, "member");
    const stranger = await server.createUser(await server.createOrganization());
    const operator = await server.createOperatorToken();
    const headers = { "x-organization-id": organizationId };
    expect((await call("ListAuditLogs", {}, member.token)).status).toBe(403);
    const all = await list({ pagination: { pageSize: 100 } });
    expect(await list({ pagination: { pageSize: 100 } }, operator, headers)).toEqual(all);
    const unnamed = await call("ListAuditLogs", {}, operator);
    expect(unnamed.status).toBe(400);

    const id = all.entries?.[0]?.id ?? "";
    const services = { GetAuditLog: "gitpod.v1.EventService", GetAuditLogChange: "organization.v1.AuditService" };
    for (const [method, service] of Object.entries(services)) {
      const get = (auditLogEntryId: string, token: string, more = {}) =>
        callJson(server, method, { auditLogEntryId }, { token, service, headers: more });
      expect((await get(id, admin.token)).status).toBe(200);
      expect((await get(id.toUpperCase(), operator, headers)).status).toBe(200);
      expect((await get(id, member.token)).status).toBe(403);
      const [foreign, unknown] = [await get(id, stranger.token), await get(UNKNOWN_ID, stranger.token)];
      expect([foreign.status, unknown.status]).toEqual([404, 404]);
      expect(foreign.body.message).toBe(unknown.body.message);
      expect((await get("x", admin.token)).status).toBe(400);
    }
    const { entries = [] } = await list({}, stranger.token);
    expect(entries.some((entry) => all.entries?.some((own) => own.id === entry.id))).toBe(false);
  });

  it("shows one entry as in the list, and what it changed in the service of our own", async () => {
    await organization("UpdateAnnouncementBanner", { message: "Hello" });
    const changed = await organization("UpdateAnnouncementBanner", { message: "Bye", enabled: true });
    const entry = (await list()).entries?.[0];
    const got = await call("GetAuditLog", { auditLogEntryId: entry?.id });
    expect(got.body).toEqual({ entry });
    const { body } = await callJson(
      server,
      "GetAuditLogChange",
      { auditLogEntryId: entry?.id },
      { token: admin.token, service: "organization.v1.AuditService" },
    );
    expect(body.change).toEqual({
      auditLogEntryId: entry?.id,
      action: "announcement_banner.update",
      createdAt: entry?.createdAt,
      before: { message: "Hello", enabled: false },
      after: { message: "Bye", enabled: true },
      requestId: changed.headers.get("x-request-id"),
      actor: { id: admin.userId, principal: "PRINCIPAL_USER" },
      subjectId: organizationId,
      subjectType: "RESOURCE_TYPE_ANNOUNCEMENT_BANNER",
      organizationId,
    });
  });

  it("shows no secret, only that there is one", async () => {
    const clientSecret = "correct horse battery staple";
    const { body } = await organization("CreateSSOConfiguration", {
      clientId: "client",
      clientSecret,
      issuerUrl: "https://accounts.example.com",
    });
    const entry = (await list({ filter: { subjectIds: [body.ssoConfiguration.id] } })).entries?.[0];
    const change = await callJson(
      server,
      "GetAuditLogChange",
      { auditLogEntryId: entry?.id },
      { token: admin.token, service: "organization.v1.AuditService" },
    );
    expect(change.body.change.after.clientSecret).toBe("[redacted]");
    expect(change.body.change.before).toBeUndefined();
    expect(JSON.stringify(change.body)).not.toContain(clientSecret);
  });

  it("tells of what the server itself did, without an actor", async () => {
    await server.storage.write((records) =>
      records.auditEntries.append(
        newAuditEntry(organizationId, { actorId: "", actorPrincipal: "system", requestId: "", subjectId: UNKNOWN_ID }),
      ),
    );
    const entry = (await list()).entries?.[0];
    expect(entry).toMatchObject({ actorPrincipal: "PRINCIPAL_SERVICE_ACCOUNT", subjectId: UNKNOWN_ID });
    expect(entry?.actorId).toBeUndefined();
    const { body } = await callJson(
      server,
      "GetAuditLogChange",
      { auditLogEntryId: entry?.id },
      { token: admin.token, service: "organization.v1.AuditService" },
    );
    expect(body.change.actor).toBeUndefined();
    expect(body.change.requestId).toBeUndefined();
  });
});
