import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "../../src/auth/sentences.ts";
import type { SsoConfiguration } from "../../src/domain/sso-configurations.ts";
import { StorageUnavailableError } from "../../src/storage/storage.ts";
import { Browser } from "../support/browser.ts";
import { type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { createConfiguration, lastReason, OPERATOR, proveDomain, startUrl, updateConfiguration } from "./world.ts";

const EVIL = `"><script>alert(1)</script><a href='`;

describe("the pages", () => {
  let server: TestServer;
  let idp: LyingProvider;
  let organizationId: string;
  let configuration: SsoConfiguration;
  beforeAll(async () => {
    server = await startTestServer("sqlite", {
      env: { RETURN_TO_ALLOW_LIST: "https://app.example.com,http://localhost:3000" },
    });
    idp = await startLyingProvider();
    organizationId = await server.createOrganization(`Acme ${EVIL}`);
    configuration = await createConfiguration(server, organizationId, idp.issuer, { displayName: `Acme ${EVIL}` });
    await updateConfiguration(server, configuration.id, { emailDomains: ["example.com"] });
    await proveDomain(server, organizationId, "example.com");
  });
  afterAll(async () => {
    await idp.close();
    await server.close();
  });

  const open = (path: string, browser = new Browser()) => browser.visit(server.url + path);
  const signIn = (query = "", browser = new Browser()) =>
    browser.visit(startUrl(server, configuration.id, query), { stopAt: (url) => !url.startsWith("http://127.0.0.1") });

  const paths = [
    "/auth/sign-in",
    "/auth/sign-in?email=ada@example.com",
    "/auth/sign-in?email=nobody@example.org",
    "/auth/sign-out",
    "/auth/signed-out",
    "/auth/nowhere",
    "/auth/oidc/start?configuration=none",
    "/auth/oidc/callback/none",
  ];
  it.each(paths)("load nothing, are kept nowhere, stand in no frame and tell nobody: %s", async (path) => {
    const { headers, body } = await open(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy.split("; ").toSorted()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      expect.stringMatching(/^style-src 'sha256-[\w+/]{43}='$/),
    ]);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(headers.get("strict-transport-security")).toBeNull();
    expect(body).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(body.match(/<h1>/g)).toHaveLength(1);
    expect(body).toContain("<main>");
    expect(body).not.toMatch(/<script|<img|<link|src=|style="|onclick/);
  });

  it("set the headers on redirects too", async () => {
    const visit = await new Browser().visit(startUrl(server, configuration.id), { stopAt: () => true });
    expect(visit.status).toBe(302);
    expect(visit.headers.get("cache-control")).toBe("no-store");
    expect(visit.headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("say that it is not the person's fault when the database does not answer", async () => {
    const logins = server.app.domain.logins as { listProviders: unknown };
    const original = logins.listProviders;
    logins.listProviders = () => Promise.reject(new StorageUnavailableError("connect ECONNREFUSED 192.0.2.7:5432"));
    try {
      const { status, headers, body } = await open("/auth/sign-in?email=ada@example.com");
      expect(status).toBe(503);
      expect(headers.get("retry-after")).toBe("5");
      expect(body).toContain("Nothing is wrong with your account");
      expect(body).not.toContain("192.0.2.7");
      expect(await server.logged()).toContain("192.0.2.7");
    } finally {
      logins.listProviders = original;
    }
    expect((await open("/auth/sign-in?email=ada@example.com")).status).toBe(200);
  });

  it("escape whatever others have written", async () => {
    idp.person = { sub: "evil", email: "ada@example.com", name: EVIL };
    const texts = [
      (await open(`/auth/sign-in?email=${encodeURIComponent(EVIL)}`)).body,
      (await open("/auth/sign-in?email=ada@example.com")).body,
      (await open(`/auth/sign-in?return_to=${encodeURIComponent(EVIL)}`)).body,
      (await signIn()).body,
    ];
    await createConfiguration(server, organizationId, idp.issuer, { displayName: EVIL, emailDomains: ["example.com"] });
    texts.push((await open("/auth/sign-in?email=ada@example.com")).body);
    for (const text of texts) {
      expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
      expect(text).not.toContain("<script");
      expect(text).not.toContain("href=''");
    }
  });

  it("ask for the email first, and say when nobody signs it in", async () => {
    const first = await open("/auth/sign-in");
    expect(first.status).toBe(200);
    expect(first.body).toMatch(/<label for="email">/);
    const unknown = await open("/auth/sign-in?email=nobody@example.org");
    expect(unknown.status).toBe(404);
    expect(unknown.body).toContain('value="nobody@example.org"');
    expect(unknown.body).toContain('role="alert"');
  });

  it("go on to the one provider by a link, and offer several to choose from", async () => {
    const owner = await server.createOrganization();
    await proveDomain(server, owner, "one.example");
    const only = await createConfiguration(server, owner, idp.issuer, {
      displayName: "First",
      emailDomains: ["one.example"],
    });
    const query = "email=ada%40one.example&return_to=https%3A%2F%2Fapp.example.com%2F";
    const one = await open(`/auth/sign-in?${query}`);
    expect(one.status).toBe(200);
    expect(one.body).toContain(
      `http-equiv="refresh" content="0;url=${server.url}/auth/oidc/start?configuration=${only.id}&amp;return_to=https`,
    );
    const direct = await new Browser().visit(`${server.url}/auth/oidc/start?${query}`, {
      stopAt: (url) => url.startsWith(idp.issuer),
    });
    expect(direct.headers.get("location")).toContain("/authorize?");
    const second = await createConfiguration(server, owner, idp.issuer, {
      displayName: "Second",
      emailDomains: ["one.example"],
    });
    for (const visit of [await open(`/auth/sign-in?${query}`), await open(`/auth/oidc/start?${query}`)]) {
      expect(visit.body).toContain("Choose where to sign in");
      for (const { id } of [only, second])
        expect(visit.body).toContain(`/auth/oidc/start?configuration=${id}&amp;return_to=https`);
    }
    expect((await open("/auth/oidc/start?email=nobody@example.org")).status).toBe(404);
  });

  it("offer the ways into the organization of an invite, which goes along", async () => {
    const owner = await server.createOrganization();
    const way = await createConfiguration(server, owner, idp.issuer, { displayName: "Invited" });
    const { id } = await server.app.domain.invites.create(OPERATOR, owner);
    const visit = await open(`/auth/sign-in?invite=${id}`);
    expect(visit.body).toContain(`/auth/oidc/start?configuration=${way.id}&amp;invite=${id}`);
  });

  it("tell a person what to do, and nothing of what was received", async () => {
    await updateConfiguration(server, configuration.id, { claimsExpression: 'claims.name == "somebody"' });
    idp.person = { sub: "grace", email: "grace@example.com", name: "Grace" };
    const { body, status, headers } = await signIn();
    expect(status).toBe(403);
    expect(body).toContain("You do not have access");
    expect(body).toContain("Ask an administrator");
    expect(body).toContain(headers.get("x-request-id"));
    expect(body).not.toMatch(/grace|expression_refused|claims\.name/);
    await updateConfiguration(server, configuration.id, { claimsExpression: "" });
  });

  it("name a claim that is missing", () => {
    expect(explain({ reason: "expression_error", missingClaim: "groups" }).sentence).toContain("“groups”");
  });

  describe("return_to", () => {
    const ours = () => [`${server.url}/auth/signed-out`, `${server.url}/auth/signed-out?x=1#y`];
    it("leads to this server and to listed origins", async () => {
      for (const url of [...ours(), "https://app.example.com/deep?x=1#y", "http://localhost:3000"]) {
        const visit = await signIn(`&return_to=${encodeURIComponent(url)}`);
        const target = visit.status === 302 ? visit.headers.get("location") : visit.url;
        expect(target?.replace(/\/$/, "")).toBe(url);
        expect(await lastReason(server, organizationId)).toBe("signed_in");
      }
    });

    it("leads to our own page without", async () => {
      expect((await signIn()).url).toBe(`${server.url}/auth/signed-in`);
    });

    it("leads where it was understood to lead", async () => {
      const visit = await signIn(`&return_to=${encodeURIComponent("https://app.example.com\\@evil.example/")}`);
      expect(visit.headers.get("location")).toBe("https://app.example.com/@evil.example/");
    });

    const refused = [
      "",
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "https:evil.example",
      "https:/evil.example",
      "https:///evil.example",
      "https://evil.example",
      "https://app.example.com@evil.example",
      "https://app.example.com:443@evil.example",
      "https://user:password@app.example.com",
      "https://user@app.example.com/",
      "https://app.example.com.evil.example",
      "https://app.example.com:8443",
      "http://app.example.com",
      "https://evil.example/https://app.example.com",
      "https://evil.example?https://app.example.com",
      "https://evil.example#@app.example.com",
      "https://app.example.com%2eevil.example",
      "https://ａpp.evil.example",
      "https://app。evil.example",
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "data:text/html,<script>",
      "blob:https://app.example.com/x",
      "ftp://app.example.com",
      "http://localhost:3001",
      "http://127.0.0.1:3000",
      "\u0009//evil.example",
      "http:\n//evil.example",
      "null",
      "auth/signed-in",
    ];
    it.each(refused)("refuses %j", async (url) => {
      const visit = await signIn(`&return_to=${encodeURIComponent(url)}`);
      expect(visit.status).toBe(400);
      expect(visit.headers.get("location")).toBeNull();
      expect(await lastReason(server, organizationId)).toBe("return_to_refused");
      const page = await open(`/auth/sign-in?email=ada@example.com&return_to=${encodeURIComponent(url)}`);
      expect(page.status).toBe(400);
    });
  });

  describe("sign-out", () => {
    it("ends the session, by a form of our own", async () => {
      const browser = new Browser();
      await signIn("", browser);
      const sent = browser.cookieHeader(server.url);
      const headers = { "sec-fetch-site": "same-origin" };
      const visit = await browser.visit(`${server.url}/auth/sign-out`, { method: "POST", headers, body: "" });
      expect(visit.url).toBe(`${server.url}/auth/signed-out`);
      expect(browser.cookieHeader(server.url)).toBe("");
      const after = await fetch(`${server.url}/auth/signed-in`, { headers: { cookie: sent }, redirect: "manual" });
      expect(after.status).toBe(302);
    });

    const strangers: Record<string, string>[] = [
      {},
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ];
    it.each(strangers)("is refused with %j", async (headers) => {
      const browser = new Browser();
      await signIn("", browser);
      const visit = await browser.visit(`${server.url}/auth/sign-out`, { method: "POST", headers, body: "" });
      expect(visit.status).toBe(403);
      expect((await open("/auth/signed-in", browser)).body).toContain("You are signed in");
    });

    it("asks first when it is opened as a link", async () => {
      const browser = new Browser();
      await signIn("", browser);
      expect((await open("/auth/sign-out", browser)).body).toContain("Sign out?");
      expect((await open("/auth/signed-in", browser)).body).toContain("You are signed in");
    });

    it("is no error for who is not signed in", async () => {
      const headers = { origin: server.url };
      const visit = await new Browser().visit(`${server.url}/auth/sign-out`, { method: "POST", headers, body: "" });
      expect(visit.url).toBe(`${server.url}/auth/signed-out`);
    });
  });

  it("answer other methods, and paths that do not exist", async () => {
    for (const method of ["HEAD", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await fetch(`${server.url}/auth/sign-in`, { method });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, POST"]);
    }
    expect((await open("/auth")).url).toBe(`${server.url}/auth/sign-in`);
    expect((await open("/auth/nowhere")).status).toBe(404);
    expect((await new Browser().visit(startUrl(server, configuration.id), { method: "POST" })).status).toBe(404);
  });
});

describe("the pages of a server with https", () => {
  it("keep cookies to this host, and ask browsers to stay with https", async () => {
    const server = await startTestServer("sqlite", { env: { PUBLIC_URL: "https://sso.example.com/base" } });
    const idp = await startLyingProvider();
    try {
      const organizationId = await server.createOrganization();
      const configuration = await createConfiguration(server, organizationId, idp.issuer);
      const start = await fetch(startUrl(server, configuration.id), { redirect: "manual" });
      expect(start.headers.get("strict-transport-security")).toMatch(/^max-age=\d+$/);
      const [cookie = ""] = start.headers.getSetCookie();
      expect(cookie).toMatch(
        /^__Host-organization_sign_in_[\w-]{16}=[0-9a-z]+\.[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      );
      const atProvider = await fetch(start.headers.get("location") ?? "", { redirect: "manual" });
      const callback = atProvider.headers.get("location") ?? "";
      expect(callback).toMatch(/^https:\/\/sso\.example\.com\/base\/auth\/oidc\/callback\//);
      const headers = { cookie: cookie.split(";")[0] ?? "" };
      const local = callback.replace("https://sso.example.com/base", server.url);
      const done = await fetch(local, { headers, redirect: "manual" });
      expect(done.headers.get("location")).toBe("/base/auth/signed-in");
      const session = done.headers.getSetCookie().find((each) => each.includes("_session="));
      expect(session).toMatch(
        /^__Host-organization_session=osn_[\w-]{49}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      );
      expect(await (await fetch(`${server.url}/auth/sign-in`)).text()).toContain('action="/base/auth/sign-in"');
    } finally {
      await idp.close();
      await server.close();
    }
  });
});

describe("the rate limit", () => {
  it("holds back an address that begins too many sign-ins, and lets it go on later", async () => {
    const server = await startTestServer("sqlite", { env: { SIGN_IN_RATE: "3", TRUST_PROXY: "1" } });
    try {
      const visit = (address: string, path = "/auth/oidc/start?configuration=none") =>
        new Browser().visit(server.url + path, { headers: { "x-forwarded-for": address } });
      for (let count = 0; count < 3; count++) expect((await visit("192.0.2.1")).status).toBe(404);
      for (const path of ["/auth/oidc/start", "/auth/oidc/callback/none", "/auth/sign-in?email=a@example.com"]) {
        const held = await visit("192.0.2.1", path);
        expect(held.status).toBe(429);
        expect(Number(held.headers.get("retry-after"))).toBeGreaterThan(0);
      }
      expect((await visit("192.0.2.2")).status).toBe(404);
      expect((await visit("192.0.2.1", "/auth/sign-in")).status).toBe(200);
      server.clock.advance(20_000);
      expect((await visit("192.0.2.1")).status).toBe(404);
    } finally {
      await server.close();
    }
  });
});
