import { describe, expect, it } from "vitest";
import { items, itemsOf, pages } from "../../src/client/pages.ts";
import { SERVICES } from "../../src/client/services.ts";
import { collect } from "../support/collect.ts";

/** A list of what is given, in pages of two. */
function listOf(all: readonly string[]) {
  const seen: unknown[] = [];
  const list = async (request: { filter?: string; pagination?: { token?: string } }, options?: unknown) => {
    seen.push([request, options]);
    const start = Number(request.pagination?.token || 0);
    const end = start + 2;
    return { names: all.slice(start, end), pagination: { nextToken: end < all.length ? String(end) : "" } };
  };
  return { list, seen };
}

describe("pages", () => {
  it("asks for one after the other, and for nothing else than was asked for", async () => {
    const { list, seen } = listOf(["a", "b", "c", "d", "e"]);
    const signal = new AbortController().signal;
    const found = await collect(pages(list, { filter: "x" }, { signal }));
    expect(found.map(({ names }) => names)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    expect(seen).toEqual(
      ["", "2", "4"].map((token) => [{ filter: "x", pagination: { token } }, { signal }] as unknown[]),
    );
  });

  it("starts where the request says", async () => {
    const found = await collect(pages(listOf(["a", "b", "c"]).list, { pagination: { token: "2" } }));
    expect(found.map(({ names }) => names)).toEqual([["c"]]);
  });
});

describe("items", () => {
  it.each([[[]], [["a"]], [["a", "b"]], [["a", "b", "c", "d", "e"]]])("are all that there is: %j", async (all) => {
    expect(await collect(items(listOf(all).list, {}))).toEqual(all);
  });

  it("are fetched only as far as they are used", async () => {
    const { list, seen } = listOf(["a", "b", "c", "d", "e"]);
    for await (const name of items(list, {})) if (name === "c") break;
    expect(seen).toHaveLength(2);
  });

  it("are none of an answer without an array", () => {
    expect(itemsOf({ pagination: { nextToken: "" } })).toEqual([]);
  });
});

const lists = Object.values(SERVICES)
  .flatMap((service) => service.methods)
  .filter(({ input, output }) => [input, output].some(({ field }) => "pagination" in field));

it.each(lists.map((method) => [method.name, method] as const))(
  "%s pages as the iterators and hooks expect",
  (_, { input, output }) => {
    expect(input.field).toHaveProperty(["pagination", "message", "typeName"], "gitpod.v1.PaginationRequest");
    expect(output.field).toHaveProperty(["pagination", "message", "typeName"], "gitpod.v1.PaginationResponse");
    expect(output.fields.filter(({ fieldKind }) => fieldKind === "list")).toHaveLength(1);
  },
);
