import { describe, expect, it } from "vitest";
import { Reason as WireReason } from "../../gen/organization/errors/v1/errors_pb.ts";
import { invalidField, notFound, REASONS, type Reason, ServiceError } from "../../src/lib/errors.ts";

describe("the table of reasons", () => {
  it("is the schema's, name by name", () => {
    const names = Object.keys(WireReason).filter((name) => name !== "UNSPECIFIED");
    expect(Object.keys(REASONS).sort()).toEqual(names.map((name) => name.toLowerCase()).sort());
  });
});

describe("ServiceError", () => {
  it.each(Object.entries(REASONS) as [Reason, string][])("with the reason %s has the code %s", (reason, code) => {
    const error = new ServiceError(reason, "message");
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "ServiceError",
      reason,
      code,
      message: "message",
      metadata: {},
      violations: [],
    });
    expect(error.retryAfterSeconds).toBeUndefined();
    expect("cause" in error).toBe(false);
  });

  it("keeps what it is given", () => {
    const cause = new Error("below");
    const violations = [{ field: "a.b[1]", rule: "string.uuid", message: "must be a UUID" }];
    const extras = { metadata: { field: "a" }, violations, retryAfterSeconds: 3, cause };
    expect(new ServiceError("rate_limited", "slow down", extras)).toMatchObject(extras);
  });
});

describe("notFound", () => {
  it("says the same of every row of a kind", () => {
    expect(notFound("group")).toMatchObject({ reason: "not_found", code: "not_found", metadata: {}, violations: [] });
    expect(notFound("group").message).toBe(notFound("group").message);
    expect(notFound("group").message).toContain("group not found");
  });
});

describe("invalidField", () => {
  it("names field and rule in message and violation", () => {
    expect(invalidField("state", "enum.defined_only", "must be a state")).toMatchObject({
      reason: "request_invalid",
      code: "invalid_argument",
      message: "state: must be a state",
      violations: [{ field: "state", rule: "enum.defined_only", message: "must be a state" }],
    });
    expect(invalidField("issuer_url", "issuer_url.https", "must be https", "issuer_not_allowed").reason).toBe(
      "issuer_not_allowed",
    );
  });
});
