import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EXCHANGE_TOKEN_LIFETIME_MS } from "../../src/domain/exchange-tokens.ts";
import { comparisonCodeOf, createProofKey } from "../../src/lib/proof-key.ts";
import { createToken } from "../../src/lib/tokens.ts";
import { STRANGERS } from "../../src/rpc/checks/limit-strangers.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { changeUser } from "../support/people.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { createTestExchangeToken, openTestSession, type TestSession } from "../support/sessions.ts";
import { ENGINES } from "../support/storage.ts";

const service = "gitpod.v1.IdentityService";
const DAY = 86_400_000;

describe.each(ENGINES)("exchange tokens, on %s", (engine) => {
  let server: TestServer;
  let replica: TestServer;
  let organizationId: string;
  let user: TestUser;
  let session: TestSession;

  beforeAll(async () => {
    server = await startTestServer(engine);
    replica = await server.replica();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    // Room for this test's calls without a credential.
    server.clock.advance((STRANGERS.burst / STRANGERS.perSecond) * 1000);
    organizationId = await server.createOrganization();
    user = await server.createUser(organizationId, "member");
    session = await openTestSession(server, user);
  });

  const make = () => createTestExchangeToken(server, session);
  const redeem = (exchangeToken: unknown, at: TestServer = server) =>
    callJson(at, "ExchangeToken", { exchangeToken }, { service });
  const agree = (caller = session.caller, signIn = { challenge: createProofKey().challenge, host: "laptop" }) =>
    server.app.domain.exchangeTokens.create({ caller, requestId: "test", action: "" }, signIn);

  /** What every refusal says, apart from its request id. */
  async function expectRefusal(exchangeToken: unknown): Promise<void> {
    const { status, body } = await redeem(exchangeToken);
    expect(status).toBe(401);
    const { requestId, ...refusal } = errorOf(body);
    expect(refusal).toEqual({
      code: "unauthenticated",
      reason: "exchange_token_invalid",
      message: expect.stringContaining("sign in again"),
      metadata: {},
      violations: [],
    });
  }

  const tokensOfUser = async () =>
    (await server.storage.read.apiTokens.list(organizationId, [user.userId], { limit: 100 })).items.slice(1);

  it("become an api token of the person, good for 90 days", async () => {
    const { body, status } = await redeem(await make());
    expect(status).toBe(200);
    expect(body).toEqual({ accessToken: expect.stringMatching(/^osk_/) });
    const token: string = body.accessToken;
    const identity = await callJson(server, "GetAuthenticatedIdentity", {}, { service, token });
    expect(identity.body).toMatchObject({ organizationId, subject: { id: user.userId, principal: "PRINCIPAL_USER" } });
    const [made] = await tokensOfUser();
    expect(made).toMatchObject({ readOnly: false, creatorId: user.userId });
    expect((made?.expiresAt ?? 0) - (made?.createdAt ?? 0)).toBe(90 * DAY);
  });

  it("name the machine and the code that the terminal shows", async () => {
    const { challenge, verifier } = createProofKey();
    const code = await agree(session.caller, { challenge, host: " Ada's\u0007 lap\u202Etop " });
    await redeem(`${code}.${verifier}`);
    const [made] = await tokensOfUser();
    expect(made?.description).toBe(`organization-service login on Ada's laptop (${comparisonCodeOf(challenge)})`);
  });

  it("leave an entry in the audit log, of the person", async () => {
    await redeem(await make());
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "newest", { limit: 1 });
    expect(items[0]).toMatchObject({
      action: "exchange_token.redeem",
      actorId: user.userId,
      actorPrincipal: "user",
      subjectType: "personal_access_token",
      operation: "create",
    });
  });

  it("are good once", async () => {
    const exchangeToken = await make();
    expect((await redeem(exchangeToken)).status).toBe(200);
    await expectRefusal(exchangeToken);
    expect(await tokensOfUser()).toHaveLength(1);
  });

  it("are good once, of many who redeem them at once on two replicas", async () => {
    for (let round = 0; round < 3; round++) {
      const exchangeToken = await make();
      const before = (await tokensOfUser()).length;
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => redeem(exchangeToken, i % 2 ? server : replica)),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array<number>(11).fill(401)]);
      expect(await tokensOfUser()).toHaveLength(before + 1);
    }
  });

  it("are good for two minutes", async () => {
    const [early, late] = [await make(), await make()];
    server.clock.advance(EXCHANGE_TOKEN_LIFETIME_MS - 1000);
    expect((await redeem(early)).status).toBe(200);
    server.clock.advance(1000);
    await expectRefusal(late);
    expect(await server.app.domain.exchangeTokens.deleteExpired()).toBe(1);
    await expectRefusal(late);
  });

  it("are refused alike, whatever is wrong with them, and stay good for their owner", async () => {
    const exchangeToken = await make();
    const [code = "", verifier = ""] = exchangeToken.split(".");
    for (const wrong of [
      "",
      "nonsense",
      code,
      `${code}.`,
      `.${verifier}`,
      `${code}.${createProofKey().verifier}`,
      `${code}.${createProofKey().challenge}`,
      `${createToken("exchange")}.${verifier}`,
      `${createToken("api")}.${verifier}`,
      `${exchangeToken} `,
      `${exchangeToken}.`,
      exchangeToken.toUpperCase(),
      user.token,
      session.token,
    ]) {
      await expectRefusal(wrong);
    }
    expect((await redeem(exchangeToken)).status).toBe(200);
  });

  it("are refused when their session was ended meanwhile", async () => {
    const exchangeToken = await make();
    await server.storage.write((records) => records.sessions.delete(session.id));
    await expectRefusal(exchangeToken);
  });

  it("are not made for a session that ends at the very moment of the consent", async () => {
    const context = { caller: session.caller, requestId: "test", action: "" };
    const refusal = { reason: "credential_invalid" };
    let ended: Promise<unknown> = Promise.resolve();
    await server.storage.write(async (records) => {
      await records.sessions.delete(session.id);
      // Through another connection, while this transaction is open: whoever looks still sees the session.
      expect(await replica.storage.read.sessions.get(organizationId, session.id)).toBeDefined();
      const signIn = { challenge: createProofKey().challenge, host: "laptop" };
      ended = expect(replica.app.domain.exchangeTokens.create(context, signIn)).rejects.toMatchObject(refusal);
      await replica.storage.ping();
    });
    await ended;
    await expect(agree()).rejects.toMatchObject(refusal);
    expect(await server.database.execute(`select * from exchange_tokens where session_id = '${session.id}'`)).toEqual(
      [],
    );
  });

  it("are refused when the person was suspended or removed meanwhile", async () => {
    const suspended = await make();
    await changeUser(server.storage, user, { status: "suspended", suspendedByAdmin: true });
    await expectRefusal(suspended);

    await changeUser(server.storage, user, { status: "active", suspendedByAdmin: false });
    const left = await make();
    const { token } = await server.createUser(organizationId);
    const removal = await callJson(server, "LeaveOrganization", { userId: user.userId }, { token });
    expect(removal.status).toBe(200);
    await expectRefusal(left);
    expect((await server.storage.read.apiTokens.list(organizationId, [user.userId], { limit: 9 })).items).toEqual([]);
  });

  it("never leave a token to somebody who is removed at the same moment", async () => {
    const { token } = await server.createUser(organizationId);
    for (let round = 0; round < 5; round++) {
      const leaver = await server.createUser(organizationId, "member");
      const exchangeToken = await createTestExchangeToken(server, await openTestSession(server, leaver));
      const [redemption, removal] = await Promise.all([
        redeem(exchangeToken, replica),
        callJson(server, "LeaveOrganization", { userId: leaver.userId }, { token }),
      ]);
      expect(removal.status).toBe(200);
      expect([200, 401]).toContain(redemption.status);
      const { items } = await server.storage.read.apiTokens.list(organizationId, [leaver.userId], { limit: 9 });
      expect(items).toEqual([]);
    }
  });

  it("are stored as hashes of what only the program can show", async () => {
    const exchangeToken = await make();
    const [code = "", verifier = ""] = exchangeToken.split(".");
    const rows = JSON.stringify(await server.database.execute("select * from exchange_tokens"));
    expect(rows).toContain(user.userId);
    for (const secret of [code, verifier]) expect(rows).not.toContain(secret);
    await redeem(exchangeToken);
    for (const secret of [code, verifier]) expect(await server.logged()).not.toContain(secret);
  });

  it("are made for people in a browser alone, with a challenge", async () => {
    const token = { ...session.caller, credential: "token" as const, credentialId: user.tokenId };
    await expect(agree(token)).rejects.toMatchObject({ reason: "person_required" });
    const operator = { kind: "operator", credentialId: "id", readOnly: false, organizationId } as const;
    await expect(agree(operator as never)).rejects.toMatchObject({ reason: "person_required" });
    for (const challenge of ["", "short", `${createProofKey().challenge}=`]) {
      await expect(agree(session.caller, { challenge, host: "" })).rejects.toMatchObject({ reason: "request_invalid" });
    }
  });

  it("cannot be tried without end from one address", async () => {
    const tryAll = () => Promise.all(Array.from({ length: STRANGERS.burst + 20 }, () => redeem("nonsense")));
    const tries = await server.clock.still(tryAll);
    const limited = tries.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(20);
    expect(errorOf(limited[0]?.body)).toMatchObject({ reason: "rate_limited" });
    expect(Number(limited[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});
