import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RECHECK_FAILURES, RECHECK_INTERVAL } from "../../src/domain/domain-verifications.ts";
import { callJson } from "../support/call.ts";
import { type DnsBehaviour, startDnsServer, type TestDns } from "../support/dns-server.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const DOMAIN = "example.com";
const RECORD = `_organization-verification.${DOMAIN}`;

let dns: TestDns;
beforeAll(async () => {
  dns = await startDnsServer();
});
afterAll(() => dns.stop());

describe.each(ENGINES)("domain verifications on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine, { env: { DNS_SERVERS: dns.address } });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
    await dns.set(RECORD, undefined);
  });

  const call = (method: string, request: unknown, token = admin.token) => callJson(server, method, request, { token });

  async function create(domain = DOMAIN) {
    const { status, body } = await call("CreateDomainVerification", { organizationId, domain });
    expect(body.code).toBeUndefined();
    expect(status).toBe(200);
    return body.domainVerification;
  }

  async function read(domainVerificationId: string) {
    return (await call("GetDomainVerification", { domainVerificationId })).body.domainVerification;
  }

  const verify = (domainVerificationId: string) => call("VerifyDomain", { domainVerificationId });
  const value = (verification: { verificationToken: string }) =>
    `organization-verification=${verification.verificationToken}`;
  const publish = (...texts: string[]) => dns.set(RECORD, { kind: "txt", records: texts.map((text) => [text]) });

  async function audit() {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    return items.filter((entry) => entry.subjectType === "domain_verification");
  }

  const reasonOf = ({ body }: { body: { details?: { debug?: { reason?: string } }[] } }) =>
    body.details?.[0]?.debug?.reason;

  it("begins pending, with a token to publish", async () => {
    const created = await create("Example.COM.");
    expect(created).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      organizationId,
      domain: "example.com",
      state: "DOMAIN_VERIFICATION_STATE_PENDING",
      verificationToken: expect.stringMatching(/^[0-9a-f]{40}$/),
      createdAt: expect.any(String),
    });
    expect(await read(created.id)).toEqual(created);
    expect((await audit()).map(({ action, subjectId }) => [action, subjectId])).toEqual([
      ["domain_verification.create", created.id],
    ]);
  });

  it("keeps an international domain as DNS spells it", async () => {
    expect((await create("Bücher.example")).domain).toBe("xn--bcher-kva.example");
  });

  it.each(["nodots", "-a.example", "a..example", "10.0.0.1", "exa mple.com", "a.example:80", `${"a.".repeat(125)}com`])(
    "refuses %s, which is no domain",
    async (domain) => {
      const { status, body } = await call("CreateDomainVerification", { organizationId, domain });
      expect([status, body.code]).toEqual([400, "invalid_argument"]);
      expect(await audit()).toEqual([]);
    },
  );

  it("refuses a domain that is too long for the name of its record", async () => {
    const domain = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(40)}.com`;
    expect(domain.length).toBeGreaterThan(226);
    expect((await call("CreateDomainVerification", { organizationId, domain })).status).toBe(400);
  });

  it.each(["gmail.com", "GMAIL.com.", "outlook.com"])("refuses %s, where everybody has a mailbox", async (domain) => {
    const answer = await call("CreateDomainVerification", { organizationId, domain });
    expect([answer.status, answer.body.code, reasonOf(answer)]).toEqual([
      400,
      "failed_precondition",
      "REASON_DOMAIN_PUBLIC_PROVIDER",
    ]);
    expect(await audit()).toEqual([]);
  });

  it("refuses a second verification of one domain in one organization, and not in another one", async () => {
    await create();
    const again = await call("CreateDomainVerification", { organizationId, domain: "EXAMPLE.com" });
    expect([again.status, again.body.code]).toEqual([409, "already_exists"]);
    expect(again.headers.get("x-should-retry")).toBe("false");
    const other = await server.createUser(await server.createOrganization());
    const elsewhere = await call(
      "CreateDomainVerification",
      { organizationId: other.organizationId, domain: DOMAIN },
      other.token,
    );
    expect(elsewhere.status).toBe(200);
  });

  it("lists in creation order, page by page", async () => {
    const ids: string[] = [];
    for (const domain of ["c.example", "a.example", "b.example"]) ids.push((await create(domain)).id);
    const first = await call("ListDomainVerifications", { organizationId, pagination: { pageSize: 2 } });
    const { nextToken: token } = first.body.pagination;
    const second = await call("ListDomainVerifications", { organizationId, pagination: { pageSize: 2, token } });
    const listed = [...first.body.domainVerifications, ...second.body.domainVerifications];
    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(second.body.pagination).toEqual({});
  });

  describe("VerifyDomain", () => {
    it("proves the domain when the record is there", async () => {
      const created = await create();
      await publish(value(created));
      const { status, body } = await verify(created.id);
      expect(status).toBe(200);
      expect(body.domainVerification).toEqual({
        ...created,
        state: "DOMAIN_VERIFICATION_STATE_VERIFIED",
        verifiedAt: expect.any(String),
      });
      expect(await read(created.id)).toEqual(body.domainVerification);
      const entry = (await audit())[1];
      expect(entry).toMatchObject({
        action: "domain_verification.verify",
        operation: "update_status",
        actorId: admin.userId,
        before: { state: "pending" },
        after: { state: "verified" },
      });
    });

    it.each([
      ["beside other records", (text: string) => ["v=spf1 -all", text, "organization-verification=old"]],
      ["within spaces", (text: string) => [` ${text} `]],
    ])("finds the record %s", async (_title, texts) => {
      const created = await create();
      await publish(...texts(value(created)));
      expect((await verify(created.id)).status).toBe(200);
    });

    it("finds the record behind an alias, and in pieces", async () => {
      const created = await create();
      const text = value(created);
      const records = [[text.slice(0, 10), text.slice(10)]];
      await dns.set(RECORD, { kind: "alias", target: "proofs.example.net", records });
      expect((await verify(created.id)).status).toBe(200);
    });

    const missing: [string, DnsBehaviour | undefined, number, string, string][] = [
      ["there is no such name", undefined, 400, "failed_precondition", "REASON_DOMAIN_RECORD_NOT_FOUND"],
      ["the name has no TXT record", { kind: "no_data" }, 400, "failed_precondition", "REASON_DOMAIN_RECORD_NOT_FOUND"],
      [
        "the record has another value",
        { kind: "txt", records: [["organization-verification=0"]] },
        400,
        "failed_precondition",
        "REASON_DOMAIN_RECORD_MISMATCH",
      ],
      [
        "the record is empty",
        { kind: "txt", records: [[""]] },
        400,
        "failed_precondition",
        "REASON_DOMAIN_RECORD_MISMATCH",
      ],
      ["the servers fail", { kind: "server_failure" }, 503, "unavailable", "REASON_DNS_SERVER_FAILURE"],
      ["the servers refuse", { kind: "refused" }, 503, "unavailable", "REASON_DNS_SERVER_FAILURE"],
      ["nobody answers", { kind: "silence" }, 503, "unavailable", "REASON_DNS_TIMEOUT"],
    ];
    it.each(missing)("says so when %s, and stays pending", async (_title, behaviour, status, code, reason) => {
      const created = await create();
      await dns.set(RECORD, behaviour);
      const answer = await verify(created.id);
      expect([answer.status, answer.body.code, reasonOf(answer)]).toEqual([status, code, reason]);
      expect(answer.body.message).toContain(RECORD);
      expect(answer.body.details[0].debug.metadata.record).toBe(RECORD);
      expect(await read(created.id)).toEqual(created);
      expect(await audit()).toHaveLength(1);
    });

    it("proves nothing by another organization's record", async () => {
      const created = await create();
      const other = await server.createUser(await server.createOrganization());
      const theirs = await call(
        "CreateDomainVerification",
        { organizationId: other.organizationId, domain: DOMAIN },
        other.token,
      );
      await publish(value(theirs.body.domainVerification));
      expect((await verify(created.id)).status).toBe(400);
      const proven = await call(
        "VerifyDomain",
        { domainVerificationId: theirs.body.domainVerification.id },
        other.token,
      );
      expect(proven.status).toBe(200);
      const proofs = await server.storage.read.domainVerifications.listOrganizationsOf(DOMAIN);
      expect(proofs).toContain(other.organizationId);
      expect(proofs).not.toContain(organizationId);
    });

    it("asks DNS each time while pending, and leaves a proven domain alone", async () => {
      const created = await create();
      expect((await verify(created.id)).status).toBe(400);
      await publish(value(created));
      const first = await verify(created.id);
      await dns.set(RECORD, undefined);
      await dns.questions();
      const second = await verify(created.id);
      expect(second.body).toEqual(first.body);
      expect(await dns.questions()).toEqual([]);
      expect(await audit()).toHaveLength(2);
    });

    it("proves it once when it is called twice at once", async () => {
      const created = await create();
      await publish(value(created));
      const answers = await Promise.all([verify(created.id), verify(created.id), verify(created.id)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(new Set(answers.map(({ body }) => body.domainVerification.verifiedAt)).size).toBe(1);
      expect(await audit()).toHaveLength(2);
    });

    it("cannot prove what was deleted while DNS was asked", async () => {
      const created = await create();
      await dns.set(RECORD, { kind: "silence" });
      const pending = verify(created.id);
      expect((await call("DeleteDomainVerification", { domainVerificationId: created.id })).status).toBe(200);
      await publish(value(created));
      expect((await pending).status).toBe(404);
    });
  });

  it("deletes, and then does not know it", async () => {
    const created = await create();
    expect(await call("DeleteDomainVerification", { domainVerificationId: created.id })).toMatchObject({
      status: 200,
      body: {},
    });
    for (const method of ["GetDomainVerification", "VerifyDomain", "DeleteDomainVerification"]) {
      expect((await call(method, { domainVerificationId: created.id })).status).toBe(404);
    }
    await create();
  });

  it("answers for another organization's verification as for none", async () => {
    const created = await create();
    const stranger = await server.createUser(await server.createOrganization());
    for (const method of ["GetDomainVerification", "VerifyDomain", "DeleteDomainVerification"]) {
      const foreign = await call(method, { domainVerificationId: created.id }, stranger.token);
      const unknown = await call(method, { domainVerificationId: UNKNOWN_ID }, stranger.token);
      expect(foreign.status).toBe(404);
      expect(foreign.body.message).toBe(unknown.body.message);
    }
    for (const organization of [organizationId, UNKNOWN_ID]) {
      const list = await call("ListDomainVerifications", { organizationId: organization }, stranger.token);
      expect(list.status).toBe(404);
    }
    expect(await read(created.id)).toEqual(created);
  });

  describe("the background check", () => {
    async function proven() {
      const created = await create();
      await publish(value(created));
      await verify(created.id);
      return created;
    }
    const recheck = () => {
      server.clock.advance(RECHECK_INTERVAL + 1);
      return server.app.domain.domainVerifications.recheckDue();
    };

    it("keeps a proof that is still there, and does not ask before it is time", async () => {
      const { id } = await proven();
      await recheck();
      await dns.questions();
      expect(await server.app.domain.domainVerifications.recheckDue()).toEqual({ checked: 0, lost: [] });
      expect(await dns.questions()).toEqual([]);
      expect((await read(id)).state).toBe("DOMAIN_VERIFICATION_STATE_VERIFIED");
      expect(await audit()).toHaveLength(2);
    });

    it.each([
      ["gone", undefined],
      ["another one", { kind: "txt", records: [["organization-verification=0"]] }],
    ] as const)("gives a proof up that was %s for long enough", async (_title, behaviour) => {
      const { id } = await proven();
      await dns.set(RECORD, behaviour);
      for (let i = 1; i < RECHECK_FAILURES; i++) {
        await recheck();
        expect((await read(id)).state).toBe("DOMAIN_VERIFICATION_STATE_VERIFIED");
      }
      const { lost } = await recheck();
      expect(lost.map((each) => each.id)).toContain(id);
      const after = await read(id);
      expect(after.state).toBe("DOMAIN_VERIFICATION_STATE_PENDING");
      expect(after.verifiedAt).toBeUndefined();
      expect((await audit()).at(-1)).toMatchObject({
        action: "domain_verification.lose",
        operation: "update_status",
        actorId: "",
        actorPrincipal: "system",
        before: { state: "verified" },
        after: { state: "pending" },
      });
    });

    it("counts no silence and no failing server, and begins anew when the record is back", async () => {
      const { id, ...created } = await proven();
      await dns.set(RECORD, { kind: "server_failure" });
      for (let i = 0; i <= RECHECK_FAILURES; i++) await recheck();
      expect((await read(id)).state).toBe("DOMAIN_VERIFICATION_STATE_VERIFIED");

      await dns.set(RECORD, undefined);
      for (let i = 1; i < RECHECK_FAILURES; i++) await recheck();
      await publish(value(created));
      await recheck();
      await dns.set(RECORD, undefined);
      for (let i = 1; i < RECHECK_FAILURES; i++) await recheck();
      expect((await read(id)).state).toBe("DOMAIN_VERIFICATION_STATE_VERIFIED");
    });

    it("loses it once when two replicas check at once", async () => {
      const { id } = await proven();
      await dns.set(RECORD, undefined);
      for (let i = 1; i < RECHECK_FAILURES; i++) await recheck();
      const replica = await server.replica();
      server.clock.advance(RECHECK_INTERVAL + 1);
      const checks = [server, replica].map((each) => each.app.domain.domainVerifications.recheckDue());
      const lost = (await Promise.all(checks)).flatMap((check) => check.lost.filter((each) => each.id === id));
      expect(lost).toHaveLength(1);
      expect((await audit()).filter(({ action }) => action === "domain_verification.lose")).toHaveLength(1);
    });
  });
});
