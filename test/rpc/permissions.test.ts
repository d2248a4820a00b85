import type { DescMethod, DescService, JsonObject } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Domain } from "../../src/domain/domain.ts";
import { registerServices, SERVICES } from "../../src/rpc/routes.ts";
import type { JsonAnswer } from "../support/call.ts";
import { startDnsServer, type TestDns } from "../support/dns-server.ts";
import { type Dumper, openDumper } from "../support/dump.ts";
import { errorOf } from "../support/errors.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { invoke } from "./permissions/invoke.ts";
import type { Outcome, Row } from "./permissions/rows/row.ts";
import { rowOf, tabled } from "./permissions/rows/rows.ts";
import { CALLERS, type CallerName, World, withUnknownIds } from "./permissions/world.ts";

const METHODS = SERVICES.flatMap((service) => service.methods);
const nameOf = (method: DescMethod) => `${method.parent.typeName}/${method.name}`;
const TABLE = METHODS.flatMap((method) => {
  const row = rowOf(method);
  return row ? [[nameOf(method), method, row] as const] : [];
});

/** What the gate says before it looks at the request. */
const BY_CREDENTIAL: Readonly<Partial<Record<CallerName, Outcome>>> = {
  none: "credential_missing",
  "bad token": "credential_invalid",
  "malformed header": "credential_invalid",
  revoked: "credential_invalid",
  expired: "credential_expired",
  suspended: "credential_invalid",
};

/** Methods that need no credential. */
const OPEN: ReadonlySet<string> = new Set([
  "gitpod.v1.AccountService/GetSSOLoginURL",
  "gitpod.v1.AccountService/ListLoginProviders",
  "gitpod.v1.AccountService/ListSSOLogins",
  "gitpod.v1.IdentityService/ExchangeToken",
  "gitpod.v1.OrganizationService/GetOrganizationInviteSummary",
]);

const CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  credential_missing: ["unauthenticated", 401],
  credential_invalid: ["unauthenticated", 401],
  credential_expired: ["unauthenticated", 401],
  admin_required: ["permission_denied", 403],
  operator_required: ["permission_denied", 403],
  token_read_only: ["permission_denied", 403],
  person_required: ["failed_precondition", 400],
  not_found: ["not_found", 404],
  already_member: ["already_exists", 409],
  unimplemented: ["unimplemented", 501],
};

function expected(row: Row, caller: CallerName): Outcome {
  const special = row.outcomes?.[caller];
  if (special) return special;
  if (row.caller === "anyone") return "ok";
  const byCredential = BY_CREDENTIAL[caller];
  if (byCredential) return byCredential;
  const isOperator = caller === "operator" || caller === "read-only operator";
  if (row.caller === "operator" && !isOperator) return "operator_required";
  if (row.caller === "admin" && caller === "member") return "admin_required";
  if (row.access === "write" && caller.startsWith("read-only")) return "token_read_only";
  return caller === "admin of another organization" ? "not_found" : "ok";
}

describe("the table", () => {
  it("has a row for every method that is served, and no other", () => {
    expect(tabled().sort()).toEqual(served().sort());
  });
});

/** Every method that has an implementation. */
function served(): string[] {
  const names: string[] = [];
  const router = {
    service(desc: DescService, implementation: object) {
      names.push(...desc.methods.filter(({ localName }) => localName in implementation).map(nameOf));
      return router;
    },
  };
  // Whatever the nouns take out of the domain to begin with: nothing of it is called.
  const anything: object = new Proxy(() => {}, { get: () => anything });
  registerServices(router as ConnectRouter, anything as Domain, (() => {}) as never);
  return names;
}

/** Few methods to a server: each of their tests looks at all rows, those of the earlier ones among them. */
const METHODS_TO_A_SERVER = 8;
const GROUPS = TABLE.flatMap(([first], i) =>
  i % METHODS_TO_A_SERVER === 0 ? [[first, TABLE.slice(i, i + METHODS_TO_A_SERVER)] as const] : [],
);

describe.each(ENGINES)("who may call, on %s", (engine) => {
  let server: TestServer;
  let dns: TestDns;
  let dumper: Dumper;

  /** In a group of tests: for these alone. */
  function withServer(): void {
    beforeAll(async () => {
      dns = await startDnsServer();
      server = await startTestServer(engine, { env: { DNS_SERVERS: dns.address } });
      dumper = await openDumper(server.database);
    });
    afterAll(async () => {
      await dumper.close();
      await server.close();
      await dns.stop();
    });
  }

  const call = (method: DescMethod, request: JsonObject, headers: Record<string, string>) =>
    invoke(server, method, request, headers);

  function expectRefusal({ status, body, headers }: JsonAnswer, outcome: Outcome): void {
    expect(body).toHaveProperty("code");
    const { code, reason, requestId } = errorOf(body);
    expect({ code, reason, status }).toEqual({
      code: CODES[outcome]?.[0],
      reason: outcome,
      status: CODES[outcome]?.[1],
    });
    expect(requestId).toBe(headers.get("x-request-id"));
    expect(headers.get("x-should-retry")).toBe("false");
  }

  describe("with a bad credential", () => {
    withServer();
    it("is refused before anybody looks at the request, whatever the method", async () => {
      const world = await World.create(server, dns);
      const credentials = await Promise.all(
        (Object.entries(BY_CREDENTIAL) as [CallerName, Outcome][]).map(
          async ([caller, outcome]) => [await world.headersOf(caller), outcome] as const,
        ),
      );
      const before = await dumper.fingerprint();
      for (const method of METHODS) {
        if (OPEN.has(nameOf(method))) continue;
        for (const [headers, outcome] of credentials) {
          expectRefusal(await call(method, { nonsense: true }, headers), outcome);
        }
      }
      expect(await dumper.fingerprint()).toEqual(before);
    });
  });

  describe.each(GROUPS)("%s and what follows", (_first, table) => {
    withServer();
    describe.each(table)("%s", (_, method, row) => {
      const refused = CALLERS.filter((caller) => expected(row, caller) !== "ok");
      const allowed = CALLERS.filter((caller) => expected(row, caller) === "ok");

      const itRefuses = refused.length > 0 ? it : undefined;
      itRefuses?.(`refuses ${refused.join(", ")}, and nothing changes`, async () => {
        const world = await World.create(server, dns);
        const attempts: [CallerName, JsonObject, Record<string, string>][] = [];
        for (const caller of refused) {
          attempts.push([caller, await row.request(world, caller), await world.headersOf(caller)]);
        }
        const before = await dumper.fingerprint();
        for (const [caller, request, headers] of attempts) {
          const answer = await call(method, request, headers);
          expectRefusal(answer, expected(row, caller));
          if (expected(row, caller) === "not_found") {
            const unknown = await call(method, withUnknownIds(request), headers);
            expect(withoutRequestId(unknown)).toEqual(withoutRequestId(answer));
          }
        }
        expect(await dumper.fingerprint()).toEqual(before);
      });

      /** What a caller is about to do, made beforehand. */
      async function prepare(world: World, caller: CallerName) {
        return { request: await row.request(world, caller), headers: await world.headersOf(caller) };
      }

      async function expectPass({ request, headers }: Awaited<ReturnType<typeof prepare>>): Promise<void> {
        const { status, body } = await call(method, request, headers);
        expect(body).not.toHaveProperty("code");
        expect(status).toBe(200);
      }

      if (row.access === "read" && allowed.length > 0) {
        it(`lets ${allowed.join(", ")} pass, and nothing changes`, async () => {
          const world = await World.create(server, dns);
          const calls = [];
          for (const caller of allowed) calls.push(await prepare(world, caller));
          const before = await dumper.fingerprint();
          for (const each of calls) await expectPass(each);
          expect(await dumper.fingerprint()).toEqual(before);
        });
      }

      if (row.access === "write") {
        it.each(allowed)("lets %s pass, and something changes", async (caller) => {
          const prepared = await prepare(await World.create(server, dns), caller);
          const before = await dumper.fingerprint();
          await expectPass(prepared);
          expect(await dumper.fingerprint()).not.toEqual(before);
        });
      }
    });
  });
});

/** Everything of an answer that a stranger could learn from. */
function withoutRequestId({ status, headers, body }: JsonAnswer) {
  const { requestId, ...error } = errorOf(body);
  const others = [...headers].filter(([name]) => name !== "x-request-id" && name !== "date");
  return { status, headers: others, error, details: body.details.length };
}
