import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { Access, Caller } from "../../gen/organization/options/v1/options_pb.ts";
import { declaredMethods, fieldsWithin, isRedacted, loadSchema, messagesOf } from "./schema.ts";

const { NO_SIDE_EFFECTS, IDEMPOTENT } = MethodOptions_IdempotencyLevel;
const files = await loadSchema();
const methods = declaredMethods(files);

describe("every method", () => {
  test("is here: both packages have services", () => {
    const packages = new Set(methods.map(({ method }) => method.parent.file.proto.package));
    expect([...packages].sort()).toEqual(["gitpod.v1", "organization.v1"]);
  });

  test.each(methods)("$name declares who may call it, and whether it only reads", ({ caller, access }) => {
    expect(caller).not.toBe(Caller.UNSPECIFIED);
    expect(access).not.toBe(Access.UNSPECIFIED);
  });

  test.each(methods)("$name names an audit action exactly when it writes", ({ access, audit }) => {
    expect(audit).toMatch(access === Access.WRITE ? /^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/ : /^$/);
  });

  test.each(methods)("$name is idempotent by its verb, and free of side effects only when it reads", (declared) => {
    const { method, access } = declared;
    expect(method.idempotency === IDEMPOTENT).toBe(/^(Update|Delete)/.test(method.name));
    if (method.idempotency === NO_SIDE_EFFECTS) expect(access).toBe(Access.READ);
  });
});

describe("secrets", () => {
  const fields = files.flatMap((file) => messagesOf(file).flatMap((message) => message.fields));

  // Fields that are called like a secret and are none: what they hold may be seen by everybody who gets it.
  const harmless = new Set([
    "gitpod.v1.PaginationRequest.token",
    "gitpod.v1.PaginationResponse.next_token",
    "gitpod.v1.DomainVerification.verification_token",
  ]);

  test("fields that hold one are redacted, by what they are called", () => {
    const suspects = fields
      .filter(
        (field) =>
          field.fieldKind === "scalar" && /(^|_)(secret|token|password|invite_id|download_url)$/.test(field.name),
      )
      .map((field) => ({ name: `${field.parent.typeName}.${field.name}`, redacted: isRedacted(field) }));
    expect(suspects.length).toBeGreaterThan(harmless.size);
    for (const { name, redacted } of suspects)
      expect({ name, redacted }).toEqual({ name, redacted: !harmless.has(name) });
  });

  test("requests of methods free of side effects hold none, except for the two that are never served over GET", () => {
    const holders = methods
      .filter(({ method }) => method.idempotency === NO_SIDE_EFFECTS && fieldsWithin(method.input).some(isRedacted))
      .map(({ name }) => name);
    expect(holders).toEqual([
      "gitpod.v1.AccountService.ListLoginProviders",
      "gitpod.v1.OrganizationService.GetOrganizationInviteSummary",
    ]);
  });
});
