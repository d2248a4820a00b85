import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SsoConfiguration } from "../../src/domain/sso-configurations.ts";
import { Browser } from "../support/browser.ts";
import { createKey, type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { countSessions, createConfiguration, lastReason, startUrl } from "./world.ts";

describe.each(ENGINES)("a sign-in belongs to one browser and is finished once, on %s", (engine) => {
  let server: TestServer;
  let idp: LyingProvider;
  let organizationId: string;
  let configuration: SsoConfiguration;
  beforeAll(async () => {
    server = await startTestServer(engine);
    idp = await startLyingProvider();
    organizationId = await server.createOrganization();
    configuration = await createConfiguration(server, organizationId, idp.issuer);
  });
  afterAll(async () => {
    await idp.close();
    await server.close();
  });
  let sessions: number;
  beforeEach(async () => {
    sessions = await countSessions(server);
  });

  async function halfway(browser: Browser, of = configuration): Promise<string> {
    const visit = await browser.visit(startUrl(server, of.id), { stopAt: (url) => url.includes("/callback/") });
    return visit.headers.get("location") ?? "";
  }

  async function expectRefused(reason: string, made = 0): Promise<void> {
    expect(await lastReason(server, organizationId)).toBe(reason);
    expect(await countSessions(server)).toBe(sessions + made);
  }

  it("refuses a state a second time, also with the cookie that the browser had", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    const thief = browser.clone();
    expect((await browser.visit(callback)).url).toBe(`${server.url}/auth/signed-in`);
    expect((await thief.visit(callback)).status).toBe(400);
    await expectRefused("state_unknown", 1);
  });

  it("lets one of many that come at once with the same state in", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    const copies = Array.from({ length: 6 }, () => browser.clone());
    const visits = await Promise.all(copies.map((copy) => copy.visit(callback)));
    expect(visits.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await countSessions(server)).toBe(sessions + 1);
  });

  it("answers the back button with a page that says that the sign-in is over", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    await browser.visit(callback);
    const visit = await browser.visit(callback);
    expect(visit.status).toBe(400);
    expect(visit.body).toContain("That sign-in is over");
    await expectRefused("browser_unknown", 1);
    expect((await browser.visit(`${server.url}/auth/signed-in`)).body).toContain("You are signed in");
  });

  it("refuses another browser, and the one that began can still finish", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    expect((await new Browser().visit(callback)).status).toBe(400);
    await expectRefused("browser_unknown");
    const stranger = new Browser();
    await halfway(stranger);
    expect((await stranger.visit(callback)).status).toBe(400);
    await expectRefused("browser_unknown");
    expect((await browser.visit(callback)).url).toBe(`${server.url}/auth/signed-in`);
  });

  it("refuses a made-up cookie for a known state", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    const jar = browser.cookies.get(server.url);
    for (const name of jar?.keys() ?? []) jar?.set(name, `${Date.now().toString(36)}.${"A".repeat(43)}`);
    await browser.visit(callback);
    await expectRefused("state_unknown");
  });

  it("refuses a response on the redirect URI of another configuration, of the same and of another organization", async () => {
    for (const owner of [organizationId, await server.createOrganization()]) {
      const other = await createConfiguration(server, owner, idp.issuer);
      const browser = new Browser();
      const callback = (await halfway(browser)).replace(configuration.id, other.id);
      expect((await browser.visit(callback)).status).toBe(400);
      expect(await lastReason(server, owner)).toBe("redirect_uri_mismatch");
    }
    expect(await countSessions(server)).toBe(sessions);
  });

  it("finishes in several tabs at once, in any order", async () => {
    const browser = new Browser();
    const callbacks = [await halfway(browser), await halfway(browser), await halfway(browser)];
    for (const callback of callbacks.toReversed()) {
      expect((await browser.visit(callback)).url).toBe(`${server.url}/auth/signed-in`);
    }
    expect(await countSessions(server)).toBe(sessions + 3);
  });

  it("gives up the oldest of too many tabs, so that cookies do not pile up", async () => {
    const browser = new Browser();
    const callbacks: string[] = [];
    for (let tab = 0; tab < 10; tab++) {
      callbacks.push(await halfway(browser));
      // Cookies carry the millisecond of their start.
      server.clock.advance(5);
    }
    expect(browser.cookies.get(server.url)?.size).toBe(8);
    await browser.visit(callbacks[0] ?? "");
    await expectRefused("browser_unknown");
    expect((await browser.visit(callbacks[9] ?? "")).url).toBe(`${server.url}/auth/signed-in`);
  });

  it("refuses a state after ten minutes", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    server.clock.advance(10 * 60_000);
    idp.now = () => Math.floor(server.clock.now() / 1000);
    await browser.visit(callback);
    await expectRefused("state_expired");
  });

  it("keeps states and verifiers neither readable nor findable in the database", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    const state = new URL(callback).searchParams.get("state") ?? "";
    const rows = JSON.stringify(await server.database.execute("select * from pending_sign_ins"));
    expect(rows).toContain(configuration.id);
    expect(rows).not.toContain(state);
  });

  it("deletes what has run out", async () => {
    await halfway(new Browser());
    server.clock.advance(10 * 60_000);
    await server.app.domain.signIns.deleteExpired();
    expect(await server.database.execute("select * from pending_sign_ins")).toEqual([]);
  });

  it("refuses a program that looks at a link with HEAD, and leaves the sign-in as it is", async () => {
    const browser = new Browser();
    const callback = await halfway(browser);
    const cookie = browser.cookieHeader(server.url);
    expect((await fetch(callback, { method: "HEAD", headers: { cookie }, redirect: "manual" })).status).toBe(405);
    expect((await browser.visit(callback)).url).toBe(`${server.url}/auth/signed-in`);
  });

  it("takes new keys of the provider, also right after it took some, and also under an old name", async () => {
    const signIn = async () => (await new Browser().visit(startUrl(server, configuration.id))).url;
    const done = `${server.url}/auth/signed-in`;
    expect(await signIn()).toBe(done);
    for (const kid of ["second", "third", "fourth"]) {
      idp.keys = [createKey(kid), ...idp.keys];
      idp.asked.length = 0;
      expect(await signIn()).toBe(done);
      expect(idp.asked.filter((path) => path === "/keys")).toEqual(["/keys"]);
    }
    idp.asked.length = 0;
    expect(await signIn()).toBe(done);
    expect(idp.asked).not.toContain("/keys");
    // A provider that replaces a key without a new name is believed at the second try.
    idp.keys = [createKey("fourth")];
    await signIn();
    expect(await lastReason(server, organizationId)).toBe("signature_invalid");
    expect(await signIn()).toBe(done);
  });
});

describe("replicas on one database", () => {
  /** The name that a load balancer has, behind which both stand. */
  const PUBLIC = "http://sso.example.com";

  it("finish what another one began, and sign out what another one signed in", async () => {
    const one = await startTestServer("postgres", { env: { PUBLIC_URL: PUBLIC } });
    const idp = await startLyingProvider();
    try {
      const two = await one.replica();
      const organizationId = await one.createOrganization();
      const configuration = await createConfiguration(one, organizationId, idp.issuer);
      const browser = new Browser();
      const visit = await browser.visit(startUrl(one, configuration.id), {
        stopAt: (url) => url.includes("/callback/"),
      });
      const callback = visit.headers.get("location") ?? "";
      const cookie = browser.cookieHeader(one.url);
      const options = { headers: { cookie }, redirect: "manual" } as const;
      const answers = await Promise.all([
        fetch(callback.replace(PUBLIC, two.url), options),
        fetch(callback.replace(PUBLIC, one.url), options),
        fetch(callback.replace(PUBLIC, two.url), options),
      ]);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([302, 400, 400]);
      const done = answers.find(({ status }) => status === 302);
      const session =
        done?.headers
          .getSetCookie()
          .find((each) => each.startsWith("organization_session="))
          ?.split(";")[0] ?? "";
      for (const server of [one, two]) {
        expect(await (await fetch(`${server.url}/auth/signed-in`, { headers: { cookie: session } })).text()).toContain(
          "Ada",
        );
      }
      const signOut = {
        method: "POST",
        headers: { cookie: session, "sec-fetch-site": "same-origin" },
        redirect: "manual",
      } as const;
      expect((await fetch(`${two.url}/auth/sign-out`, signOut)).status).toBe(303);
      const after = await fetch(`${one.url}/auth/signed-in`, { headers: { cookie: session }, redirect: "manual" });
      expect(after.headers.get("location")).toBe("/auth/sign-in");
    } finally {
      await idp.close();
      await one.close();
    }
  });
});
