import { execFile } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { create, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { ViolationsSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { type Client, Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import * as grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CustomDomainProvider,
  GetSSOConfigurationRequestSchema,
  GetSSOConfigurationResponseSchema,
  OrganizationService,
  SSOConfiguration_ProviderType,
  SSOConfigurationState,
  UpdateSSOConfigurationRequestSchema,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import { Health, HealthCheckResponse_ServingStatus } from "../../gen/grpc/health/v1/health_pb.ts";
import { errorDetail, isReason, Reason } from "../../src/client/errors.ts";
import { selfSigned } from "../http/certificate.ts";
import { callJson } from "../support/call.ts";
import { type ErrorBody, errorOf } from "../support/errors.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";

const SERVICE = "gitpod.v1.OrganizationService";
const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const REQUEST_ID = /^[\w-]{16,}$/;
const certificate = selfSigned();
const ca = certificate.cert;

let plain: TestServer;
let encrypted: TestServer;
let admin: TestUser;
let remote: TestUser;

beforeAll(async () => {
  const env = { CORS_ALLOWED_ORIGINS: "https://console.example.com" };
  plain = await startTestServer("sqlite", { env });
  encrypted = await startTestServer("sqlite", { listener: { certificate: () => certificate } });
  admin = await plain.createUser(await plain.createOrganization());
  remote = await encrypted.createUser(await encrypted.createOrganization());
});
afterAll(async () => {
  await plain.close();
  await encrypted.close();
});

/** How a client is set up: under which base path, as whom, and where the headers of its answers are kept. */
interface Setup {
  readonly prefix?: string;
  readonly anonymous?: boolean;
  readonly seen?: Headers[];
}

interface Way {
  readonly name: string;
  readonly transport: (setup?: Setup) => Transport;
  readonly user: () => TestUser;
}

const FORMATS = [true, false] as const;
const VERSIONS = ["1.1", "2"] as const;

/** Every protocol, in both formats, over every version of HTTP that carries it, in the clear and encrypted. */
const WAYS: readonly Way[] = [false, true].flatMap((tls) =>
  VERSIONS.flatMap((httpVersion) =>
    FORMATS.flatMap((useBinaryFormat) => {
      const user = () => (tls ? remote : admin);
      const options = ({ prefix = "/api", anonymous = false, seen = [] }: Setup = {}) => ({
        baseUrl: `${tls ? "https" : "http"}://localhost:${(tls ? encrypted : plain).port}${prefix}`,
        httpVersion,
        useBinaryFormat,
        interceptors: [identify(anonymous ? undefined : user().token, seen)],
        nodeOptions: tls ? { ca } : {},
      });
      const over = `${useBinaryFormat ? "binary" : "JSON"} over ${tls ? "TLS and " : ""}HTTP/${httpVersion}`;
      const ways: Way[] = [
        { name: `Connect, ${over}`, user, transport: (setup) => createConnectTransport(options(setup)) },
        { name: `gRPC-Web, ${over}`, user, transport: (setup) => createGrpcWebTransport(options(setup)) },
      ];
      if (httpVersion === "2") {
        ways.push({ name: `gRPC, ${over}`, user, transport: (setup) => createGrpcTransport(options(setup)) });
      }
      return ways;
    }),
  ),
);

/** Sends the credential, and keeps the headers of what came back. */
function identify(token: string | undefined, seen: Headers[]): Interceptor {
  return (next) => async (request) => {
    if (token !== undefined) request.header.set("authorization", `Bearer ${token}`);
    const response = await next(request);
    seen.push(response.header);
    return response;
  };
}

/** Calls all eleven methods and checks what they say. */
async function exercise(client: Client<typeof OrganizationService>, organizationId: string): Promise<void> {
  const made = await client.createSSOConfiguration({
    organizationId,
    clientId: "client",
    clientSecret: "secret",
    issuerUrl: "https://idp.example.com",
    emailDomains: ["a.com", "b.com"],
    additionalScopes: ["groups"],
    claimsExpression: "claims.email_verified == true",
  });
  const ssoConfigurationId = made.ssoConfiguration?.id as string;
  expect(made.ssoConfiguration).toMatchObject({
    organizationId,
    state: SSOConfigurationState.SSO_CONFIGURATION_STATE_ACTIVE,
    providerType: SSOConfiguration_ProviderType.CUSTOM,
    emailDomain: "a.com",
  });
  await client.updateSSOConfiguration({
    ssoConfigurationId,
    displayName: "Ünïcode",
    claims: { email: "upn" },
    state: SSOConfigurationState.SSO_CONFIGURATION_STATE_INACTIVE,
    additionalScopes: { scopes: [] },
    claimsExpression: "",
  });
  const read = await client.getSSOConfiguration({ ssoConfigurationId });
  expect(read.ssoConfiguration).toMatchObject({
    displayName: "Ünïcode",
    claims: { email: "upn" },
    state: SSOConfigurationState.SSO_CONFIGURATION_STATE_INACTIVE,
    additionalScopes: [],
    claimsExpression: "",
    clientId: "client",
  });
  const listed = await client.listSSOConfigurations({ organizationId, pagination: { pageSize: 100 } });
  expect(listed.ssoConfigurations.at(-1)).toEqual(read.ssoConfiguration);

  const scim = await client.createSCIMConfiguration({
    organizationId,
    ssoConfigurationId,
    tokenExpiresIn: { seconds: 86_400n, nanos: 0 },
  });
  expect(scim.token).toMatch(/^oss_/);
  expect(scim.tokenExpiresAt).toEqual(scim.scimConfiguration?.tokenExpiresAt);
  const scimConfigurationId = scim.scimConfiguration?.id as string;
  const updated = await client.updateSCIMConfiguration({ scimConfigurationId, enabled: false, ssoConfigurationId: "" });
  expect(updated.scimConfiguration).toMatchObject({ enabled: false, ssoConfigurationId: "" });
  const regenerated = await client.regenerateSCIMToken({ scimConfigurationId });
  expect(regenerated.token).not.toBe(scim.token);
  const { scimConfiguration } = await client.getSCIMConfiguration({ scimConfigurationId });
  expect(scimConfiguration?.tokenExpiresAt).toEqual(regenerated.tokenExpiresAt);
  const list = await client.listSCIMConfigurations({ pagination: { pageSize: 100 } });
  expect(list.scimConfigurations.at(-1)).toEqual(scimConfiguration);

  expect(await client.deleteSCIMConfiguration({ scimConfigurationId })).toMatchObject({});
  expect(await client.deleteSSOConfiguration({ ssoConfigurationId })).toMatchObject({});
  const gone = await refusal(client.getSSOConfiguration({ ssoConfigurationId }));
  expect(gone.code).toBe(Code.NotFound);
}

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => {
      throw new Error("the call was not refused");
    },
    (error: unknown) => ConnectError.from(error),
  );
}

describe.each(WAYS)("$name", ({ transport, user }) => {
  it.each(["", "/", "/api", "/api/"])("serves all eleven methods under the base %j", async (prefix) => {
    const seen: Headers[] = [];
    await exercise(createClient(OrganizationService, transport({ prefix, seen })), user().organizationId);
    expect(seen).toHaveLength(11);
    for (const header of seen) expect(header.get("x-request-id")).toMatch(REQUEST_ID);
  });

  it("gives an error its code, reason, violations and request id", async () => {
    const client = createClient(OrganizationService, transport());
    const unknown = await refusal(client.getSSOConfiguration({ ssoConfigurationId: UNKNOWN_ID }));
    expect(unknown.code).toBe(Code.NotFound);
    expect(isReason(unknown, Reason.NOT_FOUND)).toBe(true);
    expect(errorDetail(unknown)?.requestId).toBe(unknown.metadata.get("x-request-id"));
    expect(unknown.metadata.get("x-should-retry")).toBe("false");
    const invalid = await refusal(client.getSSOConfiguration({ ssoConfigurationId: "nonsense" }));
    expect(invalid.code).toBe(Code.InvalidArgument);
    expect(invalid.findDetails(ViolationsSchema)[0]?.violations[0]).toMatchObject({ ruleId: "string.uuid" });
  });

  it("asks for a credential", async () => {
    const client = createClient(OrganizationService, transport({ anonymous: true }));
    const error = await refusal(client.getSSOConfiguration({ ssoConfigurationId: UNKNOWN_ID }));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(isReason(error, Reason.CREDENTIAL_MISSING)).toBe(true);
    expect(error.metadata.get("x-request-id")).toMatch(REQUEST_ID);
  });

  it("asks for no retry of a conflict", async () => {
    const client = createClient(OrganizationService, transport());
    const { organizationId } = user();
    const request = { organizationId, domainName: `${organizationId}.example.com`, provider: CustomDomainProvider.AWS };
    await client.deleteCustomDomain({ organizationId }).catch(() => {});
    await client.createCustomDomain(request);
    const error = await refusal(client.createCustomDomain(request));
    expect(error.code).toBe(Code.AlreadyExists);
    expect(error.metadata.get("x-should-retry")).toBe("false");
  });

  it("says unimplemented for a method that does not exist", async () => {
    const method = { ...OrganizationService.method.getSSOConfiguration, name: "GetNothing" };
    const error = await refusal(transport().unary(method, undefined, undefined, undefined, {}));
    expect(error.code).toBe(Code.Unimplemented);
    expect(error.metadata.get("x-request-id")).toMatch(REQUEST_ID);
  });

  it("answers health checks", async () => {
    const health = createClient(Health, transport({ prefix: "", anonymous: true }));
    const { SERVING } = HealthCheckResponse_ServingStatus;
    expect(await health.check({})).toMatchObject({ status: SERVING });
    expect(await health.check({ service: SERVICE })).toMatchObject({ status: SERVING });
  });
});

describe("Connect over GET", () => {
  it.each(FORMATS)("serves every method without side effects, binary: %s", async (useBinaryFormat) => {
    const { port } = plain;
    const client = createClient(
      OrganizationService,
      createConnectTransport({
        baseUrl: `http://localhost:${port}/api`,
        httpVersion: "1.1",
        useHttpGet: true,
        useBinaryFormat,
        interceptors: [identify(admin.token, [])],
      }),
    );
    const { organizationId } = admin;
    const { ssoConfigurationId, scimConfigurationId } = await createBoth();
    const got = await client.getSSOConfiguration({ ssoConfigurationId });
    expect(got.ssoConfiguration?.id).toBe(ssoConfigurationId);
    expect((await client.listSSOConfigurations({ organizationId })).ssoConfigurations.length).toBeGreaterThan(0);
    expect((await client.getSCIMConfiguration({ scimConfigurationId })).scimConfiguration?.enabled).toBe(true);
    expect((await client.listSCIMConfigurations({})).scimConfigurations.length).toBeGreaterThan(0);
    const methods = () => plain.log.slice(-4).map((line) => JSON.parse(line).method);
    await expect.poll(methods).toEqual(["GET", "GET", "GET", "GET"]);
  });

  it("needs no version, and takes a message as it is or in base64", async () => {
    const { ssoConfigurationId } = await createBoth();
    const message = create(GetSSOConfigurationRequestSchema, { ssoConfigurationId });
    const json = JSON.stringify(toJson(GetSSOConfigurationRequestSchema, message));
    const binary = Buffer.from(toBinary(GetSSOConfigurationRequestSchema, message)).toString("base64url");
    for (const query of [
      `encoding=json&message=${encodeURIComponent(json)}`,
      `connect=v1&encoding=json&base64=1&message=${Buffer.from(json).toString("base64url")}`,
      `connect=v1&encoding=proto&base64=1&message=${binary}`,
    ]) {
      const response = await get(`/api/${SERVICE}/GetSSOConfiguration?${query}`);
      expect(response.status).toBe(200);
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(Buffer.from(bytes).toString("latin1")).toContain(ssoConfigurationId);
    }
  });

  it.each(["CreateSSOConfiguration", "UpdateSSOConfiguration", "DeleteSSOConfiguration", "RegenerateSCIMToken"])(
    "refuses %s, which changes something",
    async (method) => {
      const response = await get(`/${SERVICE}/${method}?connect=v1&encoding=json&message=%7B%7D`);
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
      expect(response.headers.get("x-request-id")).toMatch(REQUEST_ID);
    },
  );

  const get = (path: string) => fetch(`${plain.url}${path}`, { headers: { authorization: `Bearer ${admin.token}` } });
});

async function createBoth(): Promise<{ ssoConfigurationId: string; scimConfigurationId: string }> {
  const { organizationId, token } = admin;
  const fields = { organizationId, clientId: "c", clientSecret: "s", issuerUrl: "https://idp.example.com" };
  const sso = await callJson(plain, "CreateSSOConfiguration", { ...fields, additionalScopes: ["groups"] }, { token });
  const ssoConfigurationId = sso.body.ssoConfiguration.id;
  const scim = await callJson(plain, "CreateSCIMConfiguration", { organizationId, ssoConfigurationId }, { token });
  return { ssoConfigurationId, scimConfigurationId: scim.body.scimConfiguration.id };
}

describe("clients of the 1.x generation", () => {
  const post = (method: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${plain.url}/api/${SERVICE}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/proto", authorization: `Bearer ${admin.token}`, ...headers },
      body,
    });

  it.each([
    [
      "with its version",
      { "connect-protocol-version": "1", "user-agent": "sdk/1.0.1 (language=typescript; layer=sdk)" },
    ],
    ["without a version", {}],
  ])("clear the scopes with the bytes that they send, %s", async (_, headers) => {
    const { ssoConfigurationId } = await createBoth();
    const bytes = Buffer.concat([
      Buffer.from("0a24", "hex"),
      Buffer.from(ssoConfigurationId),
      Buffer.from("5a00", "hex"),
    ]);
    const response = await post("UpdateSSOConfiguration", bytes, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/proto");
    expect(await response.text()).toBe("");
    const read = await callJson(plain, "GetSSOConfiguration", { ssoConfigurationId }, admin);
    expect(read.body.ssoConfiguration).not.toHaveProperty("additionalScopes");
    expect(read.body.ssoConfiguration).toMatchObject({ id: ssoConfigurationId, clientId: "c" });
  });

  it("get errors as JSON with the right status", async () => {
    const bytes = Buffer.concat([Buffer.from("0a24", "hex"), Buffer.from(UNKNOWN_ID)]);
    const response = await post("GetSSOConfiguration", bytes);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(errorOf((await response.json()) as ErrorBody)).toMatchObject({ code: "not_found", reason: "not_found" });
  });
});

describe("older clients", () => {
  it.each([
    [{ "connect-protocol-version": "1" }],
    [{}],
    [{ accept: "application/json", "x-stainless-retry-count": "0", "x-stainless-lang": "js" }],
    [{ "content-type": "application/json; charset=utf-8" }],
  ])("are answered in JSON when they send %j", async (headers) => {
    const { ssoConfigurationId } = await createBoth();
    const read = await callJson(plain, "GetSSOConfiguration", { ssoConfigurationId }, { ...admin, headers });
    expect(read.status).toBe(200);
    expect(read.headers.get("content-type")).toBe("application/json");
    const update = await callJson(plain, "UpdateSSOConfiguration", { ssoConfigurationId }, { ...admin, headers });
    expect(update.body).toEqual({});
  });

  it("may write names of fields either way", async () => {
    const { ssoConfigurationId } = await createBoth();
    const request = { sso_configuration_id: ssoConfigurationId, display_name: "snake" };
    expect((await callJson(plain, "UpdateSSOConfiguration", request, admin)).status).toBe(200);
    const read = await callJson(plain, "GetSSOConfiguration", { ssoConfigurationId }, admin);
    expect(read.body.ssoConfiguration.displayName).toBe("snake");
  });

  it("may compress", async () => {
    const { ssoConfigurationId } = await createBoth();
    const response = await fetch(`${plain.url}/api/${SERVICE}/GetSSOConfiguration`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-encoding": "gzip",
        authorization: `Bearer ${admin.token}`,
      },
      body: gzipSync(JSON.stringify({ ssoConfigurationId })),
    });
    expect(await response.json()).toMatchObject({ ssoConfiguration: { id: ssoConfigurationId } });
  });
});

describe("@grpc/grpc-js", () => {
  let client: grpc.Client;

  beforeAll(() => {
    client = new grpc.Client(`127.0.0.1:${plain.port}`, grpc.credentials.createInsecure());
  });
  afterAll(() => client.close());

  function call<T>(method: string, request: Uint8Array, decode: (bytes: Buffer) => T, token = admin.token) {
    const metadata = new grpc.Metadata();
    metadata.set("authorization", `Bearer ${token}`);
    const answer: { headers?: grpc.Metadata } = {};
    return new Promise<{ error?: grpc.ServiceError; response?: T; headers?: grpc.Metadata }>((resolve) => {
      client
        .makeUnaryRequest(
          `/${SERVICE}/${method}`,
          (bytes: Uint8Array) => Buffer.from(bytes),
          decode,
          request,
          metadata,
          (error, response) => resolve({ ...answer, ...(error && { error }), ...(response && { response }) }),
        )
        .on("metadata", (headers) => {
          answer.headers = headers;
        });
    });
  }

  it("reads and changes a configuration", async () => {
    const { ssoConfigurationId } = await createBoth();
    const change = create(UpdateSSOConfigurationRequestSchema, { ssoConfigurationId, displayName: "by gRPC" });
    const updated = await call(
      "UpdateSSOConfiguration",
      toBinary(UpdateSSOConfigurationRequestSchema, change),
      (b) => b,
    );
    expect(updated.error).toBeUndefined();
    expect(updated.headers?.get("x-request-id")[0]).toMatch(REQUEST_ID);
    const get = toBinary(
      GetSSOConfigurationRequestSchema,
      create(GetSSOConfigurationRequestSchema, { ssoConfigurationId }),
    );
    const { response } = await call("GetSSOConfiguration", get, (b) =>
      fromBinary(GetSSOConfigurationResponseSchema, b),
    );
    expect(response?.ssoConfiguration).toMatchObject({ id: ssoConfigurationId, displayName: "by gRPC" });
  });

  it.each([
    ["an unknown id", "GetSSOConfiguration", UNKNOWN_ID, grpc.status.NOT_FOUND],
    ["a bad id", "GetSSOConfiguration", "nonsense", grpc.status.INVALID_ARGUMENT],
    ["an unknown method", "GetNothing", UNKNOWN_ID, grpc.status.UNIMPLEMENTED],
  ])("gets the status and the request id for %s", async (_, method, ssoConfigurationId, status) => {
    const message = create(GetSSOConfigurationRequestSchema, { ssoConfigurationId });
    const request = toBinary(GetSSOConfigurationRequestSchema, message);
    const { error, headers = error?.metadata } = await call(method, request, (bytes) => bytes);
    expect(error?.code).toBe(status);
    expect(error?.details).not.toBe("");
    expect(headers?.get("x-request-id")[0]).toMatch(REQUEST_ID);
  });

  it("gets unauthenticated for a bad token", async () => {
    const { error } = await call("GetSSOConfiguration", new Uint8Array(), (bytes) => bytes, "nothing");
    expect(error?.code).toBe(grpc.status.UNAUTHENTICATED);
  });

  it("gets invalid_argument for bytes that are no message", async () => {
    const { error } = await call("GetSSOConfiguration", Buffer.from("0a24ff", "hex"), (bytes) => bytes);
    expect(error?.code).toBe(grpc.status.INVALID_ARGUMENT);
  });
});

describe("every answer", () => {
  it.each([
    ["a probe", "GET", "/healthz", {}, 200],
    ["a readiness probe", "GET", "/readyz", {}, 200],
    ["the metrics", "GET", "/metrics", {}, 200],
    ["an unknown path", "GET", "/nothing", {}, 404],
    ["an unknown method", "POST", `/api/${SERVICE}/GetNothing`, { "content-type": "application/json" }, 404],
    ["an unknown method over gRPC", "POST", `/${SERVICE}/GetNothing`, { "content-type": "application/grpc" }, 200],
    [
      "an unknown method over gRPC-Web",
      "POST",
      `/${SERVICE}/GetNothing`,
      { "content-type": "application/grpc-web" },
      200,
    ],
    ["a wrong content type", "POST", `/${SERVICE}/GetSSOConfiguration`, { "content-type": "text/plain" }, 415],
    ["a wrong HTTP method", "PUT", `/${SERVICE}/GetSSOConfiguration`, {}, 405],
    ["no credential", "POST", `/${SERVICE}/GetSSOConfiguration`, { "content-type": "application/json" }, 401],
    [
      "a preflight",
      "OPTIONS",
      `/${SERVICE}/GetSSOConfiguration`,
      { origin: "https://console.example.com", "access-control-request-method": "POST" },
      204,
    ],
  ] as const)("carries a request id: %s", async (_, method, path, headers, status) => {
    for (const [over, send] of [
      ["HTTP/1.1", fetchHttp1],
      ["HTTP/2", fetchHttp2],
    ] as const) {
      const answer = await send(method, path, headers);
      expect({ over, status: answer.status }).toEqual({ over, status });
      expect(answer.headers["x-request-id"]).toMatch(REQUEST_ID);
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  it("has its line in the log under that id", async () => {
    const { headers } = await callJson(plain, "GetSSOConfiguration", { ssoConfigurationId: UNKNOWN_ID }, admin);
    const lines = () =>
      plain.log.map((line) => JSON.parse(line)).filter((line) => line.requestId === headers.get("x-request-id"));
    // It is written behind the answer.
    await expect.poll(lines).toHaveLength(1);
    expect(lines()).toMatchObject([
      { procedure: `${SERVICE}/GetSSOConfiguration`, protocol: "connect", code: "not_found", userId: admin.userId },
    ]);
  });

  it("says in the protocol that was spoken that there is no such method", async () => {
    const connect = await callJson(plain, "GetNothing", {}, admin);
    expect(errorOf(connect.body)).toMatchObject({ code: "unimplemented", reason: "unimplemented" });
    expect(connect.body.message).toContain("GetNothing");
    expect(connect.headers.get("x-should-retry")).toBe("false");
    for (const type of [
      "application/grpc",
      "application/grpc+proto",
      "application/grpc-web",
      "application/grpc-web-text",
    ]) {
      const { headers } = await fetchHttp2("POST", `/${SERVICE}/GetNothing`, { "content-type": type });
      expect(headers).toMatchObject({ "grpc-status": "12", "content-type": type });
    }
  });

  type Fetched = { status: number; headers: Record<string, unknown> };

  async function fetchHttp1(method: string, path: string, headers: Record<string, string>): Promise<Fetched> {
    const request = http.request({ port: plain.port, host: "127.0.0.1", method, path, headers, agent: false });
    request.end();
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    response.resume();
    return { status: response.statusCode ?? 0, headers: response.headers };
  }

  async function fetchHttp2(method: string, path: string, headers: Record<string, string>): Promise<Fetched> {
    const session = http2.connect(`http://127.0.0.1:${plain.port}`);
    const stream = session.request({ ":method": method, ":path": path, ...headers });
    const [answer] = (await once(stream, "response")) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
    stream.resume();
    session.close();
    return { status: answer[":status"] ?? 0, headers: answer };
  }
});

describe("browsers", () => {
  const origin = "https://console.example.com";
  const preflight = (headers: string, from = origin) =>
    fetch(`${plain.url}/api/${SERVICE}/GetSSOConfiguration`, {
      method: "OPTIONS",
      headers: { origin: from, "access-control-request-method": "POST", "access-control-request-headers": headers },
    });
  const names = (header: string | null) => (header ?? "").toLowerCase().split(/, */);

  it.each([
    ["Connect", "authorization,connect-protocol-version,connect-timeout-ms,content-type"],
    ["gRPC-Web", "authorization,content-type,grpc-timeout,x-grpc-web,x-user-agent"],
    ["older clients", "authorization,content-type,x-stainless-arch,x-stainless-lang,x-stainless-retry-count"],
    ["an operator's page", "authorization,content-type,x-organization-id"],
  ])("may send what %s sends", async (_, headers) => {
    const response = await preflight(headers);
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(names(response.headers.get("access-control-allow-headers"))).toEqual(
      expect.arrayContaining(headers.split(",")),
    );
    expect(names(response.headers.get("access-control-allow-methods"))).toEqual(
      expect.arrayContaining(["post", "get"]),
    );
  });

  it("may read what the protocols answer with, also of errors", async () => {
    const headers = { origin };
    const answer = await callJson(
      plain,
      "GetSSOConfiguration",
      { ssoConfigurationId: UNKNOWN_ID },
      { ...admin, headers },
    );
    expect(answer.status).toBe(404);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(names(answer.headers.get("access-control-expose-headers"))).toEqual(
      expect.arrayContaining([
        "grpc-status",
        "grpc-message",
        "grpc-status-details-bin",
        "x-request-id",
        "x-should-retry",
      ]),
    );
  });

  it("of other origins may not", async () => {
    const response = await preflight("content-type", "https://evil.example.com");
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    const headers = { origin: "https://evil.example.com" };
    const answer = await callJson(plain, "ListSCIMConfigurations", {}, { ...admin, headers });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("buf curl, by reflection", () => {
  const buf = new URL("../../node_modules/.bin/buf", import.meta.url).pathname;

  async function curl(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(buf, ["curl", "--http2-prior-knowledge", ...args]);
    return stdout;
  }

  it("lists services and methods", async () => {
    const services = (await curl("--list-services", plain.url)).trim().split("\n");
    expect(services).toEqual(expect.arrayContaining([SERVICE, "grpc.health.v1.Health"]));
    const methods = (await curl("--list-methods", plain.url)).trim().split("\n");
    for (const { name } of OrganizationService.methods) expect(methods).toContain(`${SERVICE}/${name}`);
  });

  it.each(["connect", "grpc", "grpcweb"])("calls over %s", async (protocol) => {
    const { ssoConfigurationId } = await createBoth();
    const request = JSON.stringify({ ssoConfigurationId });
    const header = `authorization: Bearer ${admin.token}`;
    const url = `${plain.url}/${SERVICE}/GetSSOConfiguration`;
    const response = await curl("--protocol", protocol, "--header", header, "--data", request, url);
    expect(JSON.parse(response)).toMatchObject({ ssoConfiguration: { id: ssoConfigurationId } });
  });
});
