import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stepOf } from "../../src/domain/sign-ins/reasons.ts";
import { createGuardedFetch } from "../../src/lib/guarded-fetch.ts";
import { Browser } from "../support/browser.ts";
import { type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { CASES } from "./lies.ts";
import { countSessions, createConfiguration, signInEntries, startUrl, updateConfiguration } from "./world.ts";

/** Steps at which a token is bad: nothing is asked with it afterwards. */
const BEFORE_USERINFO = new Set(["start", "discovery", "response", "exchange", "id_token", "signature"]);

/** Steps at which a provider has a say. */
const STEPS = [
  "discovery",
  "email_domain",
  "exchange",
  "expression",
  "id_token",
  "mapping",
  "response",
  "signature",
  "userinfo",
];

describe("a provider that lies or fails", () => {
  const options = { allowInsecureIssuers: true, allowList: [] };
  const patient = createGuardedFetch({ ...options, timeoutMs: 20_000 });
  // For the lies that are silence. The other answers of those providers have this long on a machine that is busy, too.
  const hasty = createGuardedFetch({ ...options, timeoutMs: 1_500 });
  let fetch = patient;
  let server: TestServer;
  let organizationId: string;
  let idp: LyingProvider;
  beforeAll(async () => {
    server = await startTestServer("sqlite", {
      fetch: Object.assign((...request: Parameters<typeof patient>) => fetch(...request), { close: async () => {} }),
      env: { SIGN_IN_RATE: "100000" },
    });
    organizationId = await server.createOrganization();
  });
  afterAll(async () => {
    await server.close();
    await Promise.all([patient.close(), hasty.close()]);
  });
  beforeEach(async () => {
    idp = await startLyingProvider();
  });
  afterEach(() => idp.close());

  it.each(CASES)("is refused: $name", async ({ lie, reason, configuration: options, person }) => {
    const configuration = await createConfiguration(server, organizationId, idp.issuer, options);
    const honest = idp.person;
    const sessions = await countSessions(server);
    idp.lie = lie;
    idp.person = person ?? honest;
    fetch = reason.endsWith("_timeout") ? hasty : patient;
    const browser = new Browser();
    const visit = await browser.visit(startUrl(server, configuration.id));
    expect(visit.status).toBeGreaterThanOrEqual(400);
    expect(visit.status).not.toBe(500);
    expect(visit.headers.get("content-type")).toContain("text/html");
    const [entry] = await signInEntries(server, organizationId);
    expect(entry?.after).toMatchObject({ reason, ssoConfigurationId: configuration.id });
    expect(entry?.requestId).toBe(visit.headers.get("x-request-id"));
    expect(visit.body).toContain(entry?.requestId);
    // Neither a session of the browser nor one in the store.
    expect(browser.cookieHeader(server.url)).not.toContain("organization_session");
    expect(await countSessions(server)).toBe(sessions);
    if (reason !== "signed_in" && BEFORE_USERINFO.has(stepOf(reason))) expect(idp.asked).not.toContain("/userinfo");
    // No token and no secret gets into the audit log, the page or the log.
    for (const text of [JSON.stringify(entry), visit.body, await server.logged()]) {
      expect(text).not.toMatch(/eyJ[\w-]{10}|opaque-value|code-\d/);
    }

    idp.lie = {};
    idp.person = honest;
    await updateConfiguration(server, configuration.id, { claimsExpression: "", emailDomains: ["example.com"] });
    expect((await browser.visit(startUrl(server, configuration.id))).url).toBe(`${server.url}/auth/signed-in`);
    expect(await countSessions(server)).toBe(sessions + 1);
  });

  it("has at least fifty ways, and each step of a sign-in among them", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(50);
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
    const steps = new Set(CASES.flatMap(({ reason }) => (reason === "signed_in" ? [] : [stepOf(reason)])));
    // The first step is ours alone, and the last one is about what we know of a person.
    expect([...steps].sort()).toEqual(STEPS);
  });
});
