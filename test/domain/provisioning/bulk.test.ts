import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BulkPlan, planBulk, resolveReferences } from "../../../src/domain/provisioning/bulk.ts";
import { ScimError } from "../../../src/domain/provisioning/errors.ts";

const user = (bulkId: string, data: unknown = { userName: bulkId }) => ({
  method: "POST",
  path: "/Users",
  bulkId,
  data,
});
const group = (bulkId: string, ...members: string[]) => ({
  method: "POST",
  path: "/Groups",
  bulkId,
  data: { displayName: bulkId, members: members.map((value) => ({ value: `bulkId:${value}` })) },
});
const plan = (...operations: unknown[]) => planBulk({ Operations: operations }, 1000);
const order = ({ operations }: BulkPlan) => operations.map(({ index }) => index);
const refusals = ({ refused }: BulkPlan) =>
  refused.map(({ index, error }) => [index, error.status, ...(error.scimType ? [error.scimType] : [])]);

describe("planBulk", () => {
  it("keeps the order of the request when nothing refers to what comes later", () => {
    expect(order(plan(user("a"), user("b"), group("g", "a", "b")))).toEqual([0, 1, 2]);
  });

  it("brings forward what is referred to, and nothing else", () => {
    const moved = plan(group("g", "b"), user("a"), user("b"), { method: "DELETE", path: "/Users/1" });
    expect(order(moved)).toEqual([2, 0, 1, 3]);
    expect(moved.refused).toEqual([]);
  });

  it("follows references of references, wherever they stand in the data and in the path", () => {
    const manager = (bulkId: string, of: string) =>
      user(bulkId, { userName: bulkId, x: { manager: [{ value: `bulkId:${of}` }] } });
    expect(order(plan(manager("a", "b"), manager("b", "c"), user("c")))).toEqual([2, 1, 0]);
    expect(order(plan({ method: "PATCH", path: "/Users/bulkId:c", data: {} }, user("c")))).toEqual([1, 0]);
  });

  it("refuses circles with 409, and what depends on them, and runs the rest", () => {
    const circular = plan(group("g", "h"), group("h", "g"), group("i", "g"), group("self", "self"), user("a"));
    expect(order(circular)).toEqual([4]);
    expect(refusals(circular)).toEqual([
      [0, 409],
      [1, 409],
      [2, 400, "invalidValue"],
      [3, 409],
    ]);
  });

  it("refuses a reference to nothing", () => {
    const dangling = plan(group("g", "nobody"), group("h", "g"), user("a"));
    expect(order(dangling)).toEqual([2]);
    expect(refusals(dangling)).toEqual([
      [0, 400, "invalidValue"],
      [1, 400, "invalidValue"],
    ]);
  });

  it.each([
    ["text", "POST /Users"],
    ["null", null],
    ["no method", { path: "/Users", data: {} }],
    ["an unknown method", { method: "GET", path: "/Users/1" }],
    ["no path", { method: "POST", data: {} }],
    ["a path that is no text", { method: "POST", path: ["/Users"] }],
    ["an unknown endpoint", { method: "POST", path: "/Shoes" }],
    ["another bulk request", { method: "POST", path: "/Bulk" }],
    ["POST to an id", { method: "POST", path: "/Users/1" }],
    ["PUT without an id", { method: "PUT", path: "/Users" }],
    ["DELETE without an id", { method: "DELETE", path: "/Users/" }],
    ["a path that is too long", { method: "DELETE", path: "/Users/1/emails" }],
    ["a path with a query", { method: "DELETE", path: "/Users/1?x=y" }],
    ["a bulkId that is no text", { method: "POST", path: "/Users", bulkId: 1 }],
    ["a version that is no text", { method: "PUT", path: "/Users/1", version: 1 }],
  ])("refuses an operation that is %s, and runs the others", (_name, operation) => {
    const mixed = plan(user("a"), operation, user("b"));
    expect(order(mixed)).toEqual([0, 2]);
    expect(refusals(mixed)).toEqual([[1, 400, "invalidSyntax"]]);
  });

  it("refuses the second operation with a bulkId", () => {
    expect(refusals(plan(user("a"), user("a")))).toEqual([[1, 400, "invalidValue"]]);
  });

  it("reads methods, keys and endpoints in any case", () => {
    const [operation] = planBulk(
      { operations: [{ Method: "patch", Path: "/users/1", Version: 'W/"1"', Data: 5 }] },
      10,
    ).operations;
    expect(operation).toMatchObject({ method: "PATCH", id: "1", version: 'W/"1"', data: 5 });
    expect(operation?.type.name).toBe("User");
  });

  it.each([
    ["an array", []],
    ["no Operations", { schemas: [] }],
    ["Operations that are an object", { Operations: {} }],
    ["failOnErrors 0", { Operations: [], failOnErrors: 0 }],
    ["failOnErrors as text", { Operations: [], failOnErrors: "1" }],
  ])("refuses a request that is %s", (_name, body) => {
    expect(() => planBulk(body, 10)).toThrow(expect.objectContaining({ status: 400, scimType: "invalidSyntax" }));
  });

  it("refuses more operations than the limit with 413 and says how many it takes", () => {
    expect(planBulk({ Operations: [user("a"), user("b")], failOnErrors: 1 }, 2)).toMatchObject({ failOnErrors: 1 });
    expect(() => planBulk({ Operations: [user("a"), user("b")] }, 1)).toThrow(
      expect.objectContaining({ status: 413, message: expect.stringContaining("at most 1 ") }),
    );
  });

  it("orders any graph so that references come first, and refuses exactly what cannot be", () => {
    const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(9)), { maxLength: 14 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const targets = (from: number) =>
          pairs.filter(([source]) => source === from).map(([, target]) => String(target));
        const made = plan(...Array.from({ length: 8 }, (_, index) => group(String(index), ...targets(index))));
        const at = new Map(made.operations.map(({ index }, place) => [index, place]));
        for (const { index } of made.operations) {
          for (const target of targets(index)) expect(at.get(Number(target))).toBeLessThan(at.get(index)!);
        }
        const refused = new Set(made.refused.map(({ index }) => index));
        expect(refused.size + at.size).toBe(8);
        for (const index of refused) {
          const hopeless = targets(index).some((target) => Number(target) > 7 || refused.has(Number(target)));
          expect(hopeless).toBe(true);
        }
      }),
    );
  });
});

describe("resolveReferences", () => {
  const [, operation] = plan(user("a"), group("g", "a")).operations;

  it("puts ids in the place of references and leaves everything else", () => {
    const resolved = resolveReferences(operation!, new Map([["a", "id-a"]]));
    expect(resolved.data).toEqual({ displayName: "g", members: [{ value: "id-a" }] });
    expect(operation!.data).toEqual({ displayName: "g", members: [{ value: "bulkId:a" }] });
  });

  it("puts an id into the path", () => {
    const [, patch] = plan(user("a"), { method: "PATCH", path: "/Users/bulkId:a", data: null }).operations;
    expect(resolveReferences(patch!, new Map([["a", "id-a"]]))).toMatchObject({ id: "id-a", data: null });
  });

  it("fails with the operation that it refers to", () => {
    expect(() => resolveReferences(operation!, new Map())).toThrow(ScimError);
  });

  it("keeps __proto__ a key like any other", () => {
    const data: unknown = JSON.parse('{"__proto__": {"polluted": "bulkId:a"}}');
    const [, made] = plan(user("a"), user("b", data)).operations;
    const resolved = resolveReferences(made!, new Map([["a", "id-a"]]));
    expect(JSON.stringify(resolved.data)).toBe('{"__proto__":{"polluted":"id-a"}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("survives data of any depth", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
    const [made] = plan(user("a", deep)).operations;
    expect(resolveReferences(made!, new Map()).index).toBe(0);
  });
});
