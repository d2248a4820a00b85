import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { comparisonCodeOf, createProofKey } from "../../src/lib/proof-key.ts";
import { isToken } from "../../src/lib/tokens.ts";
import { Browser } from "../support/browser.ts";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { openTestSession } from "../support/sessions.ts";

const EVIL = `"><script>alert(1)</script>`;
const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };
const STATE = "a".repeat(43);

describe("the page of a command line's login", () => {
  let server: TestServer;
  let user: TestUser;
  let browser: Browser;
  let key: ReturnType<typeof createProofKey>;

  beforeAll(async () => {
    server = await startTestServer("sqlite");
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    user = await server.createUser(await server.createOrganization(`Acme ${EVIL}`), "member");
    key = createProofKey();
    browser = new Browser();
    const { cookie } = await openTestSession(server, user);
    browser.cookies.set(server.url, new Map([[cookie.name, cookie.value]]));
  });

  const path = (parameters: Record<string, string> = {}) =>
    `/auth/cli?${new URLSearchParams({ challenge: key.challenge, host: "laptop", port: "4711", state: STATE, ...parameters })}`;
  const copyPath = () => `/auth/cli?challenge=${key.challenge}`;
  const open = (at = path(), who = browser) => who.visit(server.url + at);
  const agree = (at = path(), headers: Record<string, string> = SAME_ORIGIN, who = browser) =>
    who.visit(server.url + at, { method: "POST", headers });
  const countTokens = async () => (await server.database.execute("select * from exchange_tokens")).length;
  const linksOf = (body: string) =>
    [...body.matchAll(/href="([^"]+)"/g)].map(([, url = ""]) => url.replaceAll("&amp;", "&"));

  it("says who asks, for whom, and the code to compare, and does nothing yet", async () => {
    const before = await countTokens();
    const { status, body } = await open(path({ host: `lap\u0007top ${EVIL}` }));
    expect(status).toBe(200);
    const [, localPart = ""] =
      /^(.+)@/.exec(
        (await callJson(server, "GetAuthenticatedUser", {}, { service: "gitpod.v1.UserService", token: user.token }))
          .body.user.email,
      ) ?? [];
    expect(body).toContain(localPart);
    expect(body).toContain("Acme");
    expect(body).toContain("laptop");
    expect(body).toContain(comparisonCodeOf(key.challenge));
    expect(body).not.toContain("<script");
    expect(linksOf(body)).toContain(`http://127.0.0.1:4711/?error=access_denied&state=${STATE}`);
    expect(await countTokens()).toBe(before);
  });

  it("hands a code to the loopback interface, which with the verifier becomes a token of the person", async () => {
    const { status, body } = await agree();
    expect(status).toBe(200);
    const [link = ""] = linksOf(body);
    expect(body).toContain(`content="0;url=${link.replaceAll("&", "&amp;")}"`);
    const { origin, pathname, searchParams } = new URL(link);
    expect({ origin, pathname, state: searchParams.get("state") }).toEqual({
      origin: "http://127.0.0.1:4711",
      pathname: "/",
      state: STATE,
    });
    const service = "gitpod.v1.IdentityService";
    const exchangeToken = `${searchParams.get("code")}.${key.verifier}`;
    const { body: answer } = await callJson(server, "ExchangeToken", { exchangeToken }, { service });
    const identity = await callJson(server, "GetAuthenticatedIdentity", {}, { service, token: answer.accessToken });
    expect(identity.body.subject.id).toBe(user.userId);
  });

  it("shows the code to copy when nothing listens", async () => {
    expect((await open(copyPath())).body).not.toContain("127.0.0.1");
    const { body } = await agree(copyPath());
    const code = /<code>([^<]+)<\/code>/.exec(body)?.[1] ?? "";
    expect(isToken("exchange", code)).toBe(true);
    expect(body).toContain(comparisonCodeOf(key.challenge));
    expect(body).not.toContain("http-equiv");
  });

  it("lets everybody else sign in first, and come back", async () => {
    for (const visit of [await open(path(), new Browser()), await agree(path(), SAME_ORIGIN, new Browser())]) {
      const { pathname, searchParams } = new URL(visit.url);
      expect(pathname).toBe("/auth/sign-in");
      expect(searchParams.get("return_to")).toBe(server.url + path());
    }
  });

  it("counts for nothing with a session that has ended", async () => {
    await callJson(
      server,
      "RevokeUserSessions",
      { userId: user.userId },
      {
        service: "organization.v1.SessionService",
        token: user.token,
      },
    );
    const before = await countTokens();
    expect(new URL((await agree()).url).pathname).toBe("/auth/sign-in");
    expect(await countTokens()).toBe(before);
  });

  it("counts for nothing with a session that ends at that very moment", async () => {
    const { exchangeTokens } = server.app.domain;
    const create = exchangeTokens.create;
    const before = await countTokens();
    exchangeTokens.create = async (context, signIn) => {
      const { caller } = context;
      if (caller.kind === "user") await server.storage.write((records) => records.sessions.delete(caller.credentialId));
      return create(context, signIn);
    };
    try {
      const { pathname, searchParams } = new URL((await agree()).url);
      expect(pathname).toBe("/auth/sign-in");
      expect(searchParams.get("return_to")).toBe(server.url + path());
    } finally {
      exchangeTokens.create = create;
    }
    expect(await countTokens()).toBe(before);
  });

  it("is signed out although another tab has signed out at that very moment", async () => {
    const { sessions } = server.app.domain;
    const revoke = sessions.revoke;
    sessions.revoke = async (context, id) => {
      await revoke(context, id);
      return revoke(context, id);
    };
    try {
      const visit = await browser.visit(`${server.url}/auth/sign-out`, { method: "POST", headers: SAME_ORIGIN });
      expect(visit.url).toBe(`${server.url}/auth/signed-out`);
    } finally {
      sessions.revoke = revoke;
    }
    expect(browser.cookieHeader(server.url)).toBe("");
  });

  it.each([
    ["another website", { "sec-fetch-site": "cross-site" }],
    ["another host of ours", { "sec-fetch-site": "same-site" }],
    ["another origin, by an older browser", { origin: "https://evil.example" }],
    ["nobody knows where", {}],
  ])("takes no form from %s", async (_, headers) => {
    const before = await countTokens();
    const { status, body } = await agree(path(), headers as Record<string, string>);
    expect(status).toBe(403);
    expect(body).toContain("Nothing was signed in");
    expect(await countTokens()).toBe(before);
  });

  it.each([
    ["no challenge", { challenge: "" }],
    ["a challenge that is none", { challenge: `${"a".repeat(43)}=` }],
    ["a port of the machine's own services", { port: "80" }],
    ["a port that is too high", { port: "65536" }],
    ["another host in the port", { port: "4711@evil.example" }],
    ["a path in the port", { port: "4711/x" }],
    ["no port", { port: "" }],
    ["no state", { state: "" }],
    ["a short state", { state: "a".repeat(21) }],
    ["a state that is a URL", { state: `${"a".repeat(22)}&error=x` }],
  ])("refuses %s", async (_, parameters) => {
    const before = await countTokens();
    expect((await open(path(parameters))).status).toBe(400);
    const { status, body } = await agree(path(parameters));
    expect(status).toBe(400);
    expect(body).toContain("organization-service login");
    expect(body).not.toContain("127.0.0.1");
    expect(await countTokens()).toBe(before);
  });

  it.each([() => path(), copyPath, () => "/auth/cli/done"])("is kept nowhere and stands in no frame", async (at) => {
    const { headers } = await open(at());
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toContain("form-action 'self'");
  });
});
