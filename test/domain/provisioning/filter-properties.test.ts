import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENTERPRISE_SCHEMA, USER } from "../../../src/domain/provisioning/attributes.ts";
import { ScimError } from "../../../src/domain/provisioning/errors.ts";
import { parseFilter } from "../../../src/domain/provisioning/filter.ts";
import { matchesElement } from "../../../src/domain/provisioning/filter-match.ts";
import { parseFilterSyntax, parsePathSyntax } from "../../../src/domain/provisioning/filter-syntax.ts";
import { compareText, fold } from "../../../src/domain/provisioning/fold.ts";
import { elementsOf } from "../../../src/domain/provisioning/values.ts";
import { prefixEnd } from "../../../src/storage/sql/scim-filters.ts";
import { ENGINES } from "../../support/storage.ts";
import { conditionOf, type DirectoryDatabase, openDirectory } from "./support/database.ts";
import { AWKWARD, randomDirectory, representations } from "./support/directory.ts";
import { evaluate } from "./support/evaluator.ts";

const STRINGS = ["userName", "externalId", "displayName", "title", "name.givenName", `${ENTERPRISE_SCHEMA}:department`];
const LISTS = ["emails", "phoneNumbers", "roles"];
const OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

const literal = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: "grapheme", maxLength: 3 }));
const storable = literal
  .filter((text) => text.isWellFormed() && !text.includes("\0"))
  .map((text) => JSON.stringify(text));
const comparison = (names: readonly string[]) =>
  fc.tuple(fc.constantFrom(...names), fc.constantFrom(...OPERATORS), storable).map((parts) => parts.join(" "));
const presence = (names: readonly string[]) => fc.constantFrom(...names.map((name) => `${name} pr`));
const truth = (names: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom("eq true", "eq false", "ne true"))
    .map((parts) => parts.join(" "));

const PARTS = ["value", "type", "display"];

const { element, filter } = fc.letrec<{ element: string; filter: string }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 3, depthIdentifier: "element" },
    comparison(PARTS),
    presence([...PARTS, "primary"]),
    truth(["primary"]),
    fc.tuple(tie("element"), fc.constantFrom("and", "or"), tie("element")).map((parts) => parts.join(" ")),
    tie("element").map((inner) => `not (${inner})`),
    tie("element").map((inner) => `(${inner})`),
  ),
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: "filter" },
    comparison([...STRINGS, ...LISTS, ...LISTS.map((name) => `${name}.type`)]),
    presence([...STRINGS, ...LISTS, "name", "active", "groups"]),
    truth(["active", ...LISTS.map((name) => `${name}.primary`)]),
    fc.tuple(fc.constantFrom(...LISTS), tie("element")).map(([name, inner]) => `${name}[${inner}]`),
    fc
      .tuple(fc.constantFrom(...LISTS), tie("element"), comparison(PARTS))
      .map(([name, inner, tail]) => `${name}[${inner}].${tail}`),
    fc.tuple(tie("filter"), fc.constantFrom("and", "or"), tie("filter")).map((parts) => parts.join(" ")),
    tie("filter").map((inner) => `not (${inner})`),
    tie("filter").map((inner) => `(${inner})`),
  ),
}));

describe.each(ENGINES)("any filter on %s", (engine) => {
  const directory = randomDirectory(4711, 80);
  const resources = [...representations(directory, USER)];
  let database: DirectoryDatabase;
  beforeAll(async () => {
    database = await openDirectory(engine, directory);
  });
  afterAll(() => database.close());

  it("finds the rows that the evaluator finds", async () => {
    await fc.assert(
      fc.asyncProperty(filter, async (text) => {
        const syntax = parseFilterSyntax(text);
        const expected = resources.filter(([, resource]) => evaluate(syntax, resource)).map(([id]) => id);
        const { filter: checked } = parseFilter(text, USER);
        expect(await database.find(USER, conditionOf(checked, USER, engine))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a value path in memory", () => {
  const users = [...representations(randomDirectory(4712), USER).values()];

  it("chooses the elements that the evaluator chooses", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LISTS), element, (list, inner) => {
        const text = `${list}[${inner}]`;
        const { filter: checked } = parseFilter(text, USER);
        const syntax = parseFilterSyntax(text);
        if (checked.kind !== "exists") throw new Error(`a value path is not ${checked.kind}`);
        for (const user of users) {
          for (const one of elementsOf(user[list])) {
            expect(matchesElement(checked.filter, one)).toBe(evaluate(syntax, { schemas: [], [list]: [one] }));
          }
        }
      }),
    );
  });
});

describe("any text", () => {
  const noise = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          "userName",
          "eq",
          '"x"',
          "(",
          ")",
          "[",
          "]",
          "and",
          "or",
          "not",
          "emails",
          "type",
          ".",
          ".value",
          '"',
          "\\",
          "pr",
          "true",
          " ",
          "__proto__",
        ),
        { maxLength: 25 },
      )
      .map((words) => words.join(" ")),
  );

  it("is a filter, or is refused with an offset inside it", () => {
    fc.assert(
      fc.property(noise, (text) => {
        for (const parse of [() => parseFilter(text, USER), () => parsePathSyntax(text)]) {
          try {
            parse();
          } catch (error) {
            expect(error).toBeInstanceOf(ScimError);
            const { offset } = error as ScimError;
            expect(offset).toBeGreaterThanOrEqual(0);
            expect(offset).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("folding", () => {
  const text = fc.oneof(
    fc.constantFrom(...AWKWARD),
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.constantFrom("Σ", "ς", "ΑΣ"),
  );

  it("is done piece by piece and once for all", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(fold(a + b)).toBe(fold(a) + fold(b));
        expect(fold(fold(a))).toBe(fold(a));
      }),
    );
  });

  it("keeps what a prefix means when it becomes a range", () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = prefixEnd(prefix);
        const inRange = compareText(other, prefix) >= 0 && (end === undefined || compareText(other, end) < 0);
        expect(inRange).toBe(other.startsWith(prefix));
        expect(compareText(prefix + other, prefix)).toBeGreaterThanOrEqual(0);
        if (end !== undefined) expect(compareText(prefix + other, end)).toBeLessThan(0);
      }),
    );
  });
});
