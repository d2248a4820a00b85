import { filter as othersFilter, parse } from "scim2-parse-filter";
import { describe, expect, it } from "vitest";
import type { ResourceType } from "../../../src/domain/provisioning/attribute.ts";
import { GROUP, USER } from "../../../src/domain/provisioning/attributes.ts";
import { parseFilterSyntax } from "../../../src/domain/provisioning/filter-syntax.ts";
import { ACCEPTED_THERE, type Difference, OTHER_ROWS, REFUSED_THERE } from "./support/differences.ts";
import { randomDirectory, representations } from "./support/directory.ts";
import { evaluate } from "./support/evaluator.ts";
import { GROUP_FILTERS, LIMIT_FILTERS, REFUSED, USER_FILTERS } from "./support/filters.ts";

type Table = Readonly<Record<string, Difference>>;

const directory = randomDirectory(20250101);

function othersAccept(filter: string): boolean {
  try {
    parse(filter);
    return true;
  } catch {
    return false;
  }
}

function findsTheSame(type: ResourceType, filter: string): boolean {
  const syntax = parseFilterSyntax(filter);
  const matches = othersFilter(parse(filter));
  return [...representations(directory, type).values()].every((resource) => {
    const json: unknown = JSON.parse(JSON.stringify(resource));
    return evaluate(syntax, json) === matches(json);
  });
}

const reasonsFor = (table: Table, filter: string): string[] =>
  Object.entries(table)
    .filter(([, { filters }]) => filters.some((pattern) => pattern.test(filter)))
    .map(([reason]) => reason);

function expectExplained(table: Table, differing: readonly string[], agreeing: readonly string[]): void {
  const unexplained = differing.filter((filter) => reasonsFor(table, filter).length !== 1);
  expect(unexplained.map((filter) => [filter.slice(0, 80), reasonsFor(table, filter)])).toEqual([]);
  // A reason that no filter needs, or that also covers filters on which both agree, explains too much.
  expect(new Set(differing.flatMap((filter) => reasonsFor(table, filter)))).toEqual(new Set(Object.keys(table)));
  const covered = agreeing.filter((filter) => reasonsFor(table, filter).length > 0);
  expect(covered.length).toBeLessThan(differing.length / 2);
}

describe("compared with scim2-parse-filter", () => {
  const accepted: readonly (readonly [ResourceType, string])[] = [
    ...[...USER_FILTERS, ...LIMIT_FILTERS].map((filter) => [USER, filter] as const),
    ...GROUP_FILTERS.map((filter) => [GROUP, filter] as const),
  ];

  it("every filter that finds other rows is explained", () => {
    const both = accepted.filter(([, filter]) => othersAccept(filter));
    const agreeing = both.filter(([type, filter]) => findsTheSame(type, filter)).map(([, filter]) => filter);
    const differing = both.map(([, filter]) => filter).filter((filter) => !agreeing.includes(filter));
    expect(agreeing.length).toBeGreaterThan(70);
    expectExplained(OTHER_ROWS, differing, agreeing);
  });

  it("every filter that only we accept is explained", () => {
    const filters = accepted.map(([, filter]) => filter);
    const differing = filters.filter((filter) => !othersAccept(filter));
    expectExplained(REFUSED_THERE, differing, filters.filter(othersAccept));
  });

  it("every filter that only we refuse is explained", () => {
    const filters = REFUSED.map(([filter]) => filter);
    const differing = filters.filter(othersAccept);
    expectExplained(
      ACCEPTED_THERE,
      differing,
      filters.filter((filter) => !othersAccept(filter)),
    );
  });
});
