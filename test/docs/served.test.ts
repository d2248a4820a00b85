import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { referenceFiles } from "../../src/docs/reference.ts";
import { launchChromium } from "../support/chromium.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer("sqlite");
});
afterAll(() => server.close());

const get = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, { redirect: "manual", ...init });

describe("the served reference", () => {
  it("has every file of the static one, with the server's own URL", async () => {
    for (const [name, make] of referenceFiles(server.url)) {
      const text = make();
      const response = await get(`/docs/${name}`);
      expect({ name, status: response.status, text: await response.text() }).toEqual({ name, status: 200, text });
    }
  });

  it("starts at /docs/, where /docs leads to", async () => {
    const redirect = await get("/docs");
    expect(redirect.status).toBe(308);
    expect(new URL(redirect.headers.get("location") ?? "", `${server.url}/docs`).href).toBe(`${server.url}/docs/`);
    const first = await get("/docs/");
    expect(first.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await first.text()).toContain(`export ORGANIZATION_SERVICE_URL=${server.url}`);
  });

  it("lets a page load nothing but its own files", async () => {
    const policy = (await get("/docs/")).headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none'; style-src 'self'; script-src 'self'; /);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("is not sent again to whoever has it", async () => {
    const etag = (await get("/docs/errors.html")).headers.get("etag") ?? "";
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const response = await get("/docs/errors.html", { headers: { "if-none-match": tag } });
      expect({ status: response.status, body: await response.text() }).toEqual({ status: 304, body: "" });
    }
    expect((await get("/docs/errors.html", { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  it.each(["/docs/nothing.html", "/docs/../package.json", "/docs/%2e%2e/package.json", "/docs/constructor"])(
    "has nothing at %s",
    async (path) => {
      // A path with dots is resolved by fetch, and leads elsewhere.
      expect((await get(path)).status).toBe(404);
    },
  );

  it("answers to nothing but GET and HEAD", async () => {
    expect((await get("/docs/", { method: "POST", body: "{}" })).status).toBe(405);
    const head = await get("/docs/", { method: "HEAD" });
    expect({ status: head.status, body: await head.text() }).toEqual({ status: 200, body: "" });
  });
});

describe("/openapi.json", () => {
  it("is the document, for tools of any origin", async () => {
    const response = await get("/openapi.json");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toMatchObject({ openapi: "3.1.1", servers: [{ url: server.url }] });
  });
});

describe("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function open(path: string, options: { width?: number; javaScriptEnabled?: boolean } = {}) {
    const { width = 1280, ...context } = options;
    const page = await browser.newPage({ viewport: { width, height: 800 }, ...context });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${server.url}/docs/${path}`);
    return { page, complaints };
  }

  it("filters the methods by typing, and keeps the language", async () => {
    const { page, complaints } = await open("groups.html#CreateGroup");
    const name = page.locator("nav details li:visible");
    await page.keyboard.press("/");
    await page.keyboard.type("deletessoc");
    expect(await name.allTextContents()).toEqual(["DeleteSSOConfiguration"]);
    await page.locator("#CreateGroup label", { hasText: "Python" }).click();
    expect(await page.locator("#GetGroup pre:visible").getAttribute("class")).toBe("python");
    await page.goto(`${server.url}/docs/sessions.html`);
    expect(await page.locator("#ListSessions pre:visible").getAttribute("class")).toBe("python");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("is whole without a script", async () => {
    const { page } = await open("groups.html", { javaScriptEnabled: false });
    expect(await page.locator("#CreateGroup pre:visible").getAttribute("class")).toBe("curl");
    await page.locator("#CreateGroup label", { hasText: "Go" }).click();
    expect(await page.locator("#CreateGroup pre:visible").getAttribute("class")).toBe("go");
    await page.close();
  });

  it("fits a phone: no page is wider than the screen", async () => {
    const { page } = await open("", { width: 360 });
    for (const name of referenceFiles(server.url).keys()) {
      if (!name.endsWith(".html")) continue;
      await page.goto(`${server.url}/docs/${name}`);
      expect({ name, width: await page.evaluate("document.documentElement.scrollWidth") }).toEqual({
        name,
        width: 360,
      });
    }
    await page.close();
  });
});
