import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type ChangeEvent,
  createEvents,
  type EventFilter,
  type EventLimits,
  type Events,
} from "../../src/domain/events.ts";
import type { Context } from "../../src/domain/principals.ts";
import { appendAuditEntry, newAuditEntry } from "../storage/nouns/audit-entries.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

/** Nothing happens by itself. */
const PATIENT: EventLimits = {
  firstHeartbeatMs: 3_600_000,
  heartbeatMs: 3_600_000,
  patienceMs: 3_600_000,
  maxBehind: 1_000_000,
};

describe.each(ENGINES)("live events on %s", (engine) => {
  let server: TestServer;
  let replica: TestServer;
  let organizationId: string;
  let admin: TestUser;
  let opened: AbortController[] = [];

  beforeAll(async () => {
    server = await startTestServer(engine);
    replica = await server.replica();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
  });
  afterEach(() => {
    for (const controller of opened) controller.abort();
    opened = [];
  });

  async function contextOf(token = admin.token): Promise<Context> {
    const { principals } = server.app.domain;
    return { caller: await principals.authenticate(principals.hashOf(token)), requestId: "test", action: "" };
  }

  const eventsWith = (limits: Partial<EventLimits>, on = server): Events =>
    createEvents(on.app.environment, on.app.domain.principals, { ...PATIENT, ...limits });

  /** A stream that a test reads by hand. */
  async function watch(events: Events, { filters = [] as EventFilter[], token = admin.token } = {}) {
    const controller = new AbortController();
    opened.push(controller);
    const stream = (await events.watch(await contextOf(token), filters, controller.signal))[Symbol.asyncIterator]();
    const next = async () => (await stream.next()).value as ChangeEvent | undefined;
    return {
      next,
      /** The subjects of the next changes. */
      async take(count: number): Promise<string[]> {
        const subjects: string[] = [];
        while (subjects.length < count) subjects.push((await next())?.subjectId ?? "");
        return subjects;
      },
      stream,
      abort: () => controller.abort(),
    };
  }

  const append = (on: TestServer, changes: Parameters<typeof newAuditEntry>[1] = {}) => {
    const entry = newAuditEntry(organizationId, changes);
    return on.storage.write((records) => records.auditEntries.append(entry));
  };

  async function subjects(): Promise<string[]> {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 10_000 });
    return items.map(({ subjectId }) => subjectId);
  }

  it("tell of changes from now on, with what was changed and how", async () => {
    const stream = await watch(eventsWith({}));
    await server.app.domain.groups.create(await contextOf(), { organizationId, name: "Team", description: "" });
    const event = await stream.next();
    expect(event).toEqual({ operation: "create", subjectType: "group", subjectId: expect.any(String) });
    await server.app.domain.groups.delete(await contextOf(), event?.subjectId ?? "");
    expect(await stream.next()).toEqual({ ...event, operation: "delete" });
  });

  it("tell of what happens between the call and the first read", async () => {
    const stream = await watch(eventsWith({}));
    await append(server, { subjectId: "early" });
    expect(await stream.take(1)).toEqual(["early"]);
  });

  it("come from another replica", async () => {
    const stream = await watch(eventsWith({}));
    await append(replica, { subjectId: "far" });
    expect(await stream.take(1)).toEqual(["far"]);
    const waiting = stream.take(1);
    await append(replica, { subjectId: "farther" });
    expect(await waiting).toEqual(["farther"]);
  });

  it("do not tell of other organizations", async () => {
    const stream = await watch(eventsWith({}));
    const otherId = await server.createOrganization();
    await server.storage.write((records) => appendAuditEntry(records, otherId));
    await replica.storage.write((records) => records.auditEntries.append(newAuditEntry(undefined)));
    await append(server, { subjectId: "own" });
    expect(await stream.take(1)).toEqual(["own"]);
  });

  it("come in the order of commits and without loss, however replicas write and the reader reads", async () => {
    const schedule = fc.record({
      writes: fc.array(fc.record({ far: fc.boolean(), entries: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 1,
        maxLength: 25,
      }),
      pauses: fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(schedule, async ({ writes, pauses }) => {
        run++;
        const before = (await subjects()).length;
        const stream = await watch(eventsWith({}));
        const work = writes.map(({ far, entries }, i) =>
          (far ? replica : server).storage.write(async (records) => {
            for (let j = 0; j < entries; j++) {
              await records.auditEntries.append(newAuditEntry(organizationId, { subjectId: `${run}-${i}-${j}` }));
            }
          }),
        );
        const total = writes.reduce((sum, { entries }) => sum + entries, 0);
        const seen: string[] = [];
        for (let i = 0; seen.length < total; i++) {
          if (pauses[i % pauses.length]) await server.storage.ping();
          seen.push(...(await stream.take(1)));
        }
        await Promise.all(work);
        stream.abort();
        expect(seen).toEqual((await subjects()).slice(before));
      }),
      { numRuns: 15 },
    );
  });

  it("come in batches when there are many", async () => {
    const stream = await watch(eventsWith({}));
    const names = Array.from({ length: 350 }, (_, i) => String(i));
    await replica.storage.write(async (records) => {
      for (const subjectId of names) await records.auditEntries.append(newAuditEntry(organizationId, { subjectId }));
    });
    expect(await stream.take(350)).toEqual(names);
    await append(server, { subjectId: "last" });
    expect(await stream.take(1)).toEqual(["last"]);
  });

  describe("filters", () => {
    const filter = (subjectType: EventFilter["subjectType"], changes: Partial<EventFilter> = {}): EventFilter => ({
      subjectType,
      subjectIds: [],
      creatorIds: [],
      ...changes,
    });

    it("let through what one of them does", async () => {
      const filters = [filter("group", { subjectIds: ["a", "b"] }), filter("user")];
      const stream = await watch(eventsWith({}), { filters });
      const written: [EventFilter["subjectType"], string][] = [
        ["group", "c"],
        ["group", "a"],
        ["sso_config", "a"],
        ["user", "d"],
        ["group", "d"],
        ["group", "b"],
      ];
      for (const [subjectType, subjectId] of written) await append(server, { subjectType, subjectId });
      expect(await stream.take(3)).toEqual(["a", "d", "b"]);
    });

    it("let through by who made the thing", async () => {
      await append(server, { subjectType: "group", subjectId: "mine", operation: "create", actorId: "ada" });
      await append(server, { subjectType: "group", subjectId: "theirs", operation: "create", actorId: "eve" });
      const stream = await watch(eventsWith({}), { filters: [filter("group", { creatorIds: ["ada"] })] });
      for (const subjectId of ["theirs", "unknown", "mine"]) {
        await append(server, { subjectType: "group", subjectId, operation: "update", actorId: "eve" });
      }
      await append(server, { subjectType: "group", subjectId: "new", operation: "create", actorId: "ada" });
      expect(await stream.take(2)).toEqual(["mine", "new"]);
    });
  });

  describe("say that they live", () => {
    it("while nothing happens", async () => {
      const stream = await watch(eventsWith({ firstHeartbeatMs: 1, heartbeatMs: 1 }));
      expect(await stream.stream.next()).toEqual({ done: false, value: undefined });
      expect(await stream.stream.next()).toEqual({ done: false, value: undefined });
      await append(server, { subjectId: "something" });
      let event = await stream.next();
      while (event === undefined) event = await stream.next();
      expect(event.subjectId).toBe("something");
    });

    it("while only that happens which the filters hold back", async () => {
      const filters: EventFilter[] = [{ subjectType: "custom_domain", subjectIds: [], creatorIds: [] }];
      const stream = await watch(eventsWith({ firstHeartbeatMs: 50, heartbeatMs: 50 }), { filters });
      const next = stream.stream.next();
      let settled = false;
      void next.finally(() => {
        settled = true;
      });
      while (!settled) await append(server);
      expect(await next).toEqual({ done: false, value: undefined });
    });
  });

  describe("look for themselves now and then", () => {
    it("and so find what nobody told them of", async () => {
      const stream = await watch(eventsWith({ firstHeartbeatMs: 10, heartbeatMs: 10 }));
      expect(await stream.next()).toBeUndefined();
      await server.database.execute(
        `insert into audit_entries (id, organization_id, actor_id, actor_principal, subject_id, subject_type, action,
           operation, request_id, created_at)
         values ('${crypto.randomUUID()}', '${organizationId}', '', 'system', 'silent', 'group', 'x', 'update', '', 1)`,
      );
      let event = await stream.next();
      while (event === undefined) event = await stream.next();
      expect(event.subjectId).toBe("silent");
    });
  });

  describe("end", () => {
    const reasonOf = async (promise: Promise<unknown>) =>
      promise.then(
        (value) => value,
        (error: { reason?: string }) => error.reason ?? error,
      );

    it("when their reader goes, and leave nothing behind", async () => {
      const stream = await watch(eventsWith({}));
      const waiting = stream.stream.next();
      stream.abort();
      expect(await waiting).toEqual({ done: true, value: undefined });
      expect(await stream.stream.next()).toEqual({ done: true, value: undefined });
    });

    it("with unavailable when the server shuts down, and no new one begins", async () => {
      const events = eventsWith({});
      const stream = await watch(events);
      const waiting = reasonOf(stream.stream.next());
      events.close();
      expect(await waiting).toBe("unavailable");
      expect(await reasonOf(watch(events))).toBe("unavailable");
    });

    it("with unavailable also for a reader who was just reading", async () => {
      const events = eventsWith({});
      const stream = await watch(events);
      await append(server);
      await append(server);
      await stream.take(1);
      events.close();
      expect(await reasonOf(stream.stream.next())).toBe("unavailable");
    });

    const endings: [string, string, (user: TestUser) => Promise<unknown>][] = [
      [
        "their token is revoked",
        "credential_invalid",
        async (user) => {
          const context = await contextOf();
          await replica.app.domain.apiTokens.revoke(context, user.tokenId);
        },
      ],
      [
        "their user is suspended",
        "credential_invalid",
        async (user) => {
          await replica.app.domain.users.setSuspended(await contextOf(), user.userId, true);
        },
      ],
      [
        "their user leaves",
        "credential_invalid",
        async (user) => {
          await replica.app.domain.users.leave(await contextOf(user.token), user.userId);
        },
      ],
      [
        "their user is an admin no more",
        "admin_required",
        async (user) => {
          await replica.app.domain.members.setRole(await contextOf(), organizationId, user.userId, "member");
        },
      ],
    ];
    it.each(endings)("when %s", async (_title, reason, act) => {
      const user = await server.createUser(organizationId);
      const stream = await watch(eventsWith({}), { token: user.token });
      await append(server, { subjectId: "before" });
      expect(await stream.take(1)).toEqual(["before"]);
      const waiting = reasonOf(stream.stream.next());
      await act(user);
      expect(await waiting).toBe(reason);
      expect(await stream.stream.next()).toEqual({ done: true, value: undefined });
    });

    it("when their organization is deleted", async () => {
      const stream = await watch(eventsWith({}));
      const waiting = reasonOf(stream.stream.next());
      await replica.app.domain.organizations.delete(await contextOf(), organizationId);
      expect(await waiting).toBe("credential_invalid");
    });

    it("when their token has run out, at the next sign of life", async () => {
      const token = await server.createToken(admin, { lifetime: 60 });
      const stream = await watch(eventsWith({ firstHeartbeatMs: 5, heartbeatMs: 5 }), { token });
      expect(await stream.next()).toBeUndefined();
      server.clock.advance(61_000);
      expect(await reasonOf(stream.stream.next())).toBe("credential_invalid");
    });

    it("when the operator's token is revoked", async () => {
      const token = await server.createOperatorToken();
      const { caller } = await contextOf(token);
      const operator: Context = { caller: { ...caller, organizationId } as never, requestId: "test", action: "" };
      const stream = (await eventsWith({}).watch(operator, [], AbortSignal.timeout(25_000)))[Symbol.asyncIterator]();
      await append(server, { subjectId: "seen" });
      expect((await stream.next()).value?.subjectId).toBe("seen");
      const waiting = reasonOf(stream.next());
      const tokenId = caller.kind === "operator" ? caller.credentialId : "";
      await replica.app.domain.apiTokens.revoke(operator, tokenId);
      expect(await waiting).toBe("credential_invalid");
    });

    it("not when somebody else goes", async () => {
      const user = await server.createUser(organizationId);
      const stream = await watch(eventsWith({}));
      await replica.app.domain.users.setSuspended(await contextOf(), user.userId, true);
      expect(await stream.next()).toMatchObject({ subjectType: "user", subjectId: user.userId });
    });
  });

  describe("whose reader is slow", () => {
    const fill = (count: number) =>
      replica.storage.write(async (records) => {
        for (let i = 0; i < count; i++) await records.auditEntries.append(newAuditEntry(organizationId));
      });

    it("end when too much has come meanwhile", async () => {
      const stream = await watch(eventsWith({ patienceMs: -1, maxBehind: 200 }));
      await fill(1);
      await stream.next();
      await fill(301);
      const seen: unknown[] = [];
      const reading = (async () => {
        for (;;) seen.push(await stream.next());
      })();
      await expect(reading).rejects.toMatchObject({ reason: "slow_reader", code: "resource_exhausted" });
      expect(seen.length).toBeLessThan(301);
    });

    it("go on when the reader can catch up", async () => {
      const stream = await watch(eventsWith({ patienceMs: -1, maxBehind: 200 }));
      for (let i = 0; i < 3; i++) {
        await fill(200);
        for (let j = 0; j < 200; j++) await stream.next();
      }
    });

    it("go on when much comes at once and the reader is not to blame", async () => {
      const stream = await watch(eventsWith({ maxBehind: 10 }));
      await fill(500);
      for (let i = 0; i < 500; i++) expect(await stream.next()).toBeDefined();
    });
  });

  it("ask for an organization when the operator names none", async () => {
    const token = await server.createOperatorToken();
    await expect(eventsWith({}).watch(await contextOf(token), [], AbortSignal.abort())).rejects.toMatchObject({
      reason: "organization_required",
    });
  });

  if (engine === "postgres") {
    it("lose nothing when the connection that brings the news is cut, again and again", async () => {
      const stream = await watch(eventsWith({}));
      const names = Array.from({ length: 60 }, (_, i) => String(i));
      const writing = (async () => {
        for (const [i, subjectId] of names.entries()) {
          if (i % 15 === 0) {
            await server.database.execute(
              `select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and application_name = 'organization-service changes'`,
            );
          }
          await append(replica, { subjectId });
        }
      })();
      expect(await stream.take(60)).toEqual(names);
      await writing;
    });
  }
});
