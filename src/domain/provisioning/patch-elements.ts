import { getValue, setValue } from "./access.ts";
import type { Attribute } from "./attribute.ts";
import { coerceComplex, coerceElements, coerceScalar, invalidValue, MAX_ELEMENTS, settlePrimary } from "./coercion.ts";
import { identityKey, withoutNamed } from "./element-identity.ts";
import { badRequest } from "./errors.ts";
import type { Filter } from "./filter.ts";
import { matchesElement } from "./filter-match.ts";
import { fold } from "./fold.ts";
import type { Normalizations } from "./normalizations.ts";
import type { PatchOperation } from "./patch-request.ts";
import { complex, elementsOf, isNothing, type ScimComplex, type ScimScalar } from "./values.ts";

/** Applies one operation to a multi-valued attribute of a copy. @throws ScimError `noTarget`, `invalidValue`. */
export function applyToElements(resource: ScimComplex, operation: PatchOperation, notes: Normalizations): void {
  const { attribute, filter, part } = operation;
  const list = elementsOf(getValue(resource, attribute));
  const edit: Edit = { list, operation, notes, madePrimary: new Set() };
  const after = filter ? editChosen(edit, filter) : part ? editEveryPart(edit, part) : editList(edit);
  settlePrimary(attribute, after, edit.madePrimary, notes);
  setValue(resource, attribute, after);
}

interface Edit {
  /** The elements, which may be changed in place. */
  readonly list: ScimComplex[];
  readonly operation: PatchOperation;
  readonly notes: Normalizations;
  /** The elements that the operation makes primary. */
  readonly madePrimary: Set<ScimComplex>;
}

function assign({ madePrimary }: Edit, element: ScimComplex, parts: Readonly<ScimComplex>): ScimComplex {
  if (parts.primary === true) madePrimary.add(element);
  return Object.assign(element, parts);
}

function editList(edit: Edit): ScimComplex[] {
  const { list, notes } = edit;
  const { name, attribute, value } = edit.operation;
  if (name === "remove") {
    if (value === undefined || value === null || value === "") return [];
    notes.add("removed_by_value", attribute.path);
    return withoutNamed(attribute, list, coerceElements(attribute, value, notes));
  }
  const given = coerceElements(attribute, value, notes);
  if (name === "replace") return given.map((element) => assign(edit, element, element));
  return addElements(edit, given);
}

/** Appends what is new; an element that is there already takes on the parts that differ. */
function addElements(edit: Edit, given: readonly ScimComplex[]): ScimComplex[] {
  const { attribute } = edit.operation;
  const known = new Map(edit.list.toReversed().map((element) => [identityKey(attribute, element), element]));
  const added: ScimComplex[] = [];
  for (const element of given) {
    const key = identityKey(attribute, element);
    const same = known.get(key);
    if (!same) {
      known.set(key, element);
      added.push(element);
    }
    assign(edit, same ?? element, element);
  }
  return checkLength(attribute, [...edit.list, ...added]);
}

function checkLength(attribute: Attribute, list: ScimComplex[]): ScimComplex[] {
  if (list.length > MAX_ELEMENTS) throw invalidValue(attribute, `takes at most ${MAX_ELEMENTS} elements`);
  return list;
}

function editChosen(edit: Edit, filter: Filter): ScimComplex[] {
  const { list, notes } = edit;
  const { name, attribute, part, value } = edit.operation;
  const chosen = new Set(list.filter((element) => matchesElement(filter, element)));
  if (part) return editChosenPart(edit, chosen, part, filter);
  // Removing what is not there is done already, so that a repeated request succeeds.
  if (name === "remove" || isNothing(value)) return list.filter((element) => !chosen.has(element));
  if (chosen.size === 0) throw noTarget(attribute);
  const given = coerceComplex(attribute, Array.isArray(value) && value.length === 1 ? value[0] : value, notes);
  // An object of which nothing is known says nothing.
  if (!given) return list;
  const keeps = name === "add" || typeof value === "string";
  for (const element of chosen) {
    if (!keeps) clearExcept(element, partsIn(filter));
    assign(edit, element, given);
  }
  return list;
}

function editChosenPart(edit: Edit, chosen: ReadonlySet<ScimComplex>, part: Attribute, filter: Filter): ScimComplex[] {
  const scalar = scalarOf(edit, part);
  if (chosen.size > 0) return setParts(edit, chosen, part, scalar);
  if (scalar === undefined || scalar === "") return edit.list;
  const known = knownFromFilter(filter);
  if (!known) throw noTarget(edit.operation.attribute);
  return checkLength(edit.operation.attribute, [...edit.list, createElement(edit, { ...known, [part.name]: scalar })]);
}

function editEveryPart(edit: Edit, part: Attribute): ScimComplex[] {
  const scalar = scalarOf(edit, part);
  if (edit.list.length > 0 || scalar === undefined) return setParts(edit, new Set(edit.list), part, scalar);
  return [createElement(edit, { [part.name]: scalar })];
}

function scalarOf({ operation, notes }: Edit, part: Attribute): ScimScalar | undefined {
  return operation.name === "remove" ? undefined : coerceScalar(part, operation.value, notes);
}

function setParts(
  edit: Edit,
  chosen: ReadonlySet<ScimComplex>,
  part: Attribute,
  scalar: ScimScalar | undefined,
): ScimComplex[] {
  if (scalar !== undefined) {
    for (const element of chosen) assign(edit, element, { [part.name]: scalar });
    return edit.list;
  }
  for (const element of chosen) delete element[part.name];
  return edit.list.filter((element) => !chosen.has(element) || !isHollow(element, part));
}

function createElement(edit: Edit, parts: Readonly<Record<string, ScimScalar>>): ScimComplex {
  edit.notes.add("element_created", edit.operation.attribute.path);
  return assign(edit, complex(), parts);
}

/** What says nothing without a value. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(["type", "primary", "display"]);

/** Whether an element that lost a part says nothing any more. */
function isHollow(element: ScimComplex, lost: Attribute): boolean {
  const left = Object.keys(element);
  return left.length === 0 || (lost.name === "value" && left.every((name) => DESCRIPTIVE.has(name)));
}

/**
 * What a filter says of an element that it does not find. Such an element is made when the filter says all there is to
 * know: a single `eq` on `type` with a canonical value, or on `primary`, with the sub-attribute to set behind the bracket.
 */
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

function noTarget(attribute: Attribute): Error {
  return badRequest("noTarget", `No element of ${attribute.path} matches the filter of the path.`);
}

function clearExcept(element: ScimComplex, kept: ReadonlySet<string>): void {
  for (const name of Object.keys(element)) if (!kept.has(name)) delete element[name];
}
