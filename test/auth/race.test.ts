import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "../support/browser.ts";
import { type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import {
  countSessions,
  createConfiguration,
  inTheMiddle,
  lastReason,
  OPERATOR,
  startUrl,
  updateConfiguration,
} from "./world.ts";

/** What happens while the provider is being asked: the answer comes after something has changed. */
describe.each(ENGINES)("a change in the middle of a sign-in's end, on %s", (engine) => {
  let server: TestServer;
  let idp: LyingProvider;
  beforeAll(async () => {
    server = await startTestServer(engine);
    idp = await startLyingProvider();
  });
  afterAll(async () => {
    await idp.close();
    await server.close();
  });

  const changes = {
    "of the expression": { change: { claimsExpression: "false" }, reason: "configuration_changed" },
    "of the secret": { change: { clientSecret: "another" }, reason: "configuration_changed" },
    "of the state": { change: { state: "inactive" }, reason: "configuration_inactive" },
  } as const;
  it.each(Object.entries(changes))("is not mixed: %s", async (_name, { change, reason }) => {
    const organizationId = await server.createOrganization();
    const configuration = await createConfiguration(server, organizationId, idp.issuer);
    const sessions = await countSessions(server);
    const browser = new Browser();
    const visit = await browser.visit(startUrl(server, configuration.id), {
      stopAt: (url) => url.includes("/callback/"),
    });
    // The claims are verified, and nothing is written, when the change is committed.
    const end = await inTheMiddle(
      server,
      "received_claims",
      () => browser.visit(visit.headers.get("location") ?? ""),
      () => updateConfiguration(server, configuration.id, change),
    );
    expect(end.status).toBeGreaterThanOrEqual(400);
    expect(await lastReason(server, organizationId)).toBe(reason);
    expect(await countSessions(server)).toBe(sessions);
  });

  it("ends a start with a page when the configuration is deleted at that moment", async () => {
    const organizationId = await server.createOrganization();
    const { id } = await createConfiguration(server, organizationId, idp.issuer);
    const visit = await inTheMiddle(
      server,
      "pending_sign_in",
      () => new Browser().visit(startUrl(server, id)),
      () => server.app.domain.ssoConfigurations.delete(OPERATOR, id),
    );
    expect(visit.status).toBe(404);
    expect(visit.body).toContain("This way to sign in does not exist");
  });

  it("leaves no session behind when an admin deactivates and then ends the sessions", async () => {
    const organizationId = await server.createOrganization();
    const configuration = await createConfiguration(server, organizationId, idp.issuer);
    const signIn = () => new Browser().visit(startUrl(server, configuration.id));
    const running = Promise.all(Array.from({ length: 8 }, signIn));
    await updateConfiguration(server, configuration.id, { state: "inactive" });
    await server.app.domain.sessions.revokeOfConfiguration(OPERATOR, configuration.id);
    await running;
    const query = `select id from sessions where sso_configuration_id = '${configuration.id}'`;
    expect(await server.database.execute(query)).toEqual([]);
  });
});
