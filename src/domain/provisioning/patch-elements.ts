import { getValue, setValue } from "./access.ts";
import type { Attribute } from "./attribute.ts";
import { coerceComplex, coerceElements, coerceScalar, sameElement, samePart, settlePrimary } from "./coercion.ts";
import { badRequest } from "./errors.ts";
import type { Filter } from "./filter.ts";
import { matchesElement } from "./filter-match.ts";
import { fold } from "./fold.ts";
import type { Normalizations } from "./normalizations.ts";
import type { PatchOperation } from "./patch-request.ts";
import { complex, elementsOf, type ScimComplex, type ScimScalar } from "./values.ts";

/** Applies one operation to a multi-valued attribute of a copy. @throws ScimError `noTarget`, `invalidValue`. */
export function applyToElements(resource: ScimComplex, operation: PatchOperation, notes: Normalizations): void {
  const { attribute, filter, part } = operation;
  const before = elementsOf(getValue(resource, attribute));
  const primaries = new Set(before.filter((element) => element.primary === true));
  let after: ScimComplex[];
  if (filter) after = editChosen(before, operation, filter, notes);
  else if (part) after = editPart(before, before, operation, part, notes);
  else after = editList(before, operation, notes);
  settlePrimary(attribute, after, primaries, notes);
  setValue(resource, attribute, after);
}

function editList(list: ScimComplex[], operation: PatchOperation, notes: Normalizations): ScimComplex[] {
  const { name, attribute, value } = operation;
  if (name === "replace") return coerceElements(attribute, value, notes);
  if (name === "add") return addElements(list, attribute, coerceElements(attribute, value, notes));
  if (isNothing(value)) return [];
  notes.add("removed_by_value", attribute.path);
  const named = coerceElements(attribute, value, notes);
  return list.filter((element) => !named.some((one) => isNamed(attribute, element, one)));
}

/** Appends what is new; an element that is there already takes on the parts that differ. */
function addElements(list: ScimComplex[], attribute: Attribute, added: readonly ScimComplex[]): ScimComplex[] {
  for (const element of added) {
    const known = list.find((one) => sameElement(attribute, one, element));
    if (known) Object.assign(known, element);
    else list.push(element);
  }
  return list;
}

/** Whether a value of `remove` means this element: by `value`, with `type` if it is given; else by every part given. */
function isNamed(attribute: Attribute, element: ScimComplex, named: ScimComplex): boolean {
  const given = attribute.subAttributes.filter(({ name }) => named[name] !== undefined);
  const deciding = named.value === undefined ? given : given.filter(({ name }) => name === "value" || name === "type");
  return deciding.every((part) => samePart(part, element[part.name], named[part.name]));
}

function editChosen(
  list: ScimComplex[],
  operation: PatchOperation,
  filter: Filter,
  notes: Normalizations,
): ScimComplex[] {
  const { name, attribute, part, value } = operation;
  const chosen = list.filter((element) => matchesElement(filter, element));
  // Removing what is not there is done already, so that a repeated request succeeds.
  const removes = name === "remove" || isNothing(value);
  if (chosen.length === 0) return removes ? list : [...list, createElement(operation, filter, notes)];
  if (part) return editPart(list, chosen, operation, part, notes);
  if (removes) return list.filter((element) => !chosen.includes(element));
  const given = coerceComplex(attribute, Array.isArray(value) && value.length === 1 ? value[0] : value, notes);
  const keeps = name === "add" || typeof value === "string";
  for (const element of chosen) {
    if (!keeps) clearExcept(element, partsIn(filter));
    Object.assign(element, given);
  }
  return list;
}

function editPart(
  list: ScimComplex[],
  chosen: readonly ScimComplex[],
  operation: PatchOperation,
  part: Attribute,
  notes: Normalizations,
): ScimComplex[] {
  const { name, attribute, value } = operation;
  const scalar = name === "remove" ? undefined : coerceScalar(part, value, notes);
  if (scalar !== undefined) {
    for (const element of chosen) element[part.name] = scalar;
    if (list.length > 0) return list;
    notes.add("element_created", attribute.path);
    return [complex({ [part.name]: scalar })];
  }
  for (const element of chosen) delete element[part.name];
  return list.filter((element) => !chosen.includes(element) || !isHollow(element, part));
}

/** What says nothing without a value. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(["type", "primary", "display"]);

/** Whether an element that lost a part says nothing any more. */
function isHollow(element: ScimComplex, lost: Attribute): boolean {
  const left = Object.keys(element);
  return left.length === 0 || (lost.name === "value" && left.every((name) => DESCRIPTIVE.has(name)));
}

/**
 * The element that a value path asks for and does not find. It is made when the filter says all there is to know: a single
 * `eq` on `type` with a canonical value, or on `primary`, with the sub-attribute to set behind the bracket.
 */
function createElement(operation: PatchOperation, filter: Filter, notes: Normalizations): ScimComplex {
  const { attribute, part, value } = operation;
  const known = part && knownFromFilter(filter);
  const scalar = known && coerceScalar(part, value, notes);
  if (!known || scalar === undefined) {
    throw badRequest("noTarget", `No element of ${attribute.path} matches the filter of the path.`);
  }
  notes.add("element_created", attribute.path);
  return complex({ ...known, [part.name]: scalar });
}

function knownFromFilter(filter: Filter): Record<string, ScimScalar> | undefined {
  if (filter.kind !== "compare" || filter.operator !== "eq") return undefined;
  const { attribute, value } = filter;
  if (attribute.name === "primary" && typeof value === "boolean") return { primary: value };
  const canonical =
    attribute.name === "type" ? attribute.canonicalValues.find((one) => fold(one) === value) : undefined;
  return canonical === undefined ? undefined : { type: canonical };
}

/** The names of the sub-attributes that a filter speaks of: a replaced element keeps them, or it would not be found again. */
function partsIn(filter: Filter): ReadonlySet<string> {
  switch (filter.kind) {
    case "and":
    case "or":
      return new Set(filter.filters.flatMap((part) => [...partsIn(part)]));
    case "not":
      return partsIn(filter.filter);
    case "present":
    case "compare":
      return new Set([filter.attribute.name]);
    case "exists":
    case "constant":
      return new Set();
  }
}

function clearExcept(element: ScimComplex, kept: ReadonlySet<string>): void {
  for (const name of Object.keys(element)) if (!kept.has(name)) delete element[name];
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}
