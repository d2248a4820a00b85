import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPERATOR } from "../auth/world.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory } from "./client.ts";

const DAY = 86_400_000;

describe.each(ENGINES)("expiry of SCIM tokens on %s", (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  it("is told 30, 7 and 1 days before, each once, and when an expired token is used", async () => {
    const replica = await server.replica();
    const scim = await addDirectory(server, { tokenExpiresAt: server.clock.now() + 40 * DAY });
    await addDirectory(server, { enabled: false, tokenExpiresAt: server.clock.now() + 5 * DAY });
    const look = async () => {
      await replica.app.domain.provisioning.noticeExpiries();
      return server.app.domain.provisioning.noticeExpiries();
    };
    const metrics = async (name: string) => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return text.split("\n").flatMap((line) => (line.startsWith(name) ? [line.slice(name.length)] : []));
    };
    const told = async () => {
      const { items } = await server.storage.read.auditEntries.list(scim.organizationId, {}, "oldest", { limit: 20 });
      return items.filter(({ action }) => action !== "test.setup").map(({ action, after }) => [action, after?.days]);
    };
    expect(await look()).toEqual({ expired: 0, within1Day: 0, within7Days: 0, within30Days: 0 });
    expect(await told()).toEqual([]);
    server.clock.advance(11 * DAY);
    expect(await look()).toMatchObject({ within30Days: 1 });
    await look();
    expect(await told()).toEqual([["scim_token.expires", 30]]);
    server.clock.advance(23 * DAY);
    expect(await look()).toMatchObject({ within7Days: 1 });
    expect(await metrics("scim_tokens_expiring")).toEqual([
      ...['{within="expired"} 0', '{within="1d"} 0', '{within="7d"} 1', '{within="30d"} 0'],
    ]);
    server.clock.advance(5.5 * DAY);
    expect(await look()).toMatchObject({ within1Day: 1 });
    const notices = [30, 7, 1].map((days) => ["scim_token.expires", days]);
    expect(await told()).toEqual(notices);
    server.clock.advance(DAY);
    expect(await look()).toMatchObject({ expired: 1 });
    expect(await told()).toEqual(notices);
    for (let i = 0; i < 3; i++) expect((await scim.get("/Users")).status).toBe(401);
    expect(await server.app.domain.provisioning.flushUses()).toBe(3);
    expect(await metrics("scim_expired_token_requests_total")).toEqual([" 3"]);
    expect(await server.app.domain.provisioning.flushUses()).toBe(0);
    expect((await scim.get("/Users")).status).toBe(401);
    await server.app.domain.provisioning.flushUses();
    expect(await told()).toEqual([...notices, ["scim_token.expired_use", undefined]]);

    const notes = () => server.database.execute("select name from job_runs where subject_id is not null");
    expect(await notes()).toHaveLength(notices.length + 1);
    await server.app.domain.scimConfigurations.delete(OPERATOR, scim.configurationId);
    expect(await notes()).toEqual([]);
  });
});
