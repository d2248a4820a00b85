import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SsoConfiguration } from "../../src/domain/sso-configurations.ts";
import {
  countSessions,
  createConfiguration,
  inTheMiddle,
  OPERATOR,
  startUrl,
  updateConfiguration,
} from "../auth/world.ts";
import { Browser } from "../support/browser.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const service = "organization.v1.SignInService";

describe.each(ENGINES)("tests of sign-ins, on %s", (engine) => {
  let server: TestServer;
  let idp: LyingProvider;
  let admin: TestUser;
  let configuration: SsoConfiguration;
  beforeAll(async () => {
    server = await startTestServer(engine);
    idp = await startLyingProvider();
  });
  afterAll(async () => {
    await idp.close();
    await server.close();
  });
  beforeEach(async () => {
    const organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
    configuration = await createConfiguration(server, organizationId, idp.issuer);
    idp.lie = {};
    idp.person = { sub: admin.userId, email: "ada@example.com", name: "Ada", groups: ["engineers", "admins"], age: 36 };
  });

  const call = (method: string, request: unknown, token = admin.token) =>
    callJson(server, method, request, { service, token });
  const start = async (changes: object = {}) =>
    (await call("StartTestSignIn", { ssoConfigurationId: configuration.id, ...changes })).body;
  const resultOf = async (id: string) => (await call("GetTestSignIn", { testSignInId: id })).body.test.result;

  /** Signs in for a test and answers with its page and result. */
  async function run(changes: object = {}) {
    const { test, url } = await start(changes);
    const browser = new Browser();
    const visit = await browser.visit(url);
    return { visit, browser, test, url, result: await resultOf(test.id) };
  }

  it("show each step of what would be a sign-in, and sign nobody in", async () => {
    const [sessions, users] = [await countSessions(server), await server.database.execute("select * from users")];
    const { visit, browser, result, test } = await run({
      claimsExpression: '"admins" in claims.groups && claims.age > 30',
    });
    expect(visit.status).toBe(200);
    expect(visit.body).toContain("The test succeeded");
    expect(browser.cookieHeader(server.url)).toBe("");
    expect(await countSessions(server)).toBe(sessions);
    expect(await server.database.execute("select * from users")).toEqual(users);
    expect(await server.database.execute("select * from identities")).toEqual([]);
    expect(test).not.toHaveProperty("result");
    expect(result.allowed).toBe(true);
    const steps = ["START", "DISCOVERY", "RESPONSE", "EXCHANGE", "ID_TOKEN", "SIGNATURE", "USERINFO"];
    steps.push("MAPPING", "EMAIL_DOMAIN", "EXPRESSION", "MEMBERSHIP");
    expect(result.steps.map(({ step }: { step: string }) => step)).toEqual(
      steps.map((step) => `SIGN_IN_STEP_NAME_${step}`),
    );
    for (const step of result.steps) expect(step.outcome).toBe("SIGN_IN_STEP_OUTCOME_PASSED");
    expect(result.steps.at(-1).detail).toBe("would make an account and a member");
  });

  it("do not begin when the configuration is deleted at that moment", async () => {
    const { status, body } = await inTheMiddle(
      server,
      "draft",
      () => call("StartTestSignIn", { ssoConfigurationId: configuration.id }),
      () => server.app.domain.ssoConfigurations.delete(OPERATOR, configuration.id),
    );
    expect(status).toBe(404);
    expect(errorOf(body)).toMatchObject({ code: "not_found", reason: "not_found" });
  });

  it("show claims, mapping and every sub-expression, redacted", async () => {
    const { result } = await run({
      claims: { name: "nickname" },
      claimsExpression: 'claims.groups.exists(g, g == "admins")',
    });
    const claims = Object.fromEntries(result.claims.map(({ name, value }: Record<string, string>) => [name, value]));
    expect(claims).toMatchObject({
      iss: JSON.stringify(idp.issuer),
      aud: '"client"',
      email: '"…@example.com"',
      groups: '["en…","ad…"]',
      age: '"(number)"',
    });
    const attributes = Object.fromEntries(
      result.attributes.map((each: { attribute: string }) => [each.attribute, each]),
    );
    expect(attributes.email).toMatchObject({
      claim: "email",
      state: "MAPPED_ATTRIBUTE_STATE_FOUND",
      value: "…@example.com",
    });
    expect(attributes.name).toMatchObject({ claim: "nickname", mapped: true, state: "MAPPED_ATTRIBUTE_STATE_MISSING" });
    const { evaluation } = result;
    expect(evaluation.decision).toBe("CLAIMS_DECISION_ALLOW");
    const values = evaluation.steps.map(({ outcome }: { outcome: { value: string } }) => outcome.value);
    expect(values).toContain('["en…","ad…"]');
    expect(evaluation.steps.at(-1).elements.map(({ element }: { element: string }) => element)).toEqual([
      '"en…"',
      '"ad…"',
    ]);
    expect(JSON.stringify(result)).not.toMatch(/engineers|ada@|eyJ/);
  });

  it("show the step that fails, and skip what follows", async () => {
    idp.lie = { claims: (claims) => ({ ...claims, aud: "another" }) };
    const { visit, result } = await run();
    expect(visit.body).toContain("The test was refused");
    const failed = result.steps.filter(({ outcome }: { outcome: string }) => outcome === "SIGN_IN_STEP_OUTCOME_FAILED");
    expect(failed).toMatchObject([{ step: "SIGN_IN_STEP_NAME_ID_TOKEN", reason: "id_token_audience" }]);
    expect(result.steps.at(-1).outcome).toBe("SIGN_IN_STEP_OUTCOME_SKIPPED");
    expect(result).not.toHaveProperty("claims");
  });

  it("show a provider that cannot be discovered, before anybody signs in", async () => {
    idp.lie = { metadata: () => ({ status: 500 }) };
    const { visit, result } = await run();
    expect(visit.status).toBe(502);
    expect(result.steps[1]).toMatchObject({ outcome: "SIGN_IN_STEP_OUTCOME_FAILED", reason: "metadata_status" });
  });

  it("show who would be refused, and why", async () => {
    const { result } = await run({ claimsExpression: "claims.missing == 1" });
    expect(result).toMatchObject({ evaluation: { decision: "CLAIMS_DECISION_ERROR", missingClaim: "missing" } });
    const other = await run({ emailDomains: ["example.org"] });
    expect(other.result.steps[8]).toMatchObject({ reason: "email_domain_refused" });
  });

  it("use the changes and save nothing of them, also for a configuration that is inactive", async () => {
    await updateConfiguration(server, configuration.id, { state: "inactive" });
    const before = await server.storage.read.ssoConfigurations.get(admin.organizationId, configuration.id);
    const { result } = await run({
      clientId: "another",
      clientSecret: "unsaved",
      additionalScopes: { scopes: ["groups"] },
    });
    expect(result.allowed).toBe(true);
    expect(idp.tokenRequests.at(-1)?.authorization).toBe(`Basic ${Buffer.from("another:unsaved").toString("base64")}`);
    expect(await server.storage.read.ssoConfigurations.get(admin.organizationId, configuration.id)).toEqual(before);
    const rows = JSON.stringify(await server.database.execute("select * from test_sign_ins"));
    expect(rows).not.toMatch(/unsaved|another/);
  });

  it("refuse what an update refuses", async () => {
    for (const [changes, reason] of [
      [{ issuerUrl: "https://10.0.0.1" }, "issuer_not_allowed"],
      [{ claimsExpression: "claims." }, "claims_expression_invalid"],
      [{ additionalScopes: { scopes: ["a b"] } }, "request_invalid"],
    ] as const) {
      expect(errorOf(await start(changes)).reason).toBe(reason);
    }
  });

  it("run once, for an hour", async () => {
    const { url, visit } = await run();
    expect(visit.status).toBe(200);
    expect((await new Browser().visit(url)).status).toBe(400);
    const { url: late, test } = await start();
    server.clock.advance(60 * 60_000);
    expect((await new Browser().visit(late)).status).toBe(404);
    expect((await call("GetTestSignIn", { testSignInId: test.id })).status).toBe(404);
    await server.app.domain.signIns.deleteExpired();
    expect(await server.database.execute("select * from test_sign_ins")).toEqual([]);
    idp.now = () => Math.floor(server.clock.now() / 1000);
  });

  it("keep one result when two browsers take the same test", async () => {
    const { url, test } = await start();
    const halfway = async (browser: Browser) => {
      const visit = await browser.visit(url, { stopAt: (next) => next.includes("/callback/") });
      return visit.headers.get("location") ?? "";
    };
    const [one, two] = [new Browser(), new Browser()];
    const callbacks = [await halfway(one), await halfway(two)];
    expect((await one.visit(callbacks[0] ?? "")).status).toBe(200);
    const first = await resultOf(test.id);
    expect((await two.visit(callbacks[1] ?? "")).status).toBe(400);
    expect(await resultOf(test.id)).toEqual(first);
  });

  it("are found in the own organization alone, by admins", async () => {
    const { test } = await start();
    const stranger = await server.createUser(await server.createOrganization());
    const member = await server.createUser(admin.organizationId, "member");
    expect((await call("GetTestSignIn", { testSignInId: test.id }, stranger.token)).status).toBe(404);
    expect((await call("GetTestSignIn", { testSignInId: test.id }, member.token)).status).toBe(403);
    const foreign = { ssoConfigurationId: configuration.id };
    expect((await call("StartTestSignIn", foreign, stranger.token)).status).toBe(404);
    const expression = { ...foreign, expression: "true" };
    expect((await call("EvaluateClaimsExpression", expression, stranger.token)).status).toBe(404);
  });

  it("never log the id of a test, with which anybody could begin it", async () => {
    const { test } = await run();
    expect(await server.logged()).not.toContain(test.id);
    expect(JSON.stringify(await server.database.execute("select * from audit_entries"))).not.toContain(test.id);
  });

  describe("EvaluateClaimsExpression", () => {
    const evaluate = (request: object) => call("EvaluateClaimsExpression", request);

    it("evaluates against given claims, as they are", async () => {
      const claimsJson = JSON.stringify({ groups: ["admins"], email: "ada@example.com" });
      const { body } = await evaluate({ expression: 'claims.email.endsWith("@example.com")', claimsJson });
      expect(body.evaluation.decision).toBe("CLAIMS_DECISION_ALLOW");
      expect(JSON.stringify(body.evaluation.steps)).toContain("ada@example.com");
      expect(body).not.toHaveProperty("claims");
    });

    it("evaluates against the claims of the last sign-in, also of a refused one, whole, and shows them redacted", async () => {
      const request = {
        expression: '"admins" in claims.groups && claims.age == 36',
        ssoConfigurationId: configuration.id,
      };
      expect((await evaluate(request)).status).toBe(404);
      await updateConfiguration(server, configuration.id, { claimsExpression: "false" });
      await new Browser().visit(startUrl(server, configuration.id));
      const { body } = await evaluate(request);
      expect(body.evaluation.decision).toBe("CLAIMS_DECISION_ALLOW");
      expect(body.receivedAt).toBeDefined();
      expect(JSON.stringify(body)).not.toMatch(/engineers|ada@/);
      expect(JSON.stringify(await server.database.execute("select * from received_claims"))).not.toContain("engineers");
    });

    it("forgets claims after 30 days", async () => {
      await new Browser().visit(startUrl(server, configuration.id));
      const request = { expression: "true", ssoConfigurationId: configuration.id };
      expect((await evaluate(request)).status).toBe(200);
      server.clock.advance(30 * 24 * 60 * 60_000);
      expect((await evaluate(request)).status).toBe(404);
      await server.app.domain.signIns.deleteExpired();
      expect(await server.database.execute("select * from received_claims")).toEqual([]);
    });

    it("refuses what it cannot evaluate, and says where", async () => {
      const broken = errorOf((await evaluate({ expression: "claims.a ==", claimsJson: "{}" })).body);
      expect(broken).toMatchObject({ reason: "claims_expression_invalid" });
      expect(broken.metadata.offset).toMatch(/^\d+$/);
      for (const claimsJson of ["[]", "1", "{", "", "null"]) {
        const { body } = await evaluate({ expression: "true", claimsJson });
        expect(errorOf(body).violations[0]?.field).toBe("claims_json");
      }
      expect(errorOf((await evaluate({ expression: "true" })).body).reason).toBe("request_invalid");
    });
  });
});
