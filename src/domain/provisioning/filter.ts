import type { Attribute, AttributeType, ResourceType } from "./attribute.ts";
import { badRequest, type ScimError } from "./errors.ts";
import {
  type CompareOperator,
  type Expression,
  type Literal,
  parseFilterSyntax,
  type Test,
  type Word,
} from "./filter-syntax.ts";
import { fold } from "./fold.ts";
import { resolveName } from "./names.ts";
import { Normalizations } from "./normalizations.ts";

/**
 * The meaning of filters (RFC 7644, section 3.4.2.2), settled once for SQL and for memory. One rule covers every operator:
 * **a comparison holds when the attribute has a value for which it holds.** From it follows:
 *
 * - Of a multi-valued attribute one matching value is enough.
 * - Without a value no comparison holds, `ne` included; `not (…)` is the plain opposite, so `not (title eq "x")` also finds
 *   those without a title, and `title ne "x"` does not.
 * - `pr` holds when a value is not empty; of a complex attribute, when one of its parts is not. `""` is a value that is empty.
 * - Null is the absence of a value (RFC 7643, section 2.5): `eq null` is `not (… pr)`, `ne null` is `pr`.
 * - Inside a value path the attributes are those of the one element that is looked at.
 * - A complex attribute that is compared means its `value`; without such a part it is an error.
 * - An attribute of another resource type has no value (section 3.4.2.1).
 * - Strings fold unless the attribute is caseExact, and are ordered by code point; times are ordered in time, to the millisecond.
 */
export type Filter =
  | { readonly kind: "and" | "or"; readonly filters: readonly Filter[] }
  | { readonly kind: "not"; readonly filter: Filter }
  | { readonly kind: "constant"; readonly value: boolean }
  /** An element of the multi-valued attribute for which the inner filter holds. Inside, attributes are the element's parts. */
  | { readonly kind: "exists"; readonly attribute: Attribute; readonly filter: Filter }
  /** A simple attribute that has a value which is not empty. */
  | { readonly kind: "present"; readonly attribute: Attribute }
  | Comparison;

/** A simple attribute and a value in comparable form: strings folded as the attribute asks, times as milliseconds. */
export interface Comparison {
  readonly kind: "compare";
  readonly attribute: Attribute;
  readonly operator: CompareOperator;
  readonly value: string | boolean | number;
}

/** A filter that is checked against a resource type. */
export interface CheckedFilter {
  readonly filter: Filter;
  readonly normalizations: Normalizations;
}

/**
 * Parses a filter and checks it against the attribute table.
 * @param others resource types that are searched along with this one; their attributes have no value here.
 * @throws ScimError `invalidFilter` with the offset.
 */
export function parseFilter(text: string, type: ResourceType, others: readonly ResourceType[] = []): CheckedFilter {
  const normalizations = new Normalizations();
  const filter = check(parseFilterSyntax(text), resourceScope(type, others, normalizations));
  return { filter, normalizations };
}

/** Checks the filter between the brackets of a PATCH path. @throws ScimError `invalidFilter` with the offset. */
export function checkElementFilter(expression: Expression, attribute: Attribute, notes: Normalizations): Filter {
  return check(expression, elementScope(attribute, notes));
}

const COMPARISONS: Readonly<Record<AttributeType, ReadonlySet<CompareOperator>>> = {
  string: new Set(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]),
  reference: new Set(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]),
  boolean: new Set(["eq", "ne"]),
  binary: new Set(["eq", "ne"]),
  dateTime: new Set(["eq", "ne", "gt", "ge", "lt", "le"]),
  complex: new Set(),
};

/** How the names of one scope are read: those of a resource, or those of an element between brackets. */
interface Scope {
  test(name: Word, test: Test): Filter;
  valuePath(expression: Expression & { kind: "valuePath" }): Filter;
}

function check(expression: Expression, scope: Scope): Filter {
  switch (expression.kind) {
    case "and":
    case "or":
      return { kind: expression.kind, filters: expression.operands.map((operand) => check(operand, scope)) };
    case "not":
      return { kind: "not", filter: check(expression.operand, scope) };
    case "test":
      return scope.test(expression.name, expression.test);
    case "valuePath":
      return scope.valuePath(expression);
  }
}

function resourceScope(type: ResourceType, others: readonly ResourceType[], notes: Normalizations): Scope {
  /** Undefined for an attribute of another type. */
  const find = (name: Word): Attribute | undefined => {
    const resolved = resolveName(type, name.text);
    if (resolved.kind === "attribute") return searchable(resolved.attribute, name);
    if (others.some((other) => resolveName(other, name.text).kind === "attribute")) return undefined;
    throw invalid(`the ${type.name} schemas have no such attribute`, name.offset);
  };
  return {
    test(name, test) {
      const attribute = find(name);
      return attribute ? testAttribute(attribute, test, notes) : testNothing(test);
    },
    valuePath({ name, filter, tail }) {
      const attribute = find(name);
      if (!attribute) return { kind: "constant", value: false };
      if (!hasElements(attribute)) throw invalid(`${attribute.path} has no elements to choose from`, name.offset);
      const scope = elementScope(attribute, notes);
      const filters = [check(filter, scope), ...(tail ? [scope.test(tail.name, tail.test)] : [])];
      return { kind: "exists", attribute, filter: all(filters) };
    },
  };
}

function elementScope(attribute: Attribute, notes: Normalizations): Scope {
  return {
    test(name, test) {
      const part = attribute.sub(name.text);
      if (!part) throw invalid(`${attribute.path} has no such sub-attribute`, name.offset);
      return testSimple(part, test, notes);
    },
    // The parser refuses a value path inside another one.
    valuePath: ({ name }) => {
      throw invalid("a value path cannot stand inside another one", name.offset);
    },
  };
}

function testAttribute(attribute: Attribute, test: Test, notes: Normalizations): Filter {
  if (attribute.type === "complex") {
    if (test.operator === "pr") return anyPartPresent(attribute);
    const value = attribute.sub("value");
    if (!value) throw invalid(`${attribute.path} is complex: compare one of its sub-attributes`, test.offset);
    return testAttribute(value, test, notes);
  }
  const filter = testSimple(attribute, test, notes);
  const list = attribute.multiValued ? attribute : attribute.parent?.multiValued ? attribute.parent : undefined;
  if (!list) return filter;
  // Only `eq null` makes a negation, and it asks that no element has a value.
  if (filter.kind === "not") return { kind: "not", filter: { kind: "exists", attribute: list, filter: filter.filter } };
  return { kind: "exists", attribute: list, filter };
}

function anyPartPresent(attribute: Attribute): Filter {
  const filters = attribute.subAttributes.map((part): Filter => ({ kind: "present", attribute: part }));
  const filter: Filter = { kind: "or", filters };
  return attribute.multiValued ? { kind: "exists", attribute, filter } : filter;
}

function testSimple(attribute: Attribute, test: Test, notes: Normalizations): Filter {
  if (test.operator === "pr") return { kind: "present", attribute };
  const { operator, literal, offset } = test;
  if (literal.value === null) return testNull(attribute, operator, offset);
  const allowed = COMPARISONS[attribute.type];
  if (!allowed.has(operator)) {
    throw invalid(`${attribute.path} is ${attribute.type} and takes ${[...allowed, "pr"].join(", ")}`, offset);
  }
  return { kind: "compare", attribute, operator, value: comparable(attribute, operator, literal, notes) };
}

function testNull(attribute: Attribute, operator: CompareOperator, offset: number): Filter {
  const present: Filter = { kind: "present", attribute };
  if (operator === "ne") return present;
  if (operator === "eq") return { kind: "not", filter: present };
  throw invalid("null can be compared with eq and ne only", offset);
}

/** What a test of an attribute without a value comes to. */
function testNothing(test: Test): Filter {
  const value = test.operator === "eq" && test.literal.value === null;
  return { kind: "constant", value };
}

function comparable(
  attribute: Attribute,
  operator: CompareOperator,
  literal: Literal,
  notes: Normalizations,
): string | boolean | number {
  if (attribute.type === "boolean") return booleanOf(attribute, literal, notes);
  if (attribute.type === "dateTime") return instantOf(literal);
  if (!literal.quoted) {
    if (operator !== "eq") throw invalid("a string value stands in double quotes", literal.offset);
    notes.add("unquoted_literal", attribute.path);
  }
  return attribute.caseExact ? literal.text : fold(literal.text);
}

function booleanOf(attribute: Attribute, literal: Literal, notes: Normalizations): boolean {
  const text = literal.text.toLowerCase();
  if (text !== "true" && text !== "false") throw invalid("a boolean value is true or false", literal.offset);
  if (literal.quoted || text !== literal.text) notes.add("string_boolean", attribute.path);
  return text === "true";
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/i;

/** An xsd:dateTime as milliseconds, in UTC when it has no zone; digits behind the millisecond are cut. */
function instantOf(literal: Literal): number {
  const [, date, time, fraction, zone] = (literal.quoted && DATE_TIME.exec(literal.text)) || [];
  const instant = Date.parse(
    `${date}${time}${(fraction ?? ".").padEnd(4, "0").slice(0, 4)}${zone ?? "Z"}`.toUpperCase(),
  );
  // Date.parse takes 30 February for 2 March.
  const dayExists = date !== undefined && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date);
  if (Number.isNaN(instant) || !dayExists) {
    throw invalid('a dateTime value is written like "2025-12-31T23:59:59Z"', literal.offset);
  }
  return instant;
}

/** Refuses what is never returned: its value could be guessed piece by piece. */
function searchable(attribute: Attribute, name: Word): Attribute {
  if (attribute.returned !== "never") return attribute;
  throw invalid(`${attribute.path} cannot be searched`, name.offset);
}

function all(filters: readonly Filter[]): Filter {
  const [only] = filters;
  return filters.length === 1 && only ? only : { kind: "and", filters };
}

/** Whether a value path can choose among the attribute's elements. */
export function hasElements(attribute: Attribute): boolean {
  return attribute.multiValued && attribute.type === "complex";
}

function invalid(problem: string, offset: number): ScimError {
  return badRequest("invalidFilter", `Error in the filter at offset ${offset}: ${problem}.`, offset);
}
