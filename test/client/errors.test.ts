import { create } from "@bufbuild/protobuf";
import { FieldPathElementSchema, ViolationsSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatFieldPath } from "../../src/client/field-path.ts";
import {
  createOrganizationClient,
  errorDetail,
  fieldViolations,
  isReason,
  type NodeClientOptions,
  Reason,
} from "../../src/client/node.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";

let server: TestServer;
let admin: TestUser;
beforeAll(async () => {
  server = await startTestServer("sqlite");
  admin = await server.createUser(await server.createOrganization());
});
afterAll(() => server.close());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error("the call was not refused");
    },
    (error: unknown) => error,
  );

describe.each(["connect", "grpc", "grpc-web"] as const)("over %s", (protocol) => {
  const clientWith = (options: Partial<NodeClientOptions> = {}) =>
    createOrganizationClient({ baseUrl: server.url, token: admin.token, protocol, ...options });

  it("every broken rule is named, with its field", async () => {
    const call = clientWith().organization.listSSOConfigurations({
      organizationId: "none",
      pagination: { pageSize: 1000 },
    });
    const error = await refusal(call);
    expect(isReason(error, Reason.REQUEST_INVALID)).toBe(true);
    expect(fieldViolations(error)).toEqual([
      { field: "pagination.page_size", rule: "int32.gte_lte", message: expect.stringContaining("100") },
      { field: "organization_id", rule: "string.uuid", message: expect.stringContaining("UUID") },
    ]);
  });

  it("the token is asked for before each call", async () => {
    const tokens = [admin.token, undefined, Promise.resolve(admin.token)];
    const client = clientWith({ token: () => tokens.shift() });
    await client.user.getAuthenticatedUser({});
    const error = await refusal(client.user.getAuthenticatedUser({}));
    expect(isReason(error, Reason.ADMIN_REQUIRED, Reason.CREDENTIAL_MISSING)).toBe(true);
    await client.user.getAuthenticatedUser({});
  });

  it("an operator names the organization once, and interceptors see each call", async () => {
    const seen: string[] = [];
    const client = clientWith({
      token: await server.createOperatorToken(),
      organizationId: admin.organizationId,
      interceptors: [
        (next) => (request) => {
          seen.push(request.method.name);
          return next(request);
        },
      ],
    });
    const { groups } = await client.group.listGroups({});
    expect(groups.every(({ organizationId }) => organizationId === admin.organizationId)).toBe(true);
    expect(seen).toEqual(["ListGroups"]);
  });

  it("any service has a client, and a stream no deadline but its own", async () => {
    const { EventService } = await import("../../src/index.ts");
    const events = clientWith({ timeoutMs: 1 }).service(EventService).watchEvents({}, { timeoutMs: 60_000 });
    const first = await events[Symbol.asyncIterator]().next();
    expect(first).toMatchObject({ done: false, value: { resourceId: "" } });
  });

  it("a server that is not there is unavailable", async () => {
    const error = await refusal(
      clientWith({ baseUrl: "http://127.0.0.1:1", retry: false }).user.getAuthenticatedUser({}),
    );
    expect(ConnectError.from(error).code).toBe(Code.Unavailable);
  });
});

it.each([new ConnectError("no", Code.NotFound), new Error("no"), "no", undefined])(
  "what is not the server's has no reason: %s",
  (error) => {
    expect([errorDetail(error), isReason(error, Reason.NOT_FOUND), fieldViolations(error)]).toEqual([
      undefined,
      false,
      [],
    ]);
  },
);

it("paths show indexes and keys", () => {
  const path = (...elements: Parameters<typeof create<typeof FieldPathElementSchema>>[1][]) =>
    formatFieldPath(elements.map((element) => create(FieldPathElementSchema, element)));
  expect(path({ fieldName: "email_domains", subscript: { case: "index", value: 1n } })).toBe("email_domains[1]");
  expect(path({ fieldName: "a" }, { fieldName: "b", subscript: { case: "boolKey", value: false } })).toBe("a.b[false]");
  expect(path({ fieldName: "claims", subscript: { case: "stringKey", value: 'e"m' } })).toBe('claims["e\\"m"]');
  expect(path()).toBe("");
});

it("a violation without a field is one of the whole request", () => {
  const error = new ConnectError("no", Code.InvalidArgument, undefined, [
    { desc: ViolationsSchema, value: { violations: [{ ruleId: "together", message: "both or none" }] } },
  ]);
  expect(fieldViolations(error)).toEqual([{ field: "", rule: "together", message: "both or none" }]);
});
