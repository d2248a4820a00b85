/** A simple value. Every simple attribute of User and Group is a string or a boolean. */
export type ScimScalar = string | boolean;

/** A resource or a complex value. Keys come from the attribute table, never from a request; there is no prototype. */
export interface ScimComplex {
  [name: string]: ScimValue;
}

export type ScimValue = ScimScalar | ScimComplex | ScimValue[];

/** An empty complex value. */
export function complex(entries: Readonly<Record<string, ScimValue>> = {}): ScimComplex {
  return Object.assign(Object.create(null) as ScimComplex, entries);
}

/** Whether a value is complex. */
export function isComplex(value: ScimValue | undefined): value is ScimComplex {
  return typeof value === "object" && !Array.isArray(value);
}

/** The elements of a multi-valued attribute; none when it has no value. */
export function elementsOf(value: ScimValue | undefined): ScimComplex[] {
  return Array.isArray(value) ? value.filter(isComplex) : [];
}

/** A copy that shares nothing. */
export function copyValue<T extends ScimValue>(value: T): T;
export function copyValue(value: ScimValue): ScimValue {
  if (Array.isArray(value)) return value.map((element) => copyValue(element));
  if (!isComplex(value)) return value;
  const copy = complex();
  for (const [name, part] of Object.entries(value)) copy[name] = copyValue(part);
  return copy;
}

/** Whether two values are the same; the order of keys does not count, the order of elements does. */
export function sameValue(a: ScimValue | undefined, b: ScimValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => sameValue(element, b[index]));
  }
  if (isComplex(a) && isComplex(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]));
  }
  return a === b;
}

/** Whether a parsed JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The value of a key of a JSON object, whatever its case; own keys only, so no prototype is ever reached.
 * The last one counts.
 */
export function getFolded(object: Record<string, unknown>, name: string): unknown {
  const folded = name.toLowerCase();
  return Object.entries(object).findLast(([key]) => key.toLowerCase() === folded)?.[1];
}

/** Whether a JSON value stands for no complex value: null, "" and the empty array, also wrapped in an array of one. */
export function isNothing(input: unknown): boolean {
  const value: unknown = Array.isArray(input) && input.length <= 1 ? input[0] : input;
  return value === null || value === undefined || value === "";
}
