import type { Attribute } from "./attribute.ts";
import { comparableValue } from "./filter-match.ts";
import type { ScimComplex } from "./values.ts";

/**
 * Which elements of a multi-valued attribute are the same. An element is known by its `value` and `type` (RFC 7643, section 2.4);
 * without a `value`, by every part but `primary`, which moves from one to another. Keys make that a look-up instead of a
 * comparison of each with each.
 */

/** Equal for elements that are the same one. */
export function identityKey(attribute: Attribute, element: ScimComplex): string {
  const known = element.value !== undefined;
  const parts = attribute.subAttributes.filter(({ name }) => (known ? isIdentifying(name) : name !== "primary"));
  return keyOf(parts, element);
}

/**
 * The elements that a list of examples does not name. An example names by its `value`, with `type` if it has one; without a
 * `value`, by every part that it has.
 */
export function withoutNamed(
  attribute: Attribute,
  elements: readonly ScimComplex[],
  examples: readonly ScimComplex[],
): ScimComplex[] {
  const keysByParts = new Map<string, { readonly parts: readonly Attribute[]; readonly keys: Set<string> }>();
  for (const example of examples) {
    const given = attribute.subAttributes.filter(({ name }) => example[name] !== undefined);
    const parts = example.value === undefined ? given : given.filter(({ name }) => isIdentifying(name));
    const signature = parts.map(({ name }) => name).join();
    const group = keysByParts.get(signature) ?? { parts, keys: new Set() };
    group.keys.add(keyOf(parts, example));
    keysByParts.set(signature, group);
  }
  const groups = [...keysByParts.values()];
  return elements.filter((element) => !groups.some(({ parts, keys }) => keys.has(keyOf(parts, element))));
}

function isIdentifying(name: string): boolean {
  return name === "value" || name === "type";
}

function keyOf(parts: readonly Attribute[], element: ScimComplex): string {
  const values = parts.map((part) => {
    const value = element[part.name];
    return typeof value === "string" || typeof value === "boolean" ? comparableValue(part, value) : null;
  });
  return JSON.stringify([parts.map(({ name }) => name), values]);
}
