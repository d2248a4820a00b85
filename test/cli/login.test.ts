import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser as Chromium, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { credentialsPath } from "../../src/cli/credentials.ts";
import { comparisonCodeOf } from "../../src/lib/proof-key.ts";
import { createConfiguration, proveDomain, updateConfiguration } from "../auth/world.ts";
import { Browser } from "../support/browser.ts";
import { callJson } from "../support/call.ts";
import { launchChromium } from "../support/chromium.ts";
import { startIdentityProvider, type TestIdentityProvider } from "../support/identity-provider.ts";
import { Command, run, Workshop } from "../support/process.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { openTestSession } from "../support/sessions.ts";

const ADA = { sub: "ada", email: "ada@example.com", email_verified: true, name: "Ada Lovelace" };
const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };
const PAGE = /^ {2}(http\S+)$/m;

const workshop = new Workshop();
let server: TestServer;
let home: string;
let env: Record<string, string>;
let file: string;

beforeAll(async () => {
  server = await startTestServer("sqlite");
});
afterAll(async () => {
  await server.close();
  await workshop.close();
});
beforeEach(() => {
  home = workshop.folder();
  env = { XDG_CONFIG_HOME: home, BROWSER: "true" };
  file = join(home, "organization-service", "credentials.json");
});

const login = (args: readonly string[] = [], more: Record<string, string> = {}) =>
  new Command(["login", "--url", server.url, "--json", ...args], { ...env, ...more }, { terminal: true });
const command = (args: readonly string[], more: Record<string, string> = {}) =>
  run([...args, "--json"], { ...env, ...more });
const whoAmI = async (more: Record<string, string> = {}) => {
  const { code, stdout, stderr } = await command(["me", "user"], more);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout).user;
};
const stored = () => JSON.parse(readFileSync(file, "utf8"));
const pageOf = async (terminal: Command) => (await terminal.said(PAGE))[1] as string;
const codeOf = async (terminal: Command) => (await terminal.said(/this code: (\S+)/))[1] as string;

/** A user whose browser is signed in; as much of a browser as agreeing needs. */
async function signedInBrowser(): Promise<{ user: TestUser; browser: Browser }> {
  const user = await server.createUser(await server.createOrganization(), "member");
  const browser = new Browser();
  const { cookie } = await openTestSession(server, user);
  browser.cookies.set(server.url, new Map([[cookie.name, cookie.value]]));
  return { user, browser };
}

/** Agrees on the page, and returns what it leads to: a URL of the loopback interface, or the code to copy. */
async function agree(browser: Browser, page: string): Promise<string> {
  const { body } = await browser.visit(page, { method: "POST", headers: SAME_ORIGIN });
  const [, link] = /class="button" href="([^"]+)"/.exec(body) ?? [];
  return link?.replaceAll("&amp;", "&") ?? /<code>([^<]+)<\/code>/.exec(body)?.[1] ?? "";
}

function readableByOthers(text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o644);
}

/** Signs the terminal of this test in. */
async function signIn(): Promise<TestUser> {
  const { user, browser } = await signedInBrowser();
  const terminal = login();
  await browser.visit(await agree(browser, await pageOf(terminal)));
  expect(await terminal.finished()).toMatchObject({ code: 0 });
  return user;
}

describe("login with a real browser", () => {
  let idp: TestIdentityProvider;
  let chromium: Chromium;
  let organizationId: string;

  beforeAll(async () => {
    chromium = await launchChromium();
    idp = await startIdentityProvider(ADA);
    organizationId = await server.createOrganization("Acme");
    const { id } = await createConfiguration(server, organizationId, idp.issuer);
    await updateConfiguration(server, id, { emailDomains: ["example.com"] });
    await proveDomain(server, organizationId, "example.com");
    const redirect = `${server.url}/auth/oidc/callback/${id}`;
    idp.putClient({ client_id: "client", client_secret: "secret", redirect_uris: [redirect] });
  });
  afterAll(async () => {
    await chromium.close();
    await idp.close();
  });

  /** Everything that a person does in the browser, from the page that the terminal opens to the one that asks. */
  async function signInByEmail(page: Page, url: string): Promise<void> {
    await page.goto(url);
    await page.getByLabel("Email address").fill("ada@example.com");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Sign in a terminal?" }).waitFor();
  }

  it("takes a person through their provider, and back into the terminal", async () => {
    const opened = join(home, "opened");
    const script = join(home, "browser");
    writeFileSync(script, `#!/bin/sh\nprintf %s "$1" > '${opened}'\n`, { mode: 0o755 });
    const terminal = login([], { BROWSER: script });
    const url = await pageOf(terminal);
    const comparison = await codeOf(terminal);
    expect(comparisonCodeOf(new URL(url).searchParams.get("challenge") ?? "")).toBe(comparison);

    const page = await chromium.newPage();
    await signInByEmail(page, url);
    expect(await page.textContent("main")).toContain(comparison);
    expect(await page.textContent("main")).toContain("Ada Lovelace");
    await page.getByRole("button", { name: "Sign in the terminal" }).click();
    await page.waitForURL(`${server.url}/auth/cli/done`);
    expect(await page.textContent("h1")).toBe("The terminal is signed in");
    await page.close();

    const { code, stdout } = await terminal.finished();
    const me = await whoAmI();
    expect(me).toMatchObject({ name: "Ada Lovelace", email: "ada@example.com", organizationId });
    expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, url: server.url, userId: me.id, organizationId });
    expect(readFileSync(opened, "utf8")).toBe(url);
  });

  it("shows a code to copy when the browser is on another machine", async () => {
    const terminal = login(["--no-browser"]);
    const page = await chromium.newPage();
    await signInByEmail(page, await pageOf(terminal));
    await page.getByRole("button", { name: "Sign in the terminal" }).click();
    await page.getByRole("heading", { name: "Copy this code" }).waitFor();
    expect(await page.textContent("main")).toContain(await codeOf(terminal));
    terminal.type(` ${await page.textContent("code")} `);
    expect(await terminal.finished()).toMatchObject({ code: 0 });
    expect(await whoAmI()).toMatchObject({ email: "ada@example.com", organizationId });
    await page.close();
  });

  it("ends when the person cancels in the browser, and stores nothing", async () => {
    const terminal = login();
    const page = await chromium.newPage();
    await signInByEmail(page, await pageOf(terminal));
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByText("Cancelled").waitFor();
    expect(await terminal.finished()).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringMatching(/cancelled in the browser/),
    });
    expect(existsSync(file)).toBe(false);
    await page.close();
  });
});

describe("the file of credentials", () => {
  it("is in the folder for settings, of the XDG Base Directory Specification", () => {
    const path = "organization-service/credentials.json";
    expect(credentialsPath({ XDG_CONFIG_HOME: "/etc/ada", HOME: "/home/ada" })).toBe(`/etc/ada/${path}`);
    expect(credentialsPath({ HOME: "/home/ada" })).toBe(`/home/ada/.config/${path}`);
    expect(credentialsPath({ XDG_CONFIG_HOME: "relative", HOME: "/home/ada" })).toBe(`/home/ada/.config/${path}`);
  });
});

describe("login", () => {
  it("asks for the code when no browser can be started", async () => {
    const { user, browser } = await signedInBrowser();
    const terminal = login([], { BROWSER: join(home, "no such program") });
    const page = await pageOf(terminal);
    expect(new URL(page).searchParams.has("port")).toBe(false);
    terminal.type(await agree(browser, page));
    expect(await terminal.finished()).toMatchObject({ code: 0 });
    expect((await whoAmI()).id).toBe(user.userId);
  });

  it("asks for the code on a machine without a screen", async () => {
    const terminal = login([], { BROWSER: "" });
    expect(new URL(await pageOf(terminal)).searchParams.has("port")).toBe(false);
    terminal.child.stdin?.end();
    expect(await terminal.finished()).toMatchObject({ code: 2, stderr: expect.stringMatching(/no code was given/) });
  });

  it("refuses a code that is not good, and stores nothing", async () => {
    const [terminal, other] = [login(["--no-browser"]), login(["--no-browser"])];
    const { browser } = await signedInBrowser();
    // The code of another terminal, which somebody was talked into giving away.
    terminal.type(await agree(browser, await pageOf(other)));
    other.type("nonsense");
    for (const each of [terminal, other]) {
      expect(await each.finished()).toMatchObject({
        code: 5,
        stdout: "",
        stderr: expect.stringMatching(/exchange token is not good/),
      });
    }
    expect(existsSync(file)).toBe(false);
  });

  it("listens on the loopback interface to nobody but the browser that it sent", async () => {
    const { user, browser } = await signedInBrowser();
    const terminal = login();
    const page = await pageOf(terminal);
    const answer = new URL(await agree(browser, page));
    expect(answer.hostname).toBe("127.0.0.1");
    const stranger = new URL(answer);
    stranger.searchParams.set("state", "a".repeat(43));
    stranger.searchParams.set("code", "attacker");
    expect((await fetch(stranger)).status).toBe(404);
    expect((await fetch(new URL("/favicon.ico", answer))).status).toBe(404);

    const { status, headers } = await fetch(answer, { redirect: "manual" });
    expect(status).toBe(303);
    expect(headers.get("location")).toBe(`${server.url}/auth/cli/done`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(await terminal.finished()).toMatchObject({ code: 0 });
    expect((await whoAmI()).id).toBe(user.userId);
    await expect(fetch(answer)).rejects.toThrow();
  });

  it("tells the browser, too, when the code was of no use", async () => {
    const { browser } = await signedInBrowser();
    const terminal = login();
    const answer = new URL(await agree(browser, await pageOf(terminal)));
    answer.searchParams.set("code", "nonsense");
    expect(await (await fetch(answer)).text()).toContain("the terminal says why");
    expect(await terminal.finished()).toMatchObject({ code: 5 });
  });

  it("keeps the token where nobody else can read it, and prints it nowhere", async () => {
    const { browser } = await signedInBrowser();
    const terminal = login();
    await browser.visit(await agree(browser, await pageOf(terminal)));
    const { stdout, stderr } = await terminal.finished();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    const { token } = stored().servers[server.url];
    expect(token).toMatch(/^osk_/);
    expect(stdout + stderr).not.toContain(token);
  });

  it("gives commands their token and server, unless the environment does", async () => {
    const user = await signIn();
    const other = await server.createUser(await server.createOrganization());
    expect((await whoAmI()).id).toBe(user.userId);
    expect((await whoAmI({ ORGANIZATION_SERVICE_URL: `${server.url}/api/` })).id).toBe(user.userId);
    const environment = { ORGANIZATION_SERVICE_TOKEN: other.token, ORGANIZATION_SERVICE_URL: server.url };
    expect((await whoAmI(environment)).id).toBe(other.userId);
  });

  it("gives the token to no other server", async () => {
    await signIn();
    const elsewhere = await startTestServer("sqlite");
    const { code, stderr } = await command(["me", "user", "--url", elsewhere.url]);
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(/no credential.*\n.*organization-service login/),
    });
    await elsewhere.close();
  });

  it("replaces the login before, whose token is revoked", async () => {
    await signIn();
    const { token } = stored().servers[server.url];
    const second = await signIn();
    expect((await whoAmI()).id).toBe(second.userId);
    const { status } = await callJson(
      server,
      "GetAuthenticatedIdentity",
      {},
      { service: "gitpod.v1.IdentityService", token },
    );
    expect(status).toBe(401);
  });

  it.each([
    ["others may read", readableByOthers, /others may read.*chmod 600/],
    ["is damaged", () => writeFileSync(file, "{", { mode: 0o600 }), /is damaged: delete it/],
    ["holds something else", () => writeFileSync(file, "[]", { mode: 0o600 }), /is damaged: delete it/],
    ["cannot be read", () => mkdirSync(file), /EISDIR/],
  ])("uses no file of credentials that %s", async (_, write, message) => {
    mkdirSync(dirname(file), { recursive: true });
    write(JSON.stringify({ servers: { [server.url]: { token: "osk_x", tokenId: "x" } } }));
    for (const args of [["me", "user"], ["login"], ["logout"]]) {
      expect(await command(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
    }
  });

  it("refuses what is no URL of a server", async () => {
    for (const args of [["login"], ["logout"]]) {
      const { code, stderr } = await command([...args, "--url", "ftp://example.com"]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("no URL of a server") });
    }
  });
});

describe("logout", () => {
  it("revokes the token, and forgets it", async () => {
    await signIn();
    const { token } = stored().servers[server.url];
    const { code, stdout } = await command(["logout"]);
    expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, url: server.url, signedOut: true });
    expect(existsSync(file)).toBe(false);
    const { status } = await callJson(
      server,
      "GetAuthenticatedIdentity",
      {},
      { service: "gitpod.v1.IdentityService", token },
    );
    expect(status).toBe(401);
    const again = await command(["logout", "--url", server.url]);
    expect(JSON.parse(again.stdout)).toEqual({ url: server.url, signedOut: false });
  });

  it("is no error when the token opens nothing any more", async () => {
    const user = await signIn();
    await server.storage.write((records) => records.apiTokens.deleteOfUser(user.userId));
    expect(await command(["logout"])).toMatchObject({ code: 0 });
    expect(existsSync(file)).toBe(false);
  });

  it("forgets the token although the server cannot be reached, and says that it lives on", async () => {
    const away = "http://127.0.0.1:1";
    mkdirSync(dirname(file), { recursive: true });
    const servers = { [away]: { token: "osk_x", tokenId: "01890000-0000-7000-8000-000000000000" } };
    writeFileSync(file, JSON.stringify({ current: away, servers }), { mode: 0o600 });
    expect(await command(["logout"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/forgotten here, and was not revoked/),
    });
    expect(existsSync(file)).toBe(false);
  });

  it("leaves logins at other servers alone", async () => {
    await signIn();
    const credentials = stored();
    const other = { token: "osk_x", tokenId: "01890000-0000-7000-8000-000000000000" };
    const servers = { "https://sso.example.com": other, ...credentials.servers };
    writeFileSync(file, JSON.stringify({ ...credentials, servers }), { mode: 0o600 });
    expect(await command(["logout"])).toMatchObject({ code: 0 });
    expect(stored()).toEqual({ current: "https://sso.example.com", servers: { "https://sso.example.com": other } });
  });
});
