import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newSecretId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { changeUser } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

/** RFC 9562, section 5.4: nothing of it can be guessed from another one. */
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(ENGINES)("invites on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
  });

  const call = (method: string, request: unknown, token?: string) => callJson(server, method, request, { token });
  const inviteId = async (method: "CreateOrganizationInvite" | "GetOrganizationInvite") =>
    (await call(method, { organizationId }, admin.token)).body.invite.inviteId;
  const entries = async () =>
    (await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 })).items;

  it("is made when it is first asked for, and stays the same", async () => {
    const first = await inviteId("GetOrganizationInvite");
    expect(first).toMatch(UUID_V4);
    const count = (await entries()).length;
    expect(await inviteId("GetOrganizationInvite")).toBe(first);
    expect((await entries()).length).toBe(count);
  });

  it("is the same for all who ask first, at the same moment, on two replicas", async () => {
    const replica = await server.replica();
    const asked = Array.from({ length: 8 }, (_, at) =>
      callJson(at % 2 ? server : replica, "GetOrganizationInvite", { organizationId }, { token: admin.token }),
    );
    const ids = (await Promise.all(asked)).map(({ body }) => body.invite.inviteId);
    expect(new Set(ids).size).toBe(1);
  });

  it("is replaced by a new one, and stops working", async () => {
    const before = await inviteId("GetOrganizationInvite");
    const after = await inviteId("CreateOrganizationInvite");
    expect(after).not.toBe(before);
    expect(await inviteId("GetOrganizationInvite")).toBe(after);
    expect((await call("GetOrganizationInviteSummary", { inviteId: after })).status).toBe(200);
    const { status, body } = await call("GetOrganizationInviteSummary", { inviteId: before });
    expect(status).toBe(404);
    expect(errorOf(body)).toMatchObject({ code: "not_found", reason: "invite_invalid" });
  });

  it("tells a stranger who holds it where it leads", async () => {
    const id = await inviteId("GetOrganizationInvite");
    const left = await server.createUser(organizationId, "member");
    await changeUser(server.storage, left, { status: "left" });
    const suspended = await server.createUser(organizationId, "member");
    await changeUser(server.storage, suspended, { status: "suspended" });
    const { body } = await call("GetOrganizationInviteSummary", { inviteId: id.toUpperCase() });
    expect(body).toEqual({ organizationId, organizationName: "Acme", organizationMemberCount: 2 });
  });

  it("answers alike for an invite that was replaced and one that never was", async () => {
    const replaced = await inviteId("GetOrganizationInvite");
    await inviteId("CreateOrganizationInvite");
    const answers = await Promise.all(
      [replaced, newSecretId()].map((id) => call("GetOrganizationInviteSummary", { inviteId: id })),
    );
    const [a, b] = answers.map(({ status, body }) => ({ status, ...errorOf(body), requestId: "" }));
    expect(a).toEqual(b);
    expect(a?.message).not.toContain(replaced);
  });

  it("never stands in the audit log, nor in the server's log", async () => {
    const [first, second] = [await inviteId("GetOrganizationInvite"), await inviteId("CreateOrganizationInvite")];
    await call("GetOrganizationInviteSummary", { inviteId: first });
    await call("JoinOrganization", { inviteId: first }, admin.token);
    const made = (await entries()).filter(({ action }) => action === "organization_invite.create");
    expect(made.map(({ before, after }) => ({ before, after }))).toEqual([
      { before: undefined, after: { invite: "[redacted]" } },
      { before: { invite: "[redacted]" }, after: { invite: "[redacted] (replaced)" } },
    ]);
    const written = JSON.stringify(await entries()) + (await server.logged());
    for (const id of [first, second]) expect(written).not.toContain(id);
  });
});
