import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { subjectOf } from "../../src/domain/id-tokens.ts";
import { EXTRA_SUB_FIELDS } from "../../src/domain/oidc-configs.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { type LoadBalancer, startLoadBalancer } from "../support/load-balancer.ts";
import { changeUser } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { openTestSession } from "../support/sessions.ts";
import { ENGINES } from "../support/storage.ts";
import { type KeySource, startVerifyingService, type VerifyingService } from "../support/verifying-service.ts";

const service = "gitpod.v1.IdentityService";
const AUDIENCE = "https://orders.example.com";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What a service of somebody else makes of a token. */
async function show({ url }: VerifyingService, token: string) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}

describe.each(ENGINES)("ID tokens, on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let user: TestUser;
  const services: VerifyingService[] = [];

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    user = await server.createUser(organizationId, "member", "ada@example.com");
  });
  afterEach(async () => {
    vi.useRealTimers();
    await Promise.all(services.splice(0).map((each) => each.close()));
  });

  const getIdToken = (request: object, headers: Record<string, string> = { authorization: `Bearer ${user.token}` }) =>
    callJson(server, "GetIDToken", request, { service, headers });

  async function tokenFor(audience: string | readonly string[], headers?: Record<string, string>): Promise<string> {
    const { status, body } = await getIdToken({ audience: [audience].flat() }, headers);
    expect(body.code).toBeUndefined();
    expect(status).toBe(200);
    return body.token;
  }

  async function startService(audience = AUDIENCE, source: KeySource = "jose"): Promise<VerifyingService> {
    const discovery = `${server.url}/.well-known/openid-configuration`;
    const started = await startVerifyingService(discovery, audience, source);
    services.push(started);
    return started;
  }

  async function setOidcConfig(oidcConfig: object): Promise<void> {
    const { token } = await server.createUser(organizationId);
    const { body } = await callJson(server, "UpdateOIDCConfig", { organizationId, oidcConfig }, { token });
    expect(body).toEqual({ oidcConfig });
  }

  it("say who the caller is, and nothing else", async () => {
    const before = Math.floor(server.clock.now() / 1000);
    const token = await tokenFor(AUDIENCE);
    const after = Math.floor(server.clock.now() / 1000);
    const { userId, accountId } = user;
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      iss: server.url,
      sub: `organization:${organizationId}/user:${userId}`,
      aud: AUDIENCE,
      iat: expect.any(Number),
      exp: (claims.iat as number) + 600,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      organization_id: organizationId,
      user_id: userId,
      account_id: accountId,
      email: "ada@example.com",
      email_verified: false,
      name: "ada@example.com",
    });
    expect(claims.iat).toBeGreaterThanOrEqual(before);
    expect(claims.iat).toBeLessThanOrEqual(after);
    expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", typ: "JWT", kid: expect.any(String) });
    expect(decodeJwt(await tokenFor(AUDIENCE)).jti).not.toBe(claims.jti);
  });

  it("leave out what is not known, and say when the email is proven", async () => {
    await changeUser(server.storage, user, { name: "", email: "" });
    const unknown = decodeJwt(await tokenFor(AUDIENCE));
    for (const claim of ["name", "email", "email_verified"]) expect(unknown).not.toHaveProperty(claim);
    await changeUser(server.storage, user, { email: "ada@example.com", emailVerified: true });
    expect(decodeJwt(await tokenFor(AUDIENCE))).toMatchObject({ email: "ada@example.com", email_verified: true });
  });

  it("are for people with a session, too", async () => {
    const session = await openTestSession(server, user);
    const token = await tokenFor(AUDIENCE, session.headers);
    expect((await show(await startService(), token)).body).toMatchObject({ user_id: user.userId });
  });

  it("are for every audience that was asked for, whatever version was", async () => {
    const audience = [AUDIENCE, "https://billing.example.com"];
    const { body } = await getIdToken({ audience, version: "ID_TOKEN_VERSION_V1" });
    expect(decodeJwt(body.token).aud).toEqual(audience);
    for (const each of audience) expect((await show(await startService(each), body.token)).status).toBe(200);
  });

  it.each([
    ["no audience", [], "audience"],
    ["an empty audience", [AUDIENCE, ""], "audience[1]"],
    ["an audience that is too long", ["a".repeat(1001)], "audience[0]"],
    ["too many audiences", Array.from({ length: 33 }, (_, i) => `https://${i}.example.com`), "audience"],
  ])("are refused for %s", async (_, audience, field) => {
    const { status, body } = await getIdToken({ audience });
    expect(status).toBe(400);
    expect(errorOf(body)).toMatchObject({ reason: "request_invalid", violations: [{ field }] });
  });

  it("are refused to the operator, who is no person", async () => {
    const headers = { authorization: `Bearer ${await server.createOperatorToken()}` };
    const { body } = await getIdToken({ audience: [AUDIENCE] }, { ...headers, "x-organization-id": organizationId });
    expect(errorOf(body)).toMatchObject({ code: "failed_precondition", reason: "person_required" });
  });

  it("leave an audit entry that says for whom, and never the token", async () => {
    const token = await tokenFor(AUDIENCE);
    const { jti, sub } = decodeJwt(token);
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "newest", { limit: 1 });
    expect(items[0]).toMatchObject({ action: "id_token.create", actorId: user.userId, subjectId: user.userId });
    expect(items[0]?.after).toMatchObject({ idToken: { id: jti, subject: sub, audience: [AUDIENCE] } });
    expect(JSON.stringify(items)).not.toContain(token.split(".")[2]);
    expect(await server.logged()).not.toContain(token.split(".")[2]);
  });

  describe("their subject", () => {
    it("is the person in the organization, with v2, and with v3 that adds nothing", async () => {
      const plain = `organization:${organizationId}/user:${user.userId}`;
      expect(decodeJwt(await tokenFor(AUDIENCE)).sub).toBe(plain);
      await setOidcConfig({ v2: {} });
      expect(decodeJwt(await tokenFor(AUDIENCE)).sub).toBe(plain);
      await setOidcConfig({ v3: {} });
      expect(decodeJwt(await tokenFor(AUDIENCE)).sub).toBe(plain);
    });

    it("has the fields that the organization has chosen, in its order, percent-encoded", async () => {
      await changeUser(server.storage, user, { name: "Ada/admin:yes Ünïcode 100%" });
      await setOidcConfig({ v3: { extraSubFields: ["name", "email", "account_id", "idp"] } });
      expect(decodeJwt(await tokenFor(AUDIENCE)).sub).toBe(
        `organization:${organizationId}/user:${user.userId}` +
          "/name:Ada%2Fadmin%3Ayes%20%C3%9Cn%C3%AFcode%20100%25/email:ada%40example.com" +
          `/account_id:${user.accountId}/idp:custom`,
      );
    });
  });

  describe("before a service that knows jose and the discovery URL alone", () => {
    it("are verified, until they run out", async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      const orders = await startService();
      const token = await tokenFor(AUDIENCE);
      expect(await show(orders, token)).toEqual({ status: 200, body: decodeJwt(token) });
      vi.setSystemTime(Date.now() + 10 * MINUTE - 2000);
      expect((await show(orders, token)).status).toBe(200);
      vi.setSystemTime(Date.now() + 3000);
      expect(await show(orders, token)).toEqual({ status: 401, body: { code: "ERR_JWT_EXPIRED", claim: "exp" } });
    });

    it("are refused for another audience, from another issuer, and with a signature of another", async () => {
      const orders = await startService();
      const claimFailed = (claim: string) => ({
        status: 401,
        body: { code: "ERR_JWT_CLAIM_VALIDATION_FAILED", claim },
      });
      expect(await show(orders, await tokenFor("https://billing.example.com"))).toEqual(claimFailed("aud"));
      expect(await show(orders, await tokenFor(`${AUDIENCE}/`))).toEqual(claimFailed("aud"));

      const token = await tokenFor(AUDIENCE);
      const [header = "", payload = "", signature = ""] = token.split(".");
      const { kid } = decodeProtectedHeader(token);
      const changed = Buffer.from(JSON.stringify({ ...decodeJwt(token), user_id: "somebody else" })).toString(
        "base64url",
      );
      const failed = { status: 401, body: { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" } };
      expect(await show(orders, `${header}.${changed}.${signature}`)).toEqual(failed);

      const none = Buffer.from(JSON.stringify({ alg: "none", kid })).toString("base64url");
      expect((await show(orders, `${none}.${payload}.`)).status).toBe(401);
      // The published key taken for a shared secret.
      const jwks = await (await fetch(`${server.url}/.well-known/jwks.json`)).text();
      const confused = new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: "HS256", kid: kid as string });
      expect((await show(orders, await confused.sign(createSecretKey(Buffer.from(jwks))))).status).toBe(401);

      const { signingKeys } = server.app.domain;
      const foreign = await signingKeys.sign({ ...decodeJwt(token), iss: "https://sso.elsewhere.example" });
      expect(await show(orders, foreign)).toEqual(claimFailed("iss"));
    });
  });
});

describe.each(ENGINES)("ID tokens of several replicas, on %s", (engine) => {
  let balancer: LoadBalancer;
  let server: TestServer;
  let orders: VerifyingService;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    balancer = await startLoadBalancer();
    server = await startTestServer(engine, { env: { PUBLIC_URL: balancer.url, ID_TOKEN_KEY_DAYS: "3" } });
    balancer.targets = [server, await server.replica(), await server.replica()];
  });
  afterEach(async () => {
    vi.useRealTimers();
    await orders.close();
    await balancer.close();
    await server.close();
  });

  it.each<KeySource>(["jose", "http cache"])(
    "survive every rotation, whenever they are shown, with the keys kept by %s",
    async (source) => {
      const { token } = await server.createUser(await server.createOrganization());
      orders = await startVerifyingService(`${balancer.url}/.well-known/openid-configuration`, AUDIENCE, source);
      const kids = new Set<string>();
      const start = Date.now();
      const showNew = async (time: number) => {
        vi.setSystemTime(start + time);
        const { body } = await callJson(balancer, "GetIDToken", { audience: [AUDIENCE] }, { service, token });
        kids.add(decodeProtectedHeader(body.token).kid as string);
        vi.setSystemTime(start + time + 4 * MINUTE);
        expect(await show(orders, body.token)).toMatchObject({ status: 200 });
      };
      await showNew(0);
      // Keys are made on every third day and sign a day later, at the first one's time: every few minutes around it, so that
      // kept keys are often old.
      for (const day of [3, 4, 6, 7, 9, 10]) {
        for (let minute = -20; minute <= 20; minute += 5) await showNew(day * DAY + minute * MINUTE);
      }
      expect(kids.size).toBe(4);
    },
  );
});

describe("the subject", () => {
  const user = {
    id: "01890000-0000-7000-8000-000000000001",
    organizationId: "01890000-0000-7000-8000-000000000002",
    accountId: "01890000-0000-7000-8000-000000000003",
    loginProvider: "custom",
  };

  it("can be taken apart again, whatever people are called", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string(),
        fc.shuffledSubarray([...EXTRA_SUB_FIELDS]),
        (name, email, keys) => {
          const subject = subjectOf({ ...user, name, email }, keys);
          expect(subject).toMatch(/^[\x21-\x7e]+$/);
          const [, ...parts] = subject.split("/");
          const found = parts.map((part) => part.split(":"));
          expect(found[0]).toEqual(["user", user.id]);
          expect(found.slice(1).map(([key]) => key)).toEqual(keys);
          const textOf = (key: string) => decodeURIComponent(found.find(([each]) => each === key)?.[1] ?? "");
          if (keys.includes("name")) expect(textOf("name")).toBe(name.toWellFormed());
          if (keys.includes("email")) expect(textOf("email")).toBe(email.toWellFormed());
        },
      ),
    );
  });
});
