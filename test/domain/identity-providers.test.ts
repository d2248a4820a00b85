import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SsoConfiguration } from "../../src/domain/sso-configurations.ts";
import { createConfiguration, lastReason, OPERATOR, startUrl, updateConfiguration } from "../auth/world.ts";
import { Browser } from "../support/browser.ts";
import { type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const MINUTE = 60_000;

describe("what is known of identity providers", () => {
  let server: TestServer;
  let idp: LyingProvider;
  let organizationId: string;
  let configuration: SsoConfiguration;
  beforeAll(async () => {
    server = await startTestServer("sqlite");
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    idp = await startLyingProvider();
    idp.now = () => Math.floor(server.clock.now() / 1000);
    organizationId = await server.createOrganization();
    configuration = await createConfiguration(server, organizationId, idp.issuer);
    return () => idp.close();
  });

  const signIn = () => new Browser().visit(startUrl(server, configuration.id));
  const refresh = () => server.app.domain.identityProviders.refreshDue();
  const asked = (path: string) => idp.asked.filter((each) => each.endsWith(path)).length;
  const warnings = () =>
    server.log.filter((line) => line.includes("cannot be refreshed") && line.includes(configuration.id));

  async function entriesOf(action: string) {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "newest", { limit: 100 });
    return items.filter((entry) => entry.action === action);
  }

  it("is fetched once for many sign-ins", async () => {
    for (let count = 0; count < 3; count++) await signIn();
    expect([asked("openid-configuration"), asked("/keys")]).toEqual([1, 1]);
  });

  it("is fetched again in the background while it is in use, and not when nobody needs it", async () => {
    await signIn();
    await refresh();
    expect(asked("openid-configuration")).toBe(1);
    server.clock.advance(6 * MINUTE);
    await refresh();
    expect([asked("openid-configuration"), asked("/keys")]).toEqual([2, 2]);
    server.clock.advance(2 * 60 * MINUTE);
    await refresh();
    expect(asked("openid-configuration")).toBe(2);
  });

  it("bridges an outage for a time, and warns log and audit log, the latter once in a while", async () => {
    await signIn();
    idp.lie = { metadata: () => ({ status: 503 }) };
    for (let minutes = 0; minutes < 3; minutes++) {
      server.clock.advance(6 * MINUTE);
      await refresh();
    }
    await signIn();
    expect(await lastReason(server, organizationId)).toBe("signed_in");
    expect(warnings().length).toBeGreaterThanOrEqual(3);
    const entries = await entriesOf("sso_configuration.provider_failing");
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      actorPrincipal: "system",
      subjectId: configuration.id,
      after: { issuer: idp.issuer, reason: "metadata_status" },
    });
  });

  it("is not used any more after an hour: a sign-in then ends with a page", async () => {
    await signIn();
    idp.lie = { metadata: () => ({ instead: "break" }) };
    server.clock.advance(61 * MINUTE);
    const visit = await signIn();
    expect(visit.status).toBe(502);
    expect(visit.body).toContain("The sign-in service does not answer");
    expect(await lastReason(server, organizationId)).toBe("metadata_network");
    expect(warnings()).toHaveLength(1);
    idp.lie = {};
    expect((await signIn()).status).toBe(200);
  });

  it("warns when keys cannot be refreshed", async () => {
    await signIn();
    idp.lie = { keys: () => ({ body: "no" }) };
    server.clock.advance(6 * MINUTE);
    await refresh();
    expect((await entriesOf("sso_configuration.provider_failing"))[0]?.after).toMatchObject({ reason: "keys_content" });
  });

  it("does not warn about a provider that has never answered: its sign-ins say so", async () => {
    idp.lie = { metadata: () => ({ status: 503 }) };
    await signIn();
    expect(warnings()).toEqual([]);
    expect(await entriesOf("sso_configuration.provider_failing")).toEqual([]);
  });

  it("proves who we are as the metadata ask for it", async () => {
    await updateConfiguration(server, configuration.id, { clientId: "a client", clientSecret: "s:ecret+ü" });
    await signIn();
    const basic = Buffer.from("a+client:s%3Aecret%2B%C3%BC").toString("base64");
    expect(idp.tokenRequests.at(-1)?.authorization).toBe(`Basic ${basic}`);
    expect(idp.tokenRequests.at(-1)?.body.has("client_secret")).toBe(false);

    server.clock.advance(61 * MINUTE);
    idp.lie = {
      metadata: (document) => ({ ...document, token_endpoint_auth_methods_supported: ["client_secret_post"] }),
    };
    await signIn();
    const { authorization, body } = idp.tokenRequests.at(-1) ?? {};
    expect(authorization).toBeUndefined();
    expect([body?.get("client_id"), body?.get("client_secret")]).toEqual(["a client", "s:ecret+ü"]);
  });

  it("is asked with PKCE, nonce and state, of which no two sign-ins have the same", async () => {
    await updateConfiguration(server, configuration.id, { additionalScopes: ["groups", "email"] });
    const start = async () => {
      const visit = await new Browser().visit(startUrl(server, configuration.id), { stopAt: () => true });
      return new URL(visit.headers.get("location") ?? "").searchParams;
    };
    const [first, second] = [await start(), await start()];
    expect(first.get("response_type")).toBe("code");
    expect(first.get("scope")).toBe("openid email profile groups");
    expect(first.get("redirect_uri")).toBe(`${server.url}/auth/oidc/callback/${configuration.id}`);
    expect(first.get("code_challenge_method")).toBe("S256");
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(first.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first.get(name)).not.toBe(second.get(name));
    }
    await signIn();
    expect(idp.tokenRequests.at(-1)?.body.get("code_verifier")).toMatch(/^[\w-]{43,}$/);
  });

  it("warns when a claim that the configuration uses is not sent any more, once a day", async () => {
    await updateConfiguration(server, configuration.id, {
      claims: { name: "nickname" },
      claimsExpression: "has(claims.team) ? claims.team == 1 : true",
    });
    idp.person = { ...idp.person, nickname: "Countess", team: 1, hobby: "engines" };
    await signIn();
    idp.person = { sub: "ada", email: "ada@example.com" };
    await signIn();
    const entries = await entriesOf("sso_configuration.claims_missing");
    expect(entries.map(({ after }) => after)).toEqual([{ claims: ["nickname", "team"] }]);
    expect(server.log.some((line) => line.includes("stopped sending claims"))).toBe(true);
    await signIn();
    idp.person = { ...idp.person, team: 1 };
    await signIn();
    idp.person = { sub: "ada", email: "ada@example.com" };
    await signIn();
    expect(await entriesOf("sso_configuration.claims_missing")).toHaveLength(1);
    server.clock.advance(25 * 60 * MINUTE);
    idp.person = { ...idp.person, team: 1 };
    await signIn();
    idp.person = { sub: "ada", email: "ada@example.com" };
    await signIn();
    expect(await entriesOf("sso_configuration.claims_missing")).toHaveLength(2);
  });

  it("leaves no note of its warnings behind when the configuration is deleted", async () => {
    const notes = () => server.database.execute(`select name from job_runs where subject_id = '${configuration.id}'`);
    await updateConfiguration(server, configuration.id, { claims: { name: "nickname" } });
    idp.person = { ...idp.person, nickname: "Countess" };
    await signIn();
    idp.person = { sub: "ada", email: "ada@example.com" };
    await signIn();
    idp.lie = { metadata: () => ({ status: 503 }) };
    server.clock.advance(6 * MINUTE);
    await refresh();
    expect(await notes()).toHaveLength(2);
    await server.app.domain.ssoConfigurations.delete(OPERATOR, configuration.id);
    expect(await notes()).toEqual([]);
    expect(await server.database.execute(`select name from job_runs where name like '%${configuration.id}%'`)).toEqual(
      [],
    );
  });

  it("counts every sign-in by configuration and reason, and names no configuration that does not exist", async () => {
    await signIn();
    await updateConfiguration(server, configuration.id, { emailDomains: ["example.org"] });
    await signIn();
    await new Browser().visit(startUrl(server, organizationId));
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain(`sign_ins_total{configuration="${configuration.id}",reason="signed_in"} 1`);
    expect(text).toContain(`sign_ins_total{configuration="${configuration.id}",reason="email_domain_refused"} 1`);
    expect(text).toContain('sign_ins_total{configuration="",reason="configuration_unknown"} 1');
    expect(text).not.toContain(`configuration="${organizationId}"`);
  });
});
