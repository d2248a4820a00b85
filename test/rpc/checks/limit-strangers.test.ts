import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { STRANGERS } from "../../../src/rpc/checks/limit-strangers.ts";
import { callJson } from "../../support/call.ts";
import { errorOf } from "../../support/errors.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

const service = "gitpod.v1.AccountService";

describe("the limit for strangers", () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer("sqlite", { env: { TRUST_PROXY: "1" } });
  });
  afterAll(() => server.close());
  beforeEach(() => server.clock.advance(3_600_000));

  const ask = (address: string, method = "ListSSOLogins") =>
    callJson(server, method, { email: "x@example.com" }, { service, headers: { "x-forwarded-for": address } });

  /** A test during which time stands still, however slow the machine is. */
  const still = (work: () => Promise<void>) => () => server.clock.still(work);

  /** Asks until it is refused. */
  async function exhaust(address: string) {
    for (let asked = 0; asked <= STRANGERS.burst; asked++) {
      const answer = await ask(address);
      if (answer.status !== 200) return { asked, ...answer };
    }
    throw new Error("never refused");
  }

  it(
    "refuses after a burst, and says when to come back",
    still(async () => {
      const { asked, status, headers, body } = await exhaust("203.0.113.1");
      expect(asked).toBe(STRANGERS.burst);
      expect(status).toBe(429);
      expect(errorOf(body)).toMatchObject({ code: "resource_exhausted", reason: "rate_limited" });
      expect(headers.get("retry-after")).toBe("1");
      expect(headers.get("ratelimit-retryafter")).toBe("1");
      expect(headers.get("x-should-retry")).toBeNull();
      server.clock.advance(1000);
      expect((await ask("203.0.113.1")).status).toBe(200);
    }),
  );

  it(
    "counts all methods together, and each network by itself",
    still(async () => {
      await exhaust("203.0.113.2");
      expect((await ask("203.0.113.2", "GetSSOLoginURL")).status).toBe(429);
      expect((await ask("203.0.113.3")).status).toBe(200);
      await exhaust("2001:db8:1:2::1");
      expect((await ask("2001:db8:1:2:ffff::9")).status).toBe(429);
      expect((await ask("2001:db8:1:3::1")).status).toBe(200);
    }),
  );

  it(
    "does not limit who has a credential, nor probes",
    still(async () => {
      const address = "203.0.113.4";
      await exhaust(address);
      const user = await server.createUser(await server.createOrganization());
      const headers = { "x-forwarded-for": address };
      const whoami = await callJson(server, "GetAccount", {}, { service, token: user.token, headers });
      expect(whoami.status).toBe(200);
      const probe = await callJson(server, "Check", {}, { service: "grpc.health.v1.Health", headers, prefix: "" });
      expect(probe.status).toBe(200);
    }),
  );
});
