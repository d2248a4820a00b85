import { describe, expect, it } from "vitest";
import { GROUP, USER } from "../../../src/domain/provisioning/attributes.ts";
import { ScimError } from "../../../src/domain/provisioning/errors.ts";
import { applyPatch, parsePatch, patchNeedsMembers, patchResource } from "../../../src/domain/provisioning/patch.ts";
import { memberElement } from "../../../src/domain/provisioning/representation.ts";
import { createResource } from "../../../src/domain/provisioning/resource.ts";
import { complex } from "../../../src/domain/provisioning/values.ts";
import { BASE_URL } from "./support/directory.ts";
import { GROUP_PATCHES, GROUP_REFUSALS } from "./support/group-patches.ts";
import type { Operation } from "./support/operations.ts";
import { startUser, USER_PATCHES, USER_REFUSALS } from "./support/user-patches.ts";

const patch = (operations: readonly Operation[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});
const user = () => ({
  id: "user-1",
  resource: createResource(USER, { schemas: [USER.schema.id], ...startUser() }).resource,
});
const group = () => ({
  id: "group-1",
  resource: complex({ displayName: "Old" }),
  members: [
    memberElement({ id: "a", display: "Anna" }, BASE_URL),
    memberElement({ id: "b", display: "Bob" }, BASE_URL),
  ],
});
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const codes = (entries: readonly { code: string; path: string }[]) =>
  entries.map(({ code, path }) => `${code} ${path}`).sort();

const named = <T extends readonly [string, ...unknown[]]>(row: T) => [row[0], row] as const;

describe("PATCH of a user", () => {
  it.each(USER_PATCHES.map(named))("%s", (_name, [, operations, expected, ...normalizations]) => {
    const subject = user();
    const before = json(subject.resource);
    const result = patchResource(USER, subject, patch(operations));
    const wanted = startUser();
    expected?.(wanted);
    expect(json(result.resource)).toEqual(wanted);
    expect(result.changed).toBe(expected !== undefined);
    expect(result.membership).toEqual({ kind: "none" });
    expect(codes(result.normalizations)).toEqual([...normalizations].sort());
    expect(json(subject.resource)).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(USER_REFUSALS)("refuses %s", (_name, body, scimType) => {
    const subject = user();
    const before = json(subject.resource);
    expect(() => patchResource(USER, subject, body)).toThrow(expect.objectContaining({ status: 400, scimType }));
    expect(json(subject.resource)).toEqual(before);
  });

  it("takes one operation without an array, and a body without schemas", () => {
    const result = patchResource(USER, user(), { Operations: { op: "replace", path: "title", value: "Boss" } });
    expect(result.resource.title).toBe("Boss");
    expect(codes(result.normalizations)).toEqual(["single_operation Operations"]);
    const bare = patchResource(USER, user(), { operations: [{ Op: "replace", Path: "title", Value: "Boss" }] });
    expect(bare.resource.title).toBe("Boss");
    expect(codes(bare.normalizations)).toEqual(["schemas_missing schemas"]);
  });

  it("limits operations and elements, so that no request works on them for long", () => {
    const add = (count: number, from = 0) => ({
      op: "add",
      path: "roles",
      value: Array.from({ length: count }, (_, index) => ({ value: `r${index + from}` })),
    });
    const refusal = expect.objectContaining({ status: 400, scimType: "invalidValue" });
    const full = patchResource(USER, user(), patch([add(1000)]));
    expect(full.resource.roles).toHaveLength(1000);
    const repeated = patchResource(USER, { id: "user-1", resource: full.resource }, patch([add(1000)]));
    expect(repeated.changed).toBe(false);
    expect(() => patchResource(USER, user(), patch([add(1001)]))).toThrow(refusal);
    expect(() => patchResource(USER, user(), patch([add(600), add(401, 600)]))).toThrow(refusal);
    const operations = Array.from({ length: 1001 }, () => ({ op: "replace", path: "title", value: "x" }));
    expect(patchResource(USER, user(), patch(operations.slice(1))).resource.title).toBe("x");
    expect(() => patchResource(USER, user(), patch(operations))).toThrow(refusal);
    const keys = Object.fromEntries(
      operations.map((_, index) => [`emails[type eq "work"${" ".repeat(index)}].value`, "x"]),
    );
    expect(() => patchResource(USER, user(), patch([{ op: "replace", value: keys }]))).toThrow(refusal);
  });

  it("records names, never values", () => {
    const operations = [
      { op: "replace", path: 'shoes[code eq "s3cret"].color', value: "s3cret" },
      {
        op: "replace",
        value: { 'shoes[code eq "s3cret"].size': "s3cret", 'emails[value eq "s3cret': 1, password: "s3cret" },
      },
    ];
    expect(JSON.stringify(patchResource(USER, user(), patch(operations)).normalizations)).not.toContain("s3cret");
  });

  it("tells where a path goes wrong", () => {
    const refused = (path: string) => {
      try {
        parsePatch(USER, patch([{ op: "replace", path, value: "x" }]));
      } catch (error) {
        if (error instanceof ScimError) return error.offset;
      }
      return undefined;
    };
    expect(refused("title title")).toBe(6);
    expect(refused('emails[shape eq "x"].value')).toBe(7);
    expect(refused('title[value eq "x"]')).toBe(0);
  });
});

describe("PATCH of a group", () => {
  it.each(GROUP_PATCHES.map(named))("%s", (_name, [, operations, expected, ...normalizations]) => {
    const { membership = { kind: "none" }, ...attributes } = expected;
    const result = patchResource(GROUP, group(), patch(operations));
    expect(result.membership).toEqual(membership);
    expect(json(result.resource)).toEqual({ displayName: "Old", ...attributes });
    expect(result.changed).toBe(Object.keys(attributes).length > 0);
    expect(codes(result.normalizations)).toEqual([...normalizations].sort());
  });

  it.each(GROUP_REFUSALS)("refuses %s", (_name, body, scimType) => {
    expect(() => patchResource(GROUP, group(), body)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });

  it("says when it needs to know the members, and works without them otherwise", () => {
    const needs = (...operations: Operation[]) => patchNeedsMembers(parsePatch(GROUP, patch(operations)));
    expect(needs({ op: "add", path: "members", value: ["a"] })).toBe(false);
    expect(needs({ op: "remove", path: "members" })).toBe(false);
    expect(needs({ op: "remove", path: 'members[value eq "a" or value eq "b"]' })).toBe(false);
    expect(needs({ op: "remove", path: 'members[value eq "a" and value eq "b"]' })).toBe(true);
    expect(needs({ op: "remove", path: 'members[display eq "a"]' })).toBe(true);
    expect(needs({ op: "replace", path: 'members[value eq "a"]', value: { value: "b" } })).toBe(true);
    const { members: _, ...withoutMembers } = group();
    const request = parsePatch(GROUP, patch([{ op: "remove", path: 'members[value eq "a"]' }]));
    expect(applyPatch(GROUP, withoutMembers, request).membership).toEqual({ kind: "rows", add: [], remove: ["a"] });
    const needy = parsePatch(GROUP, patch([{ op: "remove", path: 'members[display eq "a"]' }]));
    expect(() => applyPatch(GROUP, withoutMembers, needy)).toThrow(TypeError);
  });
});

it("the tables hold at least 150 operations", () => {
  const count = [USER_PATCHES, USER_REFUSALS, GROUP_PATCHES, GROUP_REFUSALS].reduce(
    (sum, table) => sum + table.length,
    0,
  );
  expect(count).toBeGreaterThanOrEqual(250);
});
