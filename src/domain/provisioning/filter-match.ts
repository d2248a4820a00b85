import type { Attribute } from "./attribute.ts";
import type { Comparison, Filter } from "./filter.ts";
import { compareText, fold } from "./fold.ts";
import type { ScimComplex, ScimValue } from "./values.ts";

/** Whether the filter of a value path holds for one element, by the rules that `filter.ts` states. */
export function matchesElement(filter: Filter, element: ScimComplex): boolean {
  switch (filter.kind) {
    case "and":
      return filter.filters.every((part) => matchesElement(part, element));
    case "or":
      return filter.filters.some((part) => matchesElement(part, element));
    case "not":
      return !matchesElement(filter.filter, element);
    case "present":
      return isPresent(element[filter.attribute.name]);
    case "compare":
      return compares(filter, element[filter.attribute.name]);
    // These two stand for whole resources only.
    case "exists":
    case "constant":
      throw new TypeError(`a value path has no ${filter.kind}`);
  }
}

/** A simple value in the form in which it is compared. */
export function comparableValue(attribute: Attribute, value: string | boolean): string | boolean {
  return typeof value === "string" && !attribute.caseExact ? fold(value) : value;
}

function isPresent(value: ScimValue | undefined): boolean {
  return value !== undefined && value !== "";
}

function compares({ attribute, operator, value: wanted }: Comparison, actual: ScimValue | undefined): boolean {
  if (typeof actual === "boolean") return operator === "eq" ? actual === wanted : actual !== wanted;
  if (typeof actual !== "string" || typeof wanted !== "string") return false;
  const text = attribute.caseExact ? actual : fold(actual);
  switch (operator) {
    case "eq":
      return text === wanted;
    case "ne":
      return text !== wanted;
    case "co":
      return text.includes(wanted);
    case "sw":
      return text.startsWith(wanted);
    case "ew":
      return text.endsWith(wanted);
    case "gt":
      return compareText(text, wanted) > 0;
    case "ge":
      return compareText(text, wanted) >= 0;
    case "lt":
      return compareText(text, wanted) < 0;
    case "le":
      return compareText(text, wanted) <= 0;
  }
}
