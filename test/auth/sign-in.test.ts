import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SsoConfiguration } from "../../src/domain/sso-configurations.ts";
import { Browser } from "../support/browser.ts";
import { callJson } from "../support/call.ts";
import { startIdentityProvider, type TestIdentityProvider } from "../support/identity-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import {
  countSessions,
  createConfiguration,
  lastReason,
  OPERATOR,
  signInEntries,
  startUrl,
  updateConfiguration,
} from "./world.ts";

const ADA = { sub: "ada", email: "ada@example.com", email_verified: true, name: "Ada Lovelace" };

describe.each(ENGINES)("sign-in through a real provider, on %s", (engine) => {
  let server: TestServer;
  let idp: TestIdentityProvider;
  let organizationId: string;
  let configuration: SsoConfiguration;
  beforeAll(async () => {
    server = await startTestServer(engine);
    idp = await startIdentityProvider(ADA);
  });
  afterAll(async () => {
    await idp.close();
    await server.close();
  });
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    configuration = await createConfiguration(server, organizationId, idp.issuer);
    idp.person = { ...ADA, sub: configuration.id };
    register(idp, "secret");
  });

  function register(provider: TestIdentityProvider, secret: string, clientId = "client"): void {
    provider.putClient({
      client_id: clientId,
      client_secret: secret,
      redirect_uris: [`${server.url}/auth/oidc/callback/${configuration.id}`],
    });
  }

  async function signIn(browser = new Browser()) {
    return browser.visit(startUrl(server, configuration.id));
  }

  /** Goes to the provider and back, and stops at our door. */
  async function halfway(browser: Browser): Promise<string> {
    const visit = await browser.visit(startUrl(server, configuration.id), {
      stopAt: (url) => url.includes("/callback/"),
    });
    return new URL(visit.headers.get("location") ?? "", idp.issuer).href;
  }

  async function members() {
    const order = { by: "joined", descending: false } as const;
    return (await server.storage.read.users.list(organizationId, {}, order, { limit: 10 })).items;
  }

  it("makes account, member and session at the first login, and finds them at the second", async () => {
    const first = await signIn();
    expect(first.url).toBe(`${server.url}/auth/signed-in`);
    expect(first.body).toContain("Ada Lovelace");
    const [user, ...others] = await members();
    expect(others).toEqual([]);
    expect(user).toMatchObject({ email: "ada@example.com", emailVerified: true, name: "Ada Lovelace", role: "member" });
    const account = await server.storage.read.accounts.get(user?.accountId ?? "");
    expect(account).toMatchObject({ email: "ada@example.com", organizationId });
    const identity = await server.storage.read.identities.find(idp.issuer, configuration.id);
    expect(identity).toMatchObject({ accountId: user?.accountId });

    const sessions = await countSessions(server);
    await signIn();
    expect(await members()).toEqual([user]);
    expect(await countSessions(server)).toBe(sessions + 1);
    const entries = await signInEntries(server, organizationId);
    expect(entries.filter(({ subjectType }) => subjectType === "session")).toHaveLength(2);
    expect(entries[0]).toMatchObject({ actorId: user?.id, actorPrincipal: "user", action: "sign_in.succeed" });
  });

  it("opens the api with the session's cookie, for pages of the same origin alone", async () => {
    const browser = new Browser();
    await signIn(browser);
    const cookie = browser.cookieHeader(server.url);
    const ask = (headers: Record<string, string>) =>
      callJson(
        server,
        "GetAuthenticatedUser",
        {},
        { service: "gitpod.v1.UserService", headers: { cookie, ...headers } },
      );
    expect((await ask({ "sec-fetch-site": "same-origin" })).body.user.email).toBe("ada@example.com");
    expect((await ask({ "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await ask({})).status).toBe(403);
  });

  it("keeps up with what the provider says about a person", async () => {
    await signIn();
    idp.person = {
      ...idp.person,
      email: "countess@example.com",
      email_verified: false,
      name: "Countess",
      picture: "https://example.com/a.png",
    };
    await signIn();
    const [user] = await members();
    expect(user).toMatchObject({
      email: "countess@example.com",
      emailVerified: false,
      name: "Countess",
      avatarUrl: "https://example.com/a.png",
    });
    expect((await server.storage.read.accounts.get(user?.accountId ?? ""))?.email).toBe("countess@example.com");
  });

  it("uses a rotated secret at the next login, and not before", async () => {
    await signIn();
    register(idp, "rotated");
    await signIn();
    expect(await lastReason(server, organizationId)).toBe("client_rejected");
    await updateConfiguration(server, configuration.id, { clientSecret: "rotated" });
    await signIn();
    expect(await lastReason(server, organizationId)).toBe("signed_in");
  });

  it("uses a changed issuer and client id at the next login", async () => {
    const another = await startIdentityProvider({
      ...ADA,
      sub: `other-${configuration.id}`,
      email: "grace@example.com",
    });
    try {
      await signIn();
      register(another, "secret", "another");
      await updateConfiguration(server, configuration.id, { issuerUrl: another.issuer, clientId: "another" });
      await signIn();
      expect(await lastReason(server, organizationId)).toBe("signed_in");
      expect((await members()).map(({ email }) => email)).toEqual(["ada@example.com", "grace@example.com"]);
    } finally {
      await another.close();
    }
  });

  it("uses changed scopes, a changed mapping and a changed expression at the next login", async () => {
    idp.person = { ...idp.person, groups: ["engineers"], nickname: "Enchantress" };
    await updateConfiguration(server, configuration.id, { claimsExpression: '"engineers" in claims.groups' });
    const refused = await signIn();
    expect(refused.body).toContain("The claim “groups” is missing");
    expect(await lastReason(server, organizationId)).toBe("expression_error");
    await updateConfiguration(server, configuration.id, { additionalScopes: ["groups"] });
    await signIn();
    expect(await lastReason(server, organizationId)).toBe("signed_in");
    await updateConfiguration(server, configuration.id, { claims: { name: "groups.0" } });
    await signIn();
    expect((await members())[0]?.name).toBe("engineers");
    await updateConfiguration(server, configuration.id, { claimsExpression: '"admins" in claims.groups' });
    await signIn();
    expect(await lastReason(server, organizationId)).toBe("expression_refused");
  });

  it("starts nothing while the configuration is inactive, and ends its sessions when an admin asks", async () => {
    const browser = new Browser();
    await signIn(browser);
    await updateConfiguration(server, configuration.id, { state: "inactive" });
    const refused = await signIn();
    expect(refused.status).toBe(403);
    expect(await lastReason(server, organizationId)).toBe("configuration_inactive");
    expect((await browser.visit(`${server.url}/auth/signed-in`)).body).toContain("You are signed in");
    const admin = await server.createUser(organizationId);
    const answer = await callJson(
      server,
      "RevokeConfigurationSessions",
      { ssoConfigurationId: configuration.id },
      { service: "organization.v1.SessionService", token: admin.token },
    );
    expect(answer.body).toEqual({ revokedCount: 1 });
    expect((await browser.visit(`${server.url}/auth/signed-in`)).url).toBe(`${server.url}/auth/sign-in`);
  });

  const changes = {
    issuer: { issuerUrl: "http://127.0.0.1:1" },
    "client id": { clientId: "another" },
    "client secret": { clientSecret: "another" },
    scopes: { additionalScopes: ["groups"] },
    mapping: { claims: { name: "email" } },
    "email domains": { emailDomains: ["example.com"] },
    expression: { claimsExpression: "true" },
  } as const;
  it.each(Object.entries(changes))("refuses a login that began before a change: %s", async (_name, change) => {
    const sessions = await countSessions(server);
    const browser = new Browser();
    const callback = await halfway(browser);
    await updateConfiguration(server, configuration.id, change);
    const visit = await browser.visit(callback);
    expect(visit.body).toContain("Please sign in once more");
    expect(await lastReason(server, organizationId)).toBe("configuration_changed");
    expect(await countSessions(server)).toBe(sessions);
  });

  it("refuses a login whose configuration was switched off, or deleted, meanwhile", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    await updateConfiguration(server, configuration.id, { state: "inactive" });
    expect((await browser.visit(callback)).status).toBe(403);
    expect(await lastReason(server, organizationId)).toBe("configuration_inactive");
    await updateConfiguration(server, configuration.id, { state: "active" });
    const second = await halfway(browser);
    await server.app.domain.ssoConfigurations.delete(OPERATOR, configuration.id);
    expect((await browser.visit(second)).status).toBe(404);
  });

  it("finishes a login that began before a change of the name, which does not matter", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    await updateConfiguration(server, configuration.id, { displayName: "Renamed" });
    expect((await browser.visit(callback)).url).toBe(`${server.url}/auth/signed-in`);
  });

  it("lets many people begin and finish at once", async () => {
    const signInTwice = async () => {
      const browser = new Browser();
      return [(await signIn(browser)).url, (await signIn(browser)).url];
    };
    const urls = (await Promise.all(Array.from({ length: 12 }, signInTwice))).flat();
    expect(new Set(urls)).toEqual(new Set([`${server.url}/auth/signed-in`]));
  });

  it("makes one account for a person who signs in twice at once for the first time", async () => {
    const browsers = [new Browser(), new Browser(), new Browser()];
    const visits = await Promise.all(browsers.map((browser) => signIn(browser)));
    expect(visits.map(({ url }) => url)).toEqual(browsers.map(() => `${server.url}/auth/signed-in`));
    expect(await members()).toHaveLength(1);
  });
});
