import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Browser as Chromium, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sessionCookieName } from "../../src/domain/sessions.ts";
import { createConfiguration, lastReason, proveDomain, updateConfiguration } from "../auth/world.ts";
import { launchChromium } from "../support/chromium.ts";
import { startIdentityProvider, type TestIdentityProvider } from "../support/identity-provider.ts";
import { expectAccessible } from "../support/page-accessibility.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;
const SCHEMES = ["light", "dark"] as const;

/** With `SCREENSHOTS=<folder>` every page of these tests is kept as a picture, to be looked at. */
const folder = process.env.SCREENSHOTS;

let server: TestServer;
let idp: TestIdentityProvider;
let chromium: Chromium;
const organizations = { acme: "", globex: "" };
const configurations = { acme: "", globex: "" };

beforeAll(async () => {
  server = await startTestServer("sqlite");
  idp = await startIdentityProvider({
    sub: "ada",
    email: "ada@example.com",
    email_verified: true,
    name: "Ada Lovelace",
  });
  chromium = await launchChromium();
  for (const [name, title] of [
    ["acme", "Acme"],
    ["globex", "Globex, research and development"],
  ] as const) {
    organizations[name] = await server.createOrganization(title);
    configurations[name] = (
      await createConfiguration(server, organizations[name], idp.issuer, {
        displayName: title,
        emailDomains: ["example.com"],
      })
    ).id;
    await proveDomain(server, organizations[name], "example.com");
  }
  const redirect_uris = Object.values(configurations).map((id) => `${server.url}/auth/oidc/callback/${id}`);
  idp.putClient({ client_id: "client", client_secret: "secret", redirect_uris });
});
afterAll(async () => {
  await chromium.close();
  await idp.close();
  await server.close();
});

describe.each(Object.keys(SIZES) as (keyof typeof SIZES)[])(
  "signing in with a real browser, without script, on a %s",
  (size) => {
    let context: BrowserContext;
    let page: Page;
    beforeEach(async () => {
      context = await chromium.newContext({
        viewport: SIZES[size],
        javaScriptEnabled: false,
        hasTouch: size === "phone",
      });
      page = await context.newPage();
    });
    afterEach(() => context.close());

    const heading = (name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
    const sessionCookies = async () =>
      (await context.cookies()).filter(({ name }) => name === sessionCookieName(server.url));

    /** The page that is open is for everybody, in both color schemes; a picture of it is kept when somebody wants to look. */
    async function look(name: string): Promise<void> {
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
        if (folder === undefined) continue;
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
      }
    }

    async function enterEmail(email: string): Promise<void> {
      await page.goto(`${server.url}/auth`);
      await page.getByLabel("Email address").fill(email);
      await page.getByRole("button", { name: "Continue" }).click();
    }

    it("goes by email through the chooser to the provider and back, and out again", async () => {
      await page.goto(`${server.url}/auth`);
      await heading("Sign in");
      await look("sign-in");
      await page.goto(`${server.url}/auth`);
      // By keyboard alone: the field has the focus already.
      await page.keyboard.type("ada@example.com");
      await page.keyboard.press("Enter");
      await heading("Choose where to sign in");
      await look("chooser");
      await page.getByRole("link", { name: "Globex" }).click();
      await heading("You are signed in");
      expect(page.url()).toBe(`${server.url}/auth/signed-in`);
      expect(await page.textContent("main")).toMatch(/Ada Lovelace.*Globex/s);
      await look("signed-in");
      expect(await sessionCookies()).toHaveLength(1);
      expect(await lastReason(server, organizations.globex)).toBe("signed_in");

      await page.goto(`${server.url}/auth/sign-out`);
      await heading("Sign out?");
      await look("sign-out");
      await page.getByRole("button", { name: "Sign out" }).click();
      await heading("You are signed out");
      await look("signed-out");
      expect(await sessionCookies()).toEqual([]);
      await page.goto(`${server.url}/auth/signed-in`);
      await heading("Sign in");
    });

    it("says of a refused login what happened and what to do, and signs nobody in", async () => {
      const { acme } = configurations;
      await updateConfiguration(server, acme, { claimsExpression: '"engineers" in claims.groups' });
      await enterEmail("ada@example.com");
      await page.getByRole("link", { name: "Acme" }).click();
      await heading("You do not have access");
      await look("refused-claim-missing");
      expect(await page.textContent("main")).toContain("The claim “groups” is missing");
      expect(await lastReason(server, organizations.acme)).toBe("expression_error");

      await updateConfiguration(server, acme, { claimsExpression: 'claims.email.endsWith("@acme.example")' });
      await enterEmail("ada@example.com");
      await page.getByRole("link", { name: "Acme" }).click();
      await heading("You do not have access");
      await look("refused");
      const requestId = await page.locator("footer code").textContent();
      await server.logged();
      expect(
        server.log.some((line) => line.includes(requestId ?? "no id") && line.includes("expression_refused")),
      ).toBe(true);
      expect(await lastReason(server, organizations.acme)).toBe("expression_refused");
      expect(await sessionCookies()).toEqual([]);

      await updateConfiguration(server, acme, { claimsExpression: "" });
      expect(await page.getByRole("link", { name: "Sign in another way" }).getAttribute("href")).toBe("/auth/sign-in");
      await page.getByRole("link", { name: "Try again" }).click();
      await heading("You are signed in");
    });

    it("says when nobody signs an email in, and keeps it to be corrected", async () => {
      await enterEmail("ada@exmaple.com");
      await page.getByRole("alert").waitFor();
      await look("unknown-email");
      expect(await page.getByLabel("Email address").inputValue()).toBe("ada@exmaple.com");
      await page.getByLabel("Email address").fill("ada@example.com");
      await page.getByRole("button", { name: "Continue" }).click();
      await heading("Choose where to sign in");
    });

    it("has a page for what does not exist, and for a sign-in that is over", async () => {
      await page.goto(`${server.url}/auth/nowhere`);
      await look("no-page");
      await page.goto(`${server.url}/auth/oidc/callback/${configurations.acme}?state=x&code=y`);
      await heading("That sign-in is over");
      await look("over");
    });
  },
);
