import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobsOf } from "../../src/jobs/jobs.ts";
import { newAuditEntry } from "../storage/nouns/audit-entries.ts";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const DAY = 86_400_000;

describe.each(ENGINES)("retention on %s", (engine) => {
  let server: TestServer;
  let replica: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine, { env: { AUDIT_RETENTION_DAYS: "30" } });
    replica = await server.replica();
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
  });
  afterAll(() => server.close());

  const run = async (name: string, on = server) => {
    const job = jobsOf(on.app.domain).find((each) => each.name === name);
    if (!job) throw new Error(`there is no job ${name}`);
    await job.run();
  };

  it("deletes audit entries that are older than the setting, through two processes at once, and no others", async () => {
    const entries = async () =>
      (await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 10_000 })).items;
    const before = await entries();
    const now = server.clock.now();
    await server.database.execute("delete from audit_entries");
    await server.storage.write(async (records) => {
      for (let i = 0; i < 2_500; i++) {
        await records.auditEntries.append(newAuditEntry(organizationId, { createdAt: now - 31 * DAY }));
      }
      await records.auditEntries.append(newAuditEntry(undefined, { createdAt: now - 31 * DAY }));
      await records.auditEntries.append(newAuditEntry(organizationId, { createdAt: now - 29 * DAY }));
    });
    expect(before.length).toBeGreaterThan(0);
    await Promise.all([run("old audit entries"), run("old audit entries", replica)]);
    expect((await entries()).map(({ createdAt }) => createdAt)).toEqual([now - 29 * DAY]);
    const [left] = await server.database.execute("select count(*) as count from audit_entries");
    expect(Number(left?.count)).toBe(1);
  });

  it("deletes tokens a month after they ran out, and shows them until then", async () => {
    const token = await server.createToken(admin, { lifetime: 60 });
    const count = async () => {
      const { items } = await server.storage.read.apiTokens.list(organizationId, [admin.userId], { limit: 100 });
      return items.length;
    };
    const before = await count();
    server.clock.advance(2 * 60_000);
    const expired = await callJson(server, "GetOrganization", { organizationId }, { token });
    expect(expired.status).toBe(401);
    await run("expired api tokens");
    expect(await count()).toBe(before);
    server.clock.advance(30 * DAY);
    await run("expired api tokens", replica);
    expect(await count()).toBe(before - 1);
    expect((await callJson(server, "GetOrganization", { organizationId }, { token: admin.token })).status).toBe(200);
  });
});
