import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceType } from "../../../src/domain/provisioning/attribute.ts";
import { GROUP, USER } from "../../../src/domain/provisioning/attributes.ts";
import { ScimError } from "../../../src/domain/provisioning/errors.ts";
import { parseFilter } from "../../../src/domain/provisioning/filter.ts";
import { parseFilterSyntax } from "../../../src/domain/provisioning/filter-syntax.ts";
import { ENGINES } from "../../support/storage.ts";
import { conditionOf, type DirectoryDatabase, openDirectory } from "./support/database.ts";
import { type Directory, randomDirectory, representations } from "./support/directory.ts";
import { evaluate } from "./support/evaluator.ts";
import { GROUP_FILTERS, LIMIT_FILTERS, REFUSED, USER_FILTERS } from "./support/filters.ts";

const SEED = 20250101;

function expected(directory: Directory, type: ResourceType, filter: string): string[] {
  const syntax = parseFilterSyntax(filter);
  const found = [...representations(directory, type)].filter(([, resource]) => evaluate(syntax, resource));
  return found.map(([id]) => id).sort();
}

describe.each(ENGINES)("filters on %s", (engine) => {
  const directory = randomDirectory(SEED);
  let database: DirectoryDatabase;
  beforeAll(async () => {
    database = await openDirectory(engine, directory);
  });
  afterAll(() => database.close());

  const found = (type: ResourceType, filter: string) =>
    database.find(type, conditionOf(parseFilter(filter, type).filter, type, engine));

  it.each(USER_FILTERS)("finds the users with %s", async (filter) => {
    expect(await found(USER, filter)).toEqual(expected(directory, USER, filter));
  });

  it.each(GROUP_FILTERS)("finds the groups with %s", async (filter) => {
    expect(await found(GROUP, filter)).toEqual(expected(directory, GROUP, filter));
  });

  it.each(LIMIT_FILTERS.map((filter) => [filter.slice(0, 40), filter]))("takes the limit: %s", async (_, filter) => {
    expect(await found(USER, filter)).toEqual(expected(directory, USER, filter));
  });
});

describe.each(ENGINES)("indexes on %s", (engine) => {
  let database: DirectoryDatabase;
  beforeAll(async () => {
    database = await openDirectory(engine, randomDirectory(SEED, 1500, 0));
  });
  afterAll(() => database.close());

  it.each([
    ['userName eq "Anna"', "user_name_folded"],
    ['userName sw "Ann"', "user_name_folded"],
    ['externalId eq "abc"', "external_id"],
    ["externalId eq abc", "external_id"],
    ['externalId eq "abc" and active eq true', "external_id"],
    ['id eq "x"', "id"],
  ])("serve %s", async (filter, column) => {
    const condition = conditionOf(parseFilter(filter, USER).filter, USER, engine);
    expect(await database.plan(condition)).toMatch(
      engine === "sqlite"
        ? new RegExp(`SEARCH .* USING (COVERING )?INDEX .*\\b${column}[=<>]`)
        : new RegExp(`Index Cond: .*\\b${column}\\b.* [=<>]`),
    );
  });
});

describe("the table", () => {
  const directory = randomDirectory(SEED);

  it("has filters that find some, and some that find all or nothing", () => {
    const counts = USER_FILTERS.map((filter) => expected(directory, USER, filter).length);
    const telling = counts.filter((count) => count > 0 && count < directory.users.length);
    expect(USER_FILTERS.length + GROUP_FILTERS.length + REFUSED.length).toBeGreaterThanOrEqual(250);
    expect(telling.length).toBeGreaterThan(120);
  });
});

describe("refused filters", () => {
  it.each(REFUSED)("%j at %d", (filter, offset, detail) => {
    let error: unknown;
    try {
      parseFilter(filter, USER);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ScimError);
    expect(error).toMatchObject({ status: 400, scimType: "invalidFilter", offset });
    expect((error as ScimError).message).toContain(detail);
  });
});

describe("normalizations of filters", () => {
  it.each([
    ["externalId eq abc", "unquoted_literal", "externalId"],
    ["externalId eq 12345", "unquoted_literal", "externalId"],
    ['active eq "False"', "string_boolean", "active"],
    ["active eq FALSE", "string_boolean", "active"],
    ['emails[primary eq "True"]', "string_boolean", "emails.primary"],
  ])("%s", (filter, code, path) => {
    expect(parseFilter(filter, USER).normalizations.list()).toEqual([{ code, path }]);
  });

  it.each(['externalId eq "abc"', "active eq false", "title pr", "title eq null"])("%s needs none", (filter) => {
    expect(parseFilter(filter, USER).normalizations.list()).toEqual([]);
  });
});

describe("a filter over several resource types", () => {
  const both = (filter: string) => [
    parseFilter(filter, USER, [GROUP]).filter,
    parseFilter(filter, GROUP, [USER]).filter,
  ];

  it("treats the attributes of the other type as without a value", () => {
    const never = { kind: "constant", value: false };
    expect(both('userName eq "x"')[1]).toEqual(never);
    expect(both("members pr")[0]).toEqual(never);
    expect(both('members[value eq "x"]')[0]).toEqual(never);
    expect(both('userName ne "x"')[1]).toEqual(never);
    expect(both("userName eq null")[1]).toEqual({ kind: "constant", value: true });
    expect(both('not (userName eq "x")')[1]).toEqual({ kind: "not", filter: never });
  });

  it("still refuses what no type knows", () => {
    expect(() => both('shoeSize eq "x"')).toThrow(/no such attribute/);
  });
});
