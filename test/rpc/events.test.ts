import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import Gitpod from "@gitpod/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EventService, ResourceOperation } from "../../gen/gitpod/v1/event_service_pb.ts";
import { ResourceType } from "../../gen/gitpod/v1/resource_pb.ts";
import { ErrorDetailSchema, Reason } from "../../gen/organization/errors/v1/errors_pb.ts";
import { createEvents } from "../../src/domain/events.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { createServer } from "../../src/http/server.ts";
import { newId } from "../../src/lib/ids.ts";
import { createRpcDoor } from "../../src/rpc/door.ts";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";

const TRANSPORTS: Record<string, (baseUrl: string) => Transport> = {
  "Connect, JSON, HTTP/1.1": (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
  "Connect, binary, HTTP/2": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC-Web, HTTP/1.1": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
};

describe.each(ENGINES)("WatchEvents on %s", (engine) => {
  let server: TestServer;
  let replica: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
    replica = await server.replica();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
  });

  const announce = (message: string, on = server) =>
    callJson(on, "UpdateAnnouncementBanner", { organizationId, message }, { token: admin.token });

  const banner = () => ({
    operation: ResourceOperation.UPDATE,
    resourceType: ResourceType.ANNOUNCEMENT_BANNER,
    resourceId: organizationId,
  });

  /** Opens a stream; `next` skips the messages that only say that it lives. */
  function open(transport: Transport, request = {}, headers: Record<string, string> = {}) {
    const controller = new AbortController();
    const stream = createClient(EventService, transport)
      .watchEvents(request, {
        signal: controller.signal,
        headers: { authorization: `Bearer ${admin.token}`, ...headers },
      })
      [Symbol.asyncIterator]();
    return {
      close: () => controller.abort(),
      async first() {
        return (await stream.next()).value;
      },
      async next() {
        for (;;) {
          const { value } = await stream.next();
          if (value?.operation !== ResourceOperation.UNSPECIFIED) {
            return (
              value && { operation: value.operation, resourceType: value.resourceType, resourceId: value.resourceId }
            );
          }
        }
      },
    };
  }

  async function errorOf(promise: Promise<unknown>): Promise<ConnectError> {
    const error = await promise.then(
      () => undefined,
      (reason: unknown) => ConnectError.from(reason),
    );
    if (!error) throw new Error("no error came");
    return error;
  }

  describe.each(Object.entries(TRANSPORTS))("over %s", (_name, transport) => {
    it("says that it lives, and then tells of changes, also of another replica's", async () => {
      const stream = open(transport(server.url), { scope: { case: "organization", value: true } });
      expect(await stream.first()).toMatchObject({ operation: ResourceOperation.UNSPECIFIED, resourceId: "" });
      await announce("one");
      expect(await stream.next()).toEqual(banner());
      await announce("two", replica);
      expect(await stream.next()).toEqual(banner());
      stream.close();
    });

    it("ends with the reason when the caller may watch no more", async () => {
      const user = await server.createUser(organizationId);
      const stream = open(transport(server.url), {}, { authorization: `Bearer ${user.token}` });
      await stream.first();
      const ending = errorOf(stream.next());
      await callJson(
        replica,
        "SetSuspended",
        { userId: user.userId, suspended: true },
        { token: admin.token, service: "gitpod.v1.UserService" },
      );
      expect((await ending).code).toBe(Code.Unauthenticated);
    });

    it("is refused without a credential", async () => {
      const stream = open(transport(server.url), {}, { authorization: "" });
      expect((await errorOf(stream.next())).code).toBe(Code.Unauthenticated);
    });
  });

  const transport = () => createConnectTransport({ baseUrl: server.url, httpVersion: "1.1" });

  it("takes an absent scope for the organization", async () => {
    const stream = open(transport());
    await stream.first();
    await announce("one");
    expect(await stream.next()).toEqual(banner());
    stream.close();
  });

  it("keeps what the filters let through", async () => {
    const resourceTypeFilters = [
      { resourceType: ResourceType.GROUP, creatorIds: [admin.userId.toUpperCase()] },
      { resourceType: ResourceType.PROJECT },
    ];
    const stream = open(transport(), { resourceTypeFilters });
    await stream.first();
    await announce("hidden");
    const service = "gitpod.v1.GroupService";
    const { body } = await callJson(
      server,
      "CreateGroup",
      { organizationId, name: "Team" },
      { token: admin.token, service },
    );
    const { id: resourceId } = body.group;
    expect(await stream.next()).toEqual({
      operation: ResourceOperation.CREATE,
      resourceType: ResourceType.GROUP,
      resourceId,
    });
    stream.close();
  });

  it("keeps nothing when all filters are for what this server does not have", async () => {
    const none = open(transport(), { resourceTypeFilters: [{ resourceType: ResourceType.PROJECT }] });
    const all = open(transport());
    await Promise.all([none.first(), all.first()]);
    await announce("one");
    expect(await all.next()).toEqual(banner());
    const silent = errorOf(none.next());
    none.close();
    all.close();
    expect((await silent).code).toBe(Code.Canceled);
  });

  it("is for admins", async () => {
    const member = await server.createUser(organizationId, "member");
    const stream = open(transport(), {}, { authorization: `Bearer ${member.token}` });
    expect((await errorOf(stream.next())).code).toBe(Code.PermissionDenied);
  });

  it("asks the operator for an organization, and then shows that one", async () => {
    const authorization = `Bearer ${await server.createOperatorToken()}`;
    expect((await errorOf(open(transport(), {}, { authorization }).next())).code).toBe(Code.InvalidArgument);
    const stream = open(transport(), {}, { authorization, "x-organization-id": organizationId });
    await stream.first();
    await announce("one");
    expect(await stream.next()).toEqual(banner());
    stream.close();
  });

  it.each([
    ["an environment, since there is none", { scope: { case: "environmentId", value: UNKNOWN_ID } }, Code.NotFound],
    ["a scope that is nothing", { scope: { case: "organization", value: false } }, Code.InvalidArgument],
    ["a filter of no kind", { resourceTypeFilters: [{}] }, Code.InvalidArgument],
    ["a filter of an undefined kind", { resourceTypeFilters: [{ resourceType: 99 }] }, Code.InvalidArgument],
    [
      "an id that is no UUID",
      { resourceTypeFilters: [{ resourceType: ResourceType.USER, resourceIds: ["x"] }] },
      Code.InvalidArgument,
    ],
    ["51 filters", { resourceTypeFilters: Array(51).fill({ resourceType: ResourceType.USER }) }, Code.InvalidArgument],
  ])("refuses %s", async (_title, request, code) => {
    const error = await errorOf(open(transport(), request).next());
    expect(error.code).toBe(code);
    expect(error.rawMessage).not.toContain("internal");
  });

  it("ends with unavailable when the server shuts down", async () => {
    const closing = await server.replica();
    const stream = open(createConnectTransport({ baseUrl: closing.url, httpVersion: "1.1" }));
    await stream.first();
    const ending = errorOf(stream.next());
    closing.app.beginClose();
    expect((await ending).code).toBe(Code.Unavailable);
  });

  it("cuts a slow reader off with a clear error, having kept next to nothing for it", async () => {
    const { app } = server;
    const limits = { firstHeartbeatMs: 1_000, heartbeatMs: 20_000, patienceMs: 200, maxBehind: 5_000 };
    const domain = { ...app.domain, events: createEvents(app.environment, app.domain.principals, limits) };
    const door = createRpcDoor({
      domain,
      log: app.environment.log,
      clock: server.clock,
      metrics: createMetrics({ version: "test", procedures: [] }),
      publicUrl: server.url,
      maxBodyBytes: 1_000_000,
      requestTimeoutMs: 60_000,
      closing: new AbortController().signal,
      infrastructure() {},
    });
    const { handler } = createServer({ doors: [door], log: app.environment.log, requestIds: newId, trustProxy: 0 });
    const http = createHttp2Server(handler as never).listen(0, "127.0.0.1");
    await once(http, "listening");
    const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const stream = open(createConnectTransport({ baseUrl, httpVersion: "2" }));
    await stream.first();

    const count = 20_000;
    const ids = engine === "postgres" ? "gen_random_uuid()::text" : "hex(randomblob(16))";
    const many =
      engine === "postgres"
        ? `from generate_series(1, ${count})`
        : `from (with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n)`;
    await server.database.execute(
      `insert into audit_entries (id, organization_id, actor_id, actor_principal, subject_id, subject_type, action,
         operation, request_id, created_at)
       select ${ids}, '${organizationId}', '', 'system', '${organizationId}', 'organization', 'x', 'update', '', 1 ${many}`,
    );
    // Nobody reads while the stream runs full.
    await announce("one");
    await setTimeout(10 * limits.patienceMs);

    let events = 0;
    const error = await errorOf(
      (async () => {
        while (await stream.next()) events++;
      })(),
    );
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.findDetails(ErrorDetailSchema)[0]?.reason).toBe(Reason.SLOW_READER);
    expect(events).toBeGreaterThan(0);
    expect(events).toBeLessThan(count - limits.maxBehind + 200);
    http.close();
  });

  describe("as JSON lines, for older clients", () => {
    const client = (token = admin.token) =>
      new Gitpod({ bearerToken: token, baseURL: `${server.url}/api`, maxRetries: 0 });

    it("tells the published SDK of changes", async () => {
      const stream = await client().events.watch({ organization: true });
      const events = stream[Symbol.asyncIterator]();
      const created = await callJson(
        server,
        "CreateCustomDomain",
        { organizationId, domainName: "dev.example.com" },
        { token: admin.token },
      );
      await announce("one", replica);
      expect((await events.next()).value).toEqual({
        operation: "RESOURCE_OPERATION_CREATE",
        resourceType: "RESOURCE_TYPE_CUSTOM_DOMAIN",
        resourceId: created.body.customDomain.id,
      });
      expect((await events.next()).value).toEqual({
        operation: "RESOURCE_OPERATION_UPDATE",
        resourceType: "RESOURCE_TYPE_ANNOUNCEMENT_BANNER",
        resourceId: organizationId,
      });
      stream.controller.abort();
    });

    it("tells the published SDK which error came before the first message", async () => {
      const member = await server.createUser(organizationId, "member");
      await expect(client(member.token).events.watch({})).rejects.toMatchObject({
        status: 403,
        code: "permission_denied",
      });
      await expect(client("nonsense").events.watch({})).rejects.toMatchObject({ status: 401 });
      await expect(client().events.watch({ environmentId: UNKNOWN_ID })).rejects.toMatchObject({
        status: 404,
        code: "not_found",
      });
    });

    /** Reads the bytes as they come. */
    async function raw(body: string, headers: Record<string, string> = {}) {
      const request = httpRequest(`${server.url}/gitpod.v1.EventService/WatchEvents`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${admin.token}`,
          accept: "application/jsonl",
          "content-type": "application/json",
          ...headers,
        },
      });
      request.end(body);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return { request, response };
    }

    it("answers the headers within a moment, and blanks while nothing happens", async () => {
      const { request, response } = await raw("");
      expect(response.statusCode).toBe(200);
      expect(response.headers["content-type"]).toBe("application/jsonl");
      expect(response.headers["x-request-id"]).toBeDefined();
      const [blank] = await once(response, "data");
      expect(String(blank)).toBe(" ");
      await announce("one");
      const [line] = await once(response, "data");
      expect(String(line)).toMatch(/^\{.*"RESOURCE_TYPE_ANNOUNCEMENT_BANNER".*\}\n$/);
      request.destroy();
    });

    it("ends with a line that holds the error, and cuts the connection", async () => {
      const closing = await server.replica();
      const request = httpRequest(`${closing.url}/api/gitpod.v1.EventService/WatchEvents`, {
        method: "POST",
        headers: { authorization: `Bearer ${admin.token}`, accept: "application/jsonl" },
      });
      request.end("{}");
      const [response] = (await once(request, "response")) as [IncomingMessage];
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("error", () => {});
      const ended = new Promise((resolve) => response.once("close", resolve));
      closing.app.beginClose();
      await ended;
      expect(response.complete).toBe(false);
      expect(JSON.parse(text).error).toMatchObject({ code: "unavailable" });
    });

    it.each([
      ["no JSON", "{", 400],
      ["an unknown field", '{"nonsense":1}', 400],
      ["a broken rule", '{"resourceTypeFilters":[{"resourceType":0}]}', 400],
      ["too much", JSON.stringify({ environmentId: "x".repeat(2_000_000) }), 429],
    ])("refuses %s as a unary call would", async (_title, body, status) => {
      const { response } = await raw(body);
      let text = "";
      for await (const chunk of response) text += chunk;
      expect(response.statusCode).toBe(status);
      const { code, details } = JSON.parse(text);
      expect(code).toBe(status === 400 ? "invalid_argument" : "resource_exhausted");
      expect(details[0].type).toBe("organization.errors.v1.ErrorDetail");
    });

    it("speaks HTTP/2, too", async () => {
      const session = connect(server.url);
      const open = (authorization: string) => {
        const stream = session.request({
          ":method": "POST",
          ":path": "/api/gitpod.v1.EventService/WatchEvents",
          accept: "application/jsonl",
          authorization,
        });
        stream.end("{}");
        return stream;
      };
      const refused = open("Bearer nonsense");
      const [headers] = await once(refused, "response");
      expect(headers[":status"]).toBe(401);
      refused.resume();

      const stream = open(`Bearer ${admin.token}`);
      await once(stream, "response");
      await once(stream, "data");
      await announce("one");
      const [line] = await once(stream, "data");
      expect(JSON.parse(String(line)).resourceType).toBe("RESOURCE_TYPE_ANNOUNCEMENT_BANNER");
      stream.close();
      session.close();
    });

    it("leaves other methods as they are", async () => {
      const { status, headers } = await callJson(
        server,
        "ListAuditLogs",
        {},
        { token: admin.token, service: "gitpod.v1.EventService", headers: { accept: "application/jsonl" } },
      );
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("application/json");
    });

    it("writes one line into the log, with the procedure and how it ended", async () => {
      const { request, response } = await raw("{}");
      await once(response, "data");
      const requestId = response.headers["x-request-id"];
      request.destroy();
      const lineOf = () => server.log.find((line) => line.includes(String(requestId)) && line.includes('"request"'));
      while (!lineOf()) await setTimeout(5);
      expect(JSON.parse(lineOf() ?? "")).toMatchObject({
        procedure: "gitpod.v1.EventService/WatchEvents",
        userId: admin.userId,
        organizationId,
      });
    });
  });
});
