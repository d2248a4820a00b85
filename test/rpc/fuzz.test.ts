import type { DescField, DescMessage, JsonObject } from "@bufbuild/protobuf";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERVICES } from "../../src/rpc/routes.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const METHODS = SERVICES.flatMap((service) => service.methods).filter(({ methodKind }) => methodKind === "unary");

/** Texts that software trips over. */
const AWKWARD = [
  "",
  "\0",
  "\ud800",
  "💥",
  "__proto__",
  "constructor",
  "null",
  "'; --",
  "%s%n",
  "\u202e",
  "9".repeat(400),
];

/** A request that has the method's fields, each with something good, something odd or nothing. */
function requestOf(desc: DescMessage, ids: readonly string[], depth = 0): fc.Arbitrary<JsonObject> {
  const members = Object.fromEntries(desc.fields.map((field) => [field.jsonName, fieldOf(field, ids, depth)]));
  return fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

function fieldOf(field: DescField, ids: readonly string[], depth: number): fc.Arbitrary<unknown> {
  const one = elementOf(field, ids, depth);
  const fitting =
    field.fieldKind === "list"
      ? fc.array(one, { maxLength: 4 })
      : field.fieldKind === "map"
        ? fc.dictionary(fc.string(), one, { maxKeys: 3 })
        : one;
  return fc.oneof({ weight: 8, arbitrary: fitting }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
}

function elementOf(field: DescField, ids: readonly string[], depth: number): fc.Arbitrary<unknown> {
  if (field.enum) return fc.constantFrom<unknown>(...field.enum.values.map(({ name }) => name), 99, -1);
  if (field.message?.typeName === "google.protobuf.Duration") {
    return fc.constantFrom("0s", "86400s", "+7776000s", ".5s", "-1s", "315576000000s");
  }
  if (field.message?.typeName === "google.protobuf.Timestamp") {
    return fc.constantFrom("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2027-01-01T00:00:00Z");
  }
  if (field.message) return depth > 2 ? fc.constant({}) : requestOf(field.message, ids, depth + 1);
  return fc.oneof(
    fc.constantFrom(...ids, ...AWKWARD, "example.com", "https://idp.example.com", "true"),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.integer(),
    fc.boolean(),
  );
}

describe.each(ENGINES)("whatever is sent, on %s", (engine) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  /** Somebody to call as, with an organization of their own: some methods end a membership, and do so when they can. */
  async function createCaller(): Promise<{ token: string; ids: string[] }> {
    const organizationId = await server.createOrganization();
    const { token, userId } = await server.createUser(organizationId);
    const sso = { organizationId, clientId: "c", clientSecret: "s", issuerUrl: "https://idp.example.com" };
    const { body } = await callJson(server, "CreateSSOConfiguration", sso, { token });
    return { token, ids: [organizationId, userId, body.ssoConfiguration.id] };
  }

  async function post(token: string, procedure: string, contentType: string, body: string | Uint8Array<ArrayBuffer>) {
    const response = await fetch(`${server.url}/${procedure}`, {
      method: "POST",
      headers: { "content-type": contentType, authorization: `Bearer ${token}` },
      body,
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, body: isJson ? JSON.parse(bytes.toString()) : undefined };
  }

  /** Good or refused with a reason; what is not served yet says so. */
  function expectAnswer({ status, body }: Awaited<ReturnType<typeof post>>): void {
    if (status === 200) return;
    const { code, reason } = errorOf(body);
    expect({ status, code, reason }).not.toMatchObject({ status: 500 });
    expect(status < 500 || code === "unimplemented" || code === "unavailable").toBe(true);
    expect(reason).toBeDefined();
  }

  it.each(METHODS.map((method) => [`${method.parent.typeName}/${method.name}`, method] as const))(
    "%s answers, and never with an internal error",
    async (procedure, method) => {
      const { token, ids } = await createCaller();
      const json = fc.oneof(
        { weight: 4, arbitrary: requestOf(method.input, ids).map((request) => JSON.stringify(request)) },
        { weight: 1, arbitrary: fc.json() },
        { weight: 1, arbitrary: fc.string() },
      );
      await fc.assert(
        fc.asyncProperty(json, async (text) => expectAnswer(await post(token, procedure, "application/json", text))),
        { numRuns: 40 },
      );
      const bytes = fc.uint8Array({ maxLength: 60 }) as fc.Arbitrary<Uint8Array<ArrayBuffer>>;
      await fc.assert(
        fc.asyncProperty(bytes, async (body) => expectAnswer(await post(token, procedure, "application/proto", body))),
        { numRuns: 20 },
      );
    },
  );

  it("leaves nothing in the log that nobody foresaw", async () => {
    expect(await server.logged()).not.toContain("unexpected failure");
  });
});
