import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { callJson } from "../support/call.ts";
import { type Dumper, expectNothingChanges, openDumper } from "../support/dump.ts";
import { errorOf } from "../support/errors.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { goodRequest, REFUSED } from "./refusals/fields.ts";

const SECRET = "a-secret-that-nobody-must-repeat";
const MAX_BODY = 65_536;

describe.each(ENGINES)("what is refused, on %s", (engine) => {
  let server: TestServer;
  let dumper: Dumper;
  let admin: TestUser;
  let ids: { organizationId: string; sso: string; scim: string };

  beforeAll(async () => {
    server = await startTestServer(engine, {
      env: { MAX_BODY_BYTES: String(MAX_BODY), ALLOW_INSECURE_ISSUERS: "false" },
    });
    dumper = await openDumper(server.database);
    const organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
    const none = { organizationId, sso: "", scim: "" };
    const sso = (await call("CreateSSOConfiguration", goodRequest("CreateSSOConfiguration", none))).body
      .ssoConfiguration;
    const made = await call(
      "CreateSCIMConfiguration",
      goodRequest("CreateSCIMConfiguration", { ...none, sso: sso.id }),
    );
    ids = { organizationId, sso: sso.id, scim: made.body.scimConfiguration.id };
  });
  afterAll(async () => {
    await dumper.close();
    await server.close();
  });

  const call = (method: string, request: unknown, query = "") =>
    callJson(server, method, request, { token: admin.token, query });

  const byMethod = Object.entries(Object.groupBy(REFUSED, ({ method }) => method));

  describe.each(byMethod)("%s", (method, refusals = []) => {
    expectNothingChanges(() => dumper);

    it.each(refusals.map((refused) => [refused.what, refused] as const))("%s", async (_, refused) => {
      const { status, body, headers } = await call(method, { ...goodRequest(method, ids), ...refused.with });
      expect(body).toMatchObject({ code: "invalid_argument" });
      const { reason, violations, message, requestId } = errorOf(body);
      expect(status).toBe(400);
      expect(reason).toBe(refused.reason ?? "request_invalid");
      expect(requestId).toBe(headers.get("x-request-id"));
      expect(violations.map(({ field }) => field)).toContain(refused.field);
      expect(violations.every(({ rule }) => rule !== "")).toBe(true);
      expect(violations.find(({ field }) => field === refused.field)?.message).toMatch(refused.says);
      expect(message).toMatch(refused.says);
      expect(message).toContain(refused.field);
    });
  });

  it("names every field that is wrong at once", async () => {
    const { body } = await call("CreateSSOConfiguration", { displayName: "x".repeat(200) });
    expect(errorOf(body).violations.map(({ field }) => field)).toEqual([
      "organization_id",
      "client_id",
      "client_secret",
      "issuer_url",
      "display_name",
    ]);
  });

  it.each([
    ["pageSize=101", "pagination.page_size", /100/],
    ["pageSize=-1", "pagination.page_size", /whole number from 0 to 100/],
    ["pageSize=ten", "pagination.page_size", /whole number from 0 to 100/],
    ["pageSize=1e1", "pagination.page_size", /whole number from 0 to 100/],
    ["token=nonsense", "pagination.token", /nextToken/],
    ["token=%00", "pagination.token", /NUL/],
  ])("the query %s", async (query, field, says) => {
    const { status, body } = await call("ListSSOConfigurations", { organizationId: ids.organizationId }, `?${query}`);
    expect(status).toBe(400);
    expect(errorOf(body).violations[0]).toMatchObject({ field, message: expect.stringMatching(says) });
  });

  it("takes the longest of everything", async () => {
    const longest = {
      displayName: "😀".repeat(128),
      emailDomain: "xxxx",
      emailDomains: [`${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(57)}.com`],
      claimsExpression: `true${" ".repeat(4092)}`,
      issuerUrl: `https://idp.example.com/${"a".repeat(2024)}`,
    };
    const scopes = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(128, "s"));
    const good = goodRequest("CreateSSOConfiguration", ids);
    const created = await call("CreateSSOConfiguration", { ...good, ...longest, additionalScopes: scopes });
    expect(created.body).toMatchObject({
      ssoConfiguration: { displayName: longest.displayName, additionalScopes: scopes },
    });
    const update = { ssoConfigurationId: created.body.ssoConfiguration.id, ...longest, additionalScopes: { scopes } };
    expect((await call("UpdateSSOConfiguration", update)).body).toEqual({});
  });

  describe.each(OrganizationService.methods.filter(({ name }) => /S(SO|CIM)/.test(name)).map(({ name }) => name))(
    "a body for %s that is no message at all",
    (method) => {
      expectNothingChanges(() => dumper);

      it.each([
        ["nothing", ""],
        ["half an object", `{"clientSecret": "${SECRET}"`],
        ["a bare word", `{"clientSecret": ${SECRET}}`],
        ["single quotes", `{'clientSecret': '${SECRET}'}`],
        ["a string", JSON.stringify(SECRET)],
        ["a list", JSON.stringify([SECRET])],
        ["a number", "1"],
        ["null", "null"],
        ["two objects", `{} {"clientSecret": "${SECRET}"}`],
        ["a member twice", `{"clientSecret": "${SECRET}", "clientSecret": "${SECRET}"}`],
        ["a control character", `{"clientSecret": "${SECRET}\u0001"}`],
        ["deep nesting", `${'{"pagination":'.repeat(500)}1${"}".repeat(500)}`],
      ])("%s", async (_, text) => {
        const { status, body } = await call(method, text);
        expect(status).toBe(400);
        expect(errorOf(body)).toMatchObject({ code: "invalid_argument", reason: "request_malformed" });
        expect(JSON.stringify(body)).not.toContain(SECRET.slice(0, 8));
        expect(body.message).toMatch(/send an object such as|give it once|is not a field|accepted/);
      });

      it.each([
        ["cut short", "0a24616263"],
        ["no UTF-8", "0a02ffff"],
        ["an endless number", "ffffffffffffffffffffff"],
        ["a field of number 0", "0200"],
        ["a group that does not end", "0b"],
      ])("binary, %s", async (_, hex) => {
        const { status, body } = await post(method, "application/proto", Buffer.from(hex, "hex"));
        expect(status).toBe(400);
        expect(errorOf(body)).toMatchObject({ code: "invalid_argument", reason: "request_malformed" });
        expect(body.message).toContain(`gitpod.v1.${method}Request`);
      });

      it("larger than the limit", async () => {
        const { status, body, headers } = await call(method, { padding: SECRET.repeat(MAX_BODY / SECRET.length + 1) });
        expect(status).toBe(429);
        expect(errorOf(body)).toMatchObject({ code: "resource_exhausted", reason: "body_too_large" });
        expect(body.message).toContain(String(MAX_BODY));
        expect(headers.get("x-should-retry")).toBe("false");
      });

      it("of another type", async () => {
        const { status } = await post(method, "text/plain", Buffer.from(JSON.stringify(goodRequest(method, ids))));
        expect(status).toBe(415);
      });
    },
  );

  async function post(method: string, contentType: string, body: Uint8Array<ArrayBuffer>) {
    const response = await fetch(`${server.url}/gitpod.v1.OrganizationService/${method}`, {
      method: "POST",
      headers: { "content-type": contentType, authorization: `Bearer ${admin.token}` },
      body,
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }
});
