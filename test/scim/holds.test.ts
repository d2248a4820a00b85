import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory, patchOp, user } from "./client.ts";

const OFF = patchOp({ op: "replace", path: "active", value: false });

describe.each(ENGINES)("mass deprovisioning on %s", (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine, { env: { SCIM_GUARD_MINIMUM: "2", SCIM_GUARD_PERCENT: "20" } });
  });
  afterAll(() => server.close());

  const admin = { caller: { kind: "system" }, requestId: "test", action: "scim_hold.decide" } as const;

  async function held() {
    const scim = await addDirectory(server);
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) ids.push((await scim.post("/Users", user(`u${i}`))).body.id);
    const off = (index: number) => scim.patch(`/Users/${ids[index]}`, OFF);
    expect([(await off(0)).status, (await off(1)).status]).toEqual([200, 200]);
    const refused = await off(2);
    const { items } = await server.storage.read.scimHolds.list(scim.organizationId, undefined, { limit: 10 });
    const decide = (state: "approved" | "refused") => {
      const caller = { kind: "operator", credentialId: "op", readOnly: false, organizationId: scim.organizationId };
      const context = { ...admin, caller: caller as { kind: "operator" } & typeof caller };
      return server.app.domain.provisioning.decideHold(context, items[0]?.id ?? "", state);
    };
    return { scim, ids, off, refused, items, decide };
  }

  it("holds what is over the share, tells it, and goes on serving everything else", async () => {
    const { scim, ids, off, refused, items } = await held();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(items).toMatchObject([{ state: "pending", deprovisioned: 2, heldRequests: 1, lastUserId: ids[2] }]);
    expect((await scim.get(`/Users/${ids[2]}`)).body.active).toBe(true);
    expect((await scim.delete(`/Users/${ids[3]}`)).status).toBe(429);
    expect((await off(4)).status).toBe(429);
    const { items: later } = await server.storage.read.scimHolds.list(scim.organizationId, undefined, { limit: 10 });
    expect(later).toMatchObject([{ state: "pending", heldRequests: 3 }]);
    expect((await scim.post("/Users", user("new"))).status).toBe(201);
    const title = patchOp({ op: "add", path: "title", value: "x" });
    expect((await scim.patch(`/Users/${ids[2]}`, title)).status).toBe(200);
    // Who is deactivated already goes without a question.
    expect((await scim.delete(`/Users/${ids[0]}`)).status).toBe(204);
    const log = await server.storage.read.auditEntries.list(
      scim.organizationId,
      { subjectTypes: ["scim_configuration"] },
      "newest",
      { limit: 10 },
    );
    expect(log.items.map(({ action }) => action)).toEqual(["scim_hold.create"]);
  });

  it("goes on when an admin approves, until the decision expires", async () => {
    const { off, decide } = await held();
    expect(await decide("approved")).toMatchObject({ state: "approved", decidedBy: "op" });
    expect(await decide("approved")).toMatchObject({ state: "approved" });
    await expect(decide("refused")).rejects.toMatchObject({ reason: "conflict" });
    for (const index of [2, 3, 4, 5]) expect((await off(index)).status).toBe(200);
    server.clock.advance(61 * 60_000);
    expect((await off(6)).status).toBe(200);
    expect((await off(7)).status).toBe(200);
    expect((await off(8)).status).toBe(429);
  });

  it("stops when an admin refuses, until the decision expires", async () => {
    const { off, decide } = await held();
    await decide("refused");
    expect((await off(2)).status).toBe(403);
    server.clock.advance(61 * 60_000);
    expect((await off(2)).status).toBe(200);
  });
});
