import type { Attribute } from "./attribute.ts";
import { badRequest } from "./errors.ts";
import { isStorable } from "./filter-syntax.ts";
import type { Normalizations } from "./normalizations.ts";
import { complex, isObject, type ScimComplex, type ScimScalar } from "./values.ts";

/**
 * Turns JSON values as clients send them into values of the attribute table, or undefined for no value (null, RFC 7643,
 * section 2.5). What identity providers are known to bend is straightened and recorded; everything else that does not fit
 * is `invalidValue`. Strings stay exactly as sent.
 */

/** A value of a simple attribute. @throws ScimError `invalidValue`. */
export function coerceScalar(attribute: Attribute, input: unknown, notes: Normalizations): ScimScalar | undefined {
  const value = unwrapScalar(attribute, input, notes);
  if (value === undefined) return undefined;
  if (attribute.type === "boolean") return coerceBoolean(attribute, value, notes);
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") throw invalidValue(attribute, "takes a string");
  if (text !== value) notes.add("number_as_string", attribute.path);
  if (!isStorable(text)) throw invalidValue(attribute, "has a NUL character or half of a surrogate pair");
  if (attribute.maxLength !== undefined && [...text].length > attribute.maxLength) {
    throw invalidValue(attribute, `takes at most ${attribute.maxLength} characters`);
  }
  return text;
}

/** A complex value, or one element of a multi-valued attribute. @throws ScimError `invalidValue`. */
export function coerceComplex(attribute: Attribute, input: unknown, notes: Normalizations): ScimComplex | undefined {
  const value = complex();
  for (const [part, inner] of complexEntries(attribute, input, notes)) {
    const scalar = coerceScalar(part, inner, notes);
    if (scalar !== undefined) value[part.name] = scalar;
  }
  return Object.keys(value).length === 0 ? undefined : value;
}

/** The elements of a multi-valued attribute; none for null. @throws ScimError `invalidValue`. */
export function coerceElements(attribute: Attribute, input: unknown, notes: Normalizations): ScimComplex[] {
  const elements = [];
  const items = listOf(attribute, input, notes);
  if (items.length > MAX_ELEMENTS) throw invalidValue(attribute, `takes at most ${MAX_ELEMENTS} elements`);
  for (const item of items) {
    const element = coerceComplex(attribute, item, notes);
    if (element) elements.push(element);
  }
  return elements;
}

/** Most elements of a multi-valued attribute other than members: each request works on them one by one. */
export const MAX_ELEMENTS = 1000;

/** What stands for a list: the list itself, one element without its array, or nothing for null and "". */
export function listOf(attribute: Attribute, input: unknown, notes: Normalizations): readonly unknown[] {
  if (Array.isArray(input)) return input;
  if (input === null || input === undefined) return [];
  if (input === "") {
    notes.add("empty_string_as_absent", attribute.path);
    return [];
  }
  notes.add("single_for_array", attribute.path);
  return [input];
}

/**
 * The writable sub-attributes that a complex value names, with their values as sent (null included). Unknown ones are
 * recorded, readOnly ones are the service's own and dropped.
 */
export function complexEntries(attribute: Attribute, input: unknown, notes: Normalizations): Map<Attribute, unknown> {
  const entries = new Map<Attribute, unknown>();
  for (const [key, value] of Object.entries(complexObject(attribute, input, notes))) {
    const part = attribute.sub(key);
    if (!part) notes.add("unknown_attribute", `${attribute.path}.${key}`);
    else if (part.mutability !== "readOnly") {
      if (entries.has(part)) notes.add("duplicate_attribute", part.path);
      entries.set(part, value);
    }
  }
  return entries;
}

/**
 * Keeps one `primary` element: the first of those that the request made primary, else the one that was it before. The others
 * become `primary: false`.
 */
export function settlePrimary(
  attribute: Attribute,
  elements: readonly ScimComplex[],
  asked: ReadonlySet<ScimComplex>,
  notes: Normalizations,
): void {
  const candidates = elements.filter((element) => element.primary === true);
  const wanted = candidates.filter((element) => asked.has(element));
  if (wanted.length > 1) notes.add("primary_conflict", attribute.path);
  const kept = wanted[0] ?? candidates[0];
  for (const element of candidates) if (element !== kept) element.primary = false;
}

/** A refusal of a value that names the attribute and the rule. */
export function invalidValue(attribute: Attribute, rule: string): Error {
  return badRequest("invalidValue", `${attribute.path} ${rule}.`);
}

function complexObject(attribute: Attribute, input: unknown, notes: Normalizations): Record<string, unknown> {
  const value = Array.isArray(input) && input.length <= 1 && !attribute.multiValued ? input[0] : input;
  if (value !== input) notes.add("unwrapped_value", attribute.path);
  if (value === null || value === undefined) return {};
  if (isObject(value)) return value;
  if (value === "") {
    notes.add("empty_string_as_absent", attribute.path);
    return {};
  }
  if (typeof value === "string" && attribute.sub("value")) {
    notes.add("bare_value", attribute.path);
    return { value };
  }
  const names = attribute.subAttributes.map(({ name }) => name).join(", ");
  throw invalidValue(attribute, `takes an object with ${names}`);
}

function unwrapScalar(attribute: Attribute, input: unknown, notes: Normalizations): unknown {
  let value = Array.isArray(input) && input.length <= 1 ? input[0] : input;
  if (isObject(value) && Object.hasOwn(value, "value")) value = value.value;
  if (value !== input) notes.add("unwrapped_value", attribute.path);
  return value ?? undefined;
}

function coerceBoolean(attribute: Attribute, value: unknown, notes: Normalizations): boolean {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (text !== "true" && text !== "false") throw invalidValue(attribute, "takes true or false");
  notes.add("string_boolean", attribute.path);
  return text === "true";
}
