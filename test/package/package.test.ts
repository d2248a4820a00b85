import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { run, Workshop } from "../support/process.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { type Site, serveSite } from "../support/site.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";
import { copyConsumer, install, pack, runNode, runNodeWith } from "./packed.ts";

const ROOT = join(import.meta.dirname, "../..");
const PLAIN = ["node-esm", "typescript-strict", "typescript-oldest"];

/** What consumers/vite-react/calls.ts has. */
type CallName = "readAndWrite" | "fail" | "abort" | "watch" | "read";

let folder: string;
let site: Site;
let server: TestServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "organization-service-package-"));
  const archive = await pack(join(folder, "packed"));
  const plain = join(folder, "plain");
  await Promise.all(PLAIN.map((name) => copyConsumer(name, plain, archive)));
  writeFileSync(join(plain, "package.json"), JSON.stringify({ private: true, workspaces: PLAIN }));
  const page = await copyConsumer("vite-react", folder, archive);
  // Beneath a project that has installed the same: a folder finds the packages of those above it.
  writeExamples(readFileSync(join(ROOT, "docs/clients.md"), "utf8"), page);
  cpSync(join(ROOT, "examples/web"), join(page, "example"), { recursive: true });
  await Promise.all([install(plain), install(page)]);
  site = await serveSite((name) => join(page, name === "example" ? "example/dist" : "dist"));
  server = await startTestServer("sqlite", { env: { CORS_ALLOWED_ORIGINS: site.origin } });
}, 300_000);
afterAll(async () => {
  site?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the examples of a page of documentation where they are compiled, each as a module of its own. */
function writeExamples(text: string, target: string): void {
  const examples = [...text.matchAll(/^```(tsx?)\n(.*?)^```/gms)];
  expect(examples.length).toBeGreaterThan(3);
  for (const [index, [, type, code]] of examples.entries()) {
    const globals = "declare const process: { env: { [name: string]: string | undefined } };\n";
    writeFileSync(join(target, `documented-${index}.${type}`), `${globals}${code}`);
  }
}

/** What a consumer is told: the server and somebody who is an admin of a new organization. */
async function createAdmin(): Promise<TestUser> {
  return server.createUser(await server.createOrganization());
}

async function runAs(admin: TestUser, consumer: string, script: string, env: Record<string, string> = {}) {
  const { token: TOKEN, organizationId: ORGANIZATION } = admin;
  const printed = await runNodeWith({ SERVER: server.url, TOKEN, ORGANIZATION, ...env }, consumer, script);
  return JSON.parse(printed);
}

describe("what is packed", () => {
  it("has the entries, their declarations, the schema and the documentation, and no tests", () => {
    const installed = join(folder, "vite-react/node_modules/organization-service");
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    const { exports, ...manifest } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    const entries = Object.values<string | Record<string, string>>(exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    expect(files).toEqual(expect.arrayContaining(entries.map((path) => path.replace("./", ""))));
    expect(files).toEqual(
      expect.arrayContaining(["README.md", "LICENSE", "proto/gitpod/v1/organization_service.proto"]),
    );
    expect(files.filter((path) => /\.test\.|^(test|src|gen)\b/.test(path))).toEqual([]);
    expect(manifest).toMatchObject({ type: "module", sideEffects: false });
    expect(manifest).not.toHaveProperty("optionalDependencies");
  });

  it("declares nothing by the types of Node.js or by files that are not there", () => {
    const installed = join(folder, "vite-react/node_modules/organization-service/dist");
    for (const path of ["src/client", "gen/client"].flatMap((part) => declarations(join(installed, part)))) {
      const text = readFileSync(path, "utf8");
      expect(text, path).not.toMatch(/types="node"|from "node:|\.ts"/);
    }
  });

  function declarations(part: string): string[] {
    const paths = readdirSync(part, { recursive: true, encoding: "utf8" });
    return paths.filter((path) => path.endsWith(".d.ts")).map((path) => join(part, path));
  }
});

describe("Node.js", () => {
  it.each(["connect", "grpc", "grpc-web"])("calls over %s in plain JavaScript", async (PROTOCOL) => {
    const seen = await runAs(await createAdmin(), join(folder, "plain/node-esm"), "main.js", { PROTOCOL });
    expect(seen).toEqual({
      watched: true,
      names: ["one", "three", "two"],
      gone: true,
      invalid: ["sso_configuration_id"],
    });
  });

  it("needs none of what is for React alone", () => {
    const packages = readdirSync(join(folder, "plain/node_modules"));
    expect(packages.filter((name) => /react|tanstack|^vite$/.test(name))).toEqual([]);
  });
});

describe("the command", () => {
  const workshop = new Workshop();
  const databases: TestDatabase[] = [];
  afterAll(async () => {
    await workshop.close();
    await Promise.all(databases.map((database) => database.drop()));
  });
  const main = () => join(folder, "plain/node_modules/organization-service/dist/src/cli/main.js");

  it("says what that of the source says", async () => {
    for (const args of [["--help"], ["sso", "create", "--help"], ["--version"], ["unheard-of"]]) {
      expect(await run(args, {}, { main: main() })).toEqual(await run(args, {}));
    }
  });

  it.each(ENGINES)("serves on %s behind every door, until it is told to stop", async (engine) => {
    const database = await createDatabase(engine);
    databases.push(database);
    const { dataDir, databaseUrl } = database.location;
    const command = workshop.serve({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl }, { main: main() });
    const url = await command.url();
    const [, TOKEN] = await command.printed(/api token +(\S+)/);

    const statusOf = async (path: string) => (await fetch(url + path)).status;
    const paths = ["/readyz", "/docs/", "/openapi.json", "/auth/sign-in", "/scim/v2/none/Users"];
    expect(await Promise.all(paths.map(statusOf))).toEqual([200, 200, 200, 200, 401]);
    const client = { ORGANIZATION_SERVICE_URL: url, ORGANIZATION_SERVICE_TOKEN: TOKEN };
    const listed = await run(["--json", "member", "list"], client, { main: main() });
    expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ email: "admin@localhost" })]);
    expect((await command.stop()).code).toBe(0);
  });

  it("names the licenses of whatever is bundled with it", () => {
    const text = readFileSync(join(main(), "../../../command/THIRD-PARTY-LICENSES.md"), "utf8");
    for (const name of ["kysely", "hono", "@bufbuild/protobuf", "undici"]) expect(text).toContain(`## ${name} - `);
    expect(text).toContain("Copyright 2008 Google Inc.");
  });
});

describe.each(["typescript-strict", "typescript-oldest"])("%s", (name) => {
  it("compiles and calls", async () => {
    const consumer = join(folder, "plain", name);
    const { devDependencies } = JSON.parse(readFileSync(join(consumer, "package.json"), "utf8"));
    const near = [consumer, join(folder, "plain")].map((parent) => join(parent, "node_modules/typescript"));
    const compiler = near.find((path) => hasVersion(path, devDependencies.typescript)) ?? "no such compiler";
    await runNode(consumer, join(compiler, "bin/tsc"), "--project", ".");
    expect(await runAs(await createAdmin(), consumer, "out/main.js")).toEqual({
      names: ["strict"],
      active: 1,
      actions: ["sso_configuration.create"],
      gone: 5,
      invalid: ["sso_configuration_id"],
    });
  });

  function hasVersion(path: string, version: string): boolean {
    try {
      return JSON.parse(readFileSync(join(path, "package.json"), "utf8")).version === version;
    } catch {
      return false;
    }
  }
});

describe("Vite and React, in a browser on another origin", () => {
  let browser: Browser;
  let page: Page;
  let admin: TestUser;
  const problems: string[] = [];
  beforeAll(async () => {
    const consumer = join(folder, "vite-react");
    await runNode(consumer, "node_modules/typescript/bin/tsc", "--project", ".");
    await runNode(consumer, "node_modules/vite/bin/vite.js", "build", "--base", "./", "--logLevel", "error");
    browser = await launchChromium();
  }, 120_000);
  afterAll(() => browser?.close());
  afterEach(async () => {
    await page?.close();
    expect(problems.splice(0)).toEqual([]);
  });

  async function open(protocol: string): Promise<void> {
    admin = await createAdmin();
    const { organizationId: organization, token } = admin;
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(
      `${site.origin}/app/index.html?${new URLSearchParams({ server: server.url, organization, token, protocol })}`,
    );
  }

  /** Runs one of the calls in the page. */
  function call(name: CallName, argument?: number) {
    return page.evaluate(
      ([name, argument]) =>
        (globalThis as unknown as { calls: Record<string, (n?: number) => unknown> }).calls[name]?.(argument),
      [name, argument] as const,
    );
  }

  const requests = async (method: string) => {
    await server.logged();
    return server.log
      .map((line) => JSON.parse(line))
      .filter((line) => line.method === method && line.path !== undefined);
  };

  describe.each(["grpc-web", "connect"])("over %s", (protocol) => {
    it("reads and writes", async () => {
      await open(protocol);
      expect(await call("readAndWrite")).toEqual(["rewritten"]);
      expect((await requests("POST")).at(-1)).toMatchObject({ protocol });
    });

    it("gets an error with its reason, its request id and the fields", async () => {
      await open(protocol);
      expect(await call("fail")).toEqual({
        gone: true,
        requestId: expect.stringMatching(/^[\w-]{16,}$/),
        invalid: ["sso_configuration_id: string.uuid"],
      });
    });

    it("gives a call up", async () => {
      await open(protocol);
      expect(await call("abort")).toBe(true);
    });

    it("watches a stream, and gives it up", async () => {
      await open(protocol);
      expect(await call("watch")).toBe(true);
    });

    it("asks once for permission to call from another origin, and remembers it", async () => {
      const earlier = (await requests("OPTIONS")).length;
      await open(protocol);
      await call("read", 1);
      const before = { asked: (await requests("OPTIONS")).length, called: (await requests("POST")).length };
      await call("read", 3);
      expect((await requests("POST")).length - before.called).toBe(3);
      expect((await requests("OPTIONS")).length - before.asked).toBe(0);
      expect(before.asked).toBeGreaterThan(earlier);
    });

    it("shows what hooks read, page by page, and again after a change", async () => {
      await open(protocol);
      const names = page.getByRole("listitem");
      for (const name of ["first", "second"]) {
        await page.getByLabel("Name").fill(name);
        const answered = page.waitForResponse((response) => response.url().includes("ListSSOConfigurations"));
        await page.getByRole("button", { name: "Add" }).click();
        await answered;
      }
      await page.getByRole("button", { name: "More" }).click();
      await names.nth(1).waitFor();
      expect((await names.allTextContents()).sort()).toEqual(["first", "second"]);
      await page.getByRole("button", { name: "first" }).click();
      await page.getByText("https://idp.example.com").waitFor();
      await page.getByRole("button", { name: "Unknown" }).click();
      await page.getByText("It is gone.").waitFor();
    });
  });

  it("the example lists and edits, says what is wrong, and is short", async () => {
    const example = join(folder, "vite-react/example");
    await runNode(example, "../node_modules/typescript/bin/tsc", "--project", ".");
    await runNode(example, "../node_modules/vite/bin/vite.js", "build", "--base", "./", "--logLevel", "error");
    const lines = ["index.html", "main.ts"].flatMap((name) => readFileSync(join(example, name), "utf8").split("\n"));
    expect(lines.filter((line) => line.trim() !== "").length).toBeLessThan(100);

    await open("grpc-web");
    await call("readAndWrite");
    await page.getByLabel("Name").fill("Okta");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("button", { name: "Okta" }).waitFor();

    await page.goto(`${site.origin}/example/index.html`);
    const status = page.getByRole("status");
    await page.getByLabel("Server").fill(server.url);
    await page.getByLabel("API token").fill("wrong");
    await page.getByRole("button", { name: "Connect" }).click();
    await status.getByText("The token is not good any more.").waitFor();
    await page.getByLabel("API token").fill(admin.token);
    await page.getByRole("button", { name: "Connect" }).click();
    await status.getByText("Providers: 1").waitFor();
    await page.getByLabel("Email domains").fill("nonsense");
    await page.getByRole("button", { name: "Save" }).click();
    await status.getByText(/^email_domains/).waitFor();
    await page.getByLabel("Email domains").fill("acme.com, acme.org");
    await page.getByLabel("People may sign in").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await status.getByText("Saved.").waitFor();
    await page.getByRole("button", { name: "Connect" }).click();
    await status.getByText("Providers: 1").waitFor();
    expect(await page.getByLabel("Email domains").inputValue()).toBe("acme.com, acme.org");
    expect(await page.getByLabel("People may sign in").isChecked()).toBe(false);
  });
});
