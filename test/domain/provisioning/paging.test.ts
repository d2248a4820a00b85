import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceType } from "../../../src/domain/provisioning/attribute.ts";
import { ENTERPRISE_SCHEMA, GROUP, USER } from "../../../src/domain/provisioning/attributes.ts";
import { type Order, parseOrder } from "../../../src/domain/provisioning/order.ts";
import {
  type CursorPosition,
  encodeCursor,
  listKey,
  listResponse,
  parsePage,
} from "../../../src/domain/provisioning/paging.ts";
import { toStorageOrder } from "../../../src/domain/provisioning/query.ts";
import { elementsOf, isComplex, type ScimComplex } from "../../../src/domain/provisioning/values.ts";
import { compileOrder } from "../../../src/storage/sql/scim-orders.ts";
import type { ScimPosition } from "../../../src/storage/storage.ts";
import { ENGINES } from "../../support/storage.ts";
import { ALIAS, type DirectoryDatabase, openDirectory, target } from "./support/database.ts";
import { BASE_URL, randomDirectory, representations } from "./support/directory.ts";

const sizes = { default: 100, max: 200 };
const context = { list: listKey("User", undefined, undefined), now: 1_750_000_000_000, timeoutSeconds: 3600 };

describe("parsePage", () => {
  it.each([
    [{}, 1, 100],
    [{ startIndex: "1", count: "2" }, 1, 2],
    [{ startIndex: 7, count: 3 }, 7, 3],
    [{ startIndex: "0", count: "0" }, 1, 0],
    [{ startIndex: "-5", count: "-5" }, 1, 0],
    [{ startIndex: "", count: "" }, 1, 100],
    [{ count: "100000" }, 1, 200],
    [{ startIndex: null, count: null }, 1, 100],
  ])("reads %j", (parameters, startIndex, count) => {
    expect(parsePage(parameters, sizes, context)).toEqual({ kind: "index", startIndex, count });
  });

  it.each([
    [{ startIndex: "one" }, "invalidValue"],
    [{ startIndex: "1.5" }, "invalidValue"],
    [{ startIndex: 1.5 }, "invalidValue"],
    [{ startIndex: "1e3" }, "invalidValue"],
    [{ startIndex: "99999999999999999999" }, "invalidValue"],
    [{ count: "many" }, "invalidCount"],
    [{ count: {} }, "invalidCount"],
    [{ count: "0x10" }, "invalidCount"],
    [{ cursor: 5 }, "invalidCursor"],
    [{ cursor: "rubbish" }, "invalidCursor"],
    [{ cursor: Buffer.from("{}").toString("base64url") }, "invalidCursor"],
    [{ cursor: Buffer.from("[1,2,3]").toString("base64url") }, "invalidCursor"],
  ])("refuses %j with %s", (parameters, scimType) => {
    expect(() => parsePage(parameters, sizes, context)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });

  it("pages by cursor when there is one, from the start when it is empty", () => {
    expect(parsePage({ cursor: "", startIndex: "9" }, sizes, context)).toEqual({
      kind: "cursor",
      after: undefined,
      count: 100,
    });
  });
});

describe("cursors", () => {
  it.each<CursorPosition>([
    { id: "0198f000-0000-7000-8000-000000000001" },
    { id: "a", sortValue: null },
    { id: "a", sortValue: "" },
    { id: "a", sortValue: "straße 😀" },
    { id: "a", sortValue: 1_750_000_000_000 },
  ])("come back as they were given: %j", (position) => {
    const cursor = encodeCursor(position, context);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(parsePage({ cursor, count: "5" }, sizes, context)).toEqual({ kind: "cursor", after: position, count: 5 });
  });

  it("are refused for another list", () => {
    const cursor = encodeCursor({ id: "a" }, context);
    for (const list of [listKey("Group"), listKey("User", 'title eq "x"'), listKey("User", undefined, "userName")]) {
      expect(() => parsePage({ cursor }, sizes, { ...context, list })).toThrow(
        expect.objectContaining({ scimType: "invalidCursor" }),
      );
    }
  });

  it("expire after the advertised time and not before", () => {
    const cursor = encodeCursor({ id: "a" }, context);
    const at = (seconds: number) => () =>
      parsePage({ cursor }, sizes, { ...context, now: context.now + seconds * 1000 });
    expect(at(3600)()).toMatchObject({ after: { id: "a" } });
    expect(at(3601)).toThrow(expect.objectContaining({ scimType: "expiredCursor" }));
  });
});

describe("listResponse", () => {
  it("has integers, and a cursor only when there is a next page", () => {
    expect(listResponse([{ id: "a" }], { totalResults: 3, startIndex: 1 })).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 3,
      startIndex: 1,
      itemsPerPage: 1,
      Resources: [{ id: "a" }],
    });
    expect(listResponse([], { totalResults: 0, nextCursor: "x" })).toMatchObject({ itemsPerPage: 0, nextCursor: "x" });
  });
});

describe("parseOrder", () => {
  it.each([
    [undefined, undefined, undefined],
    ["", "descending", undefined],
    ["userName", undefined, ["userName", false]],
    ["USERNAME", "Descending", ["userName", true]],
    ["emails", "ascending", ["emails.value", false]],
    ["emails.type", undefined, ["emails.type", false]],
    [`${ENTERPRISE_SCHEMA}:department`, undefined, [`${ENTERPRISE_SCHEMA}:department`, false]],
    ["meta.lastModified", undefined, ["meta.lastModified", false]],
  ])("reads sortBy=%s sortOrder=%s", (sortBy, sortOrder, expected) => {
    const order = parseOrder(USER, sortBy, sortOrder);
    expect(order && [order.attribute.path, order.descending]).toEqual(expected);
  });

  it.each(["name", "meta", "password", "shoeSize", "__proto__", "groups.display", "schemas", ENTERPRISE_SCHEMA, 5])(
    "refuses sortBy=%s",
    (sortBy) => {
      expect(() => parseOrder(USER, sortBy, undefined)).toThrow(expect.objectContaining({ scimType: "invalidPath" }));
    },
  );

  it("refuses another sortOrder", () => {
    expect(() => parseOrder(USER, "userName", "upwards")).toThrow(
      expect.objectContaining({ scimType: "invalidValue" }),
    );
  });
});

const SORTS: readonly (readonly [typeof USER, string | undefined])[] = [
  [USER, undefined],
  [USER, "id"],
  [USER, "userName"],
  [USER, "displayName"],
  [USER, "externalId"],
  [USER, "active"],
  [USER, "title"],
  [USER, "name.familyName"],
  [USER, "emails"],
  [USER, "emails.type"],
  [USER, "addresses.country"],
  [USER, "meta.created"],
  [USER, "meta.version"],
  [USER, `${ENTERPRISE_SCHEMA}:department`],
  [USER, `${ENTERPRISE_SCHEMA}:manager.displayName`],
  [GROUP, "displayName"],
  [GROUP, "externalId"],
];

describe.each(ENGINES)("sorting on %s", (engine) => {
  const directory = randomDirectory(77, 50);
  let database: DirectoryDatabase;
  beforeAll(async () => {
    database = await openDirectory(engine, directory);
  });
  afterAll(() => database.close());

  interface Row {
    readonly id: string;
    readonly number: number | string;
    readonly value: string | number | null;
  }

  async function page(type: ResourceType, order: Order | undefined, after: ScimPosition | undefined, limit: number) {
    const compiled = compileOrder(order && toStorageOrder(order, type, BASE_URL), target(engine, type));
    const table = sql.table(type === USER ? "scim_users" : "scim_groups");
    const query = sql<Row>`
      select ${sql.ref(`${ALIAS}.id`)}, ${sql.ref(`${ALIAS}.number`)}, ${compiled.value} as value from ${table} as ${sql.id(ALIAS)}
      where ${after ? compiled.after(after) : sql`1 = 1`} order by ${compiled.orderBy} limit ${limit}`;
    return (await query.execute(database.db)).rows;
  }

  async function walk(type: ResourceType, order: Order | undefined, limit: number): Promise<string[]> {
    const ids: string[] = [];
    let after: ScimPosition | undefined;
    for (;;) {
      const rows = await page(type, order, after, limit);
      ids.push(...rows.map(({ id }) => id));
      const last = rows.at(-1);
      if (!last || rows.length < limit) return ids;
      const number = Number(last.number);
      after = order ? { number, sortValue: last.value } : { number };
    }
  }

  for (const [type, sortBy] of SORTS) {
    it.each(["ascending", "descending"])(
      `orders ${type.name} by ${sortBy}, %s, and walks it by cursor`,
      async (direction) => {
        const order = parseOrder(type, sortBy, direction);
        const whole = (await page(type, order, undefined, 1000)).map(({ id }) => id);
        expect(whole).toEqual(sorted(representations(directory, type), order, sortBy));
        expect(await walk(type, order, 7)).toEqual(whole);
        expect(await walk(type, order, 1)).toEqual(whole);
      },
    );
  }
});

/** The order in memory: by what the resources show, folded, by code point; rows without a value last, descending first. */
function sorted(resources: Map<string, ScimComplex>, order: Order | undefined, sortBy = "id"): string[] {
  const rows = [...resources].map(([id, resource]) => ({ id, key: keyOf(resource, sortBy) }));
  const sign = order?.descending ? -1 : 1;
  rows.sort((a, b) => sign * compareKeys(a.key, b.key) || (a.id < b.id ? -1 : 1));
  return rows.map(({ id }) => id);
}

function keyOf(resource: ScimComplex, sortBy: string): string | undefined {
  const enterprise = sortBy.startsWith(`${ENTERPRISE_SCHEMA}:`);
  const [name, part] = (enterprise ? sortBy.slice(ENTERPRISE_SCHEMA.length + 1) : sortBy).split(".") as [
    string,
    string?,
  ];
  const scope = enterprise ? resource[ENTERPRISE_SCHEMA] : resource;
  let value = isComplex(scope) ? scope[name] : undefined;
  if (Array.isArray(value)) {
    const elements = elementsOf(value);
    value = elements.find(({ primary }) => primary === true) ?? elements[0];
  }
  if (isComplex(value)) value = value[part ?? "value"];
  if (value === undefined) return undefined;
  return ["externalId", "id"].includes(name) || part === "version"
    ? String(value)
    : String(value).toLowerCase().replaceAll("ς", "σ");
}

function compareKeys(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
