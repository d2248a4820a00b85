import type { Attribute, ResourceType } from "./attribute.ts";
import { badRequest, type ScimType } from "./errors.ts";
import { complex, isComplex, type ScimComplex, type ScimValue } from "./values.ts";

/**
 * Reading and writing of resources by attribute. A resource holds what the store keeps: no id, no meta, no schemas, no groups,
 * no members. Values of an extension stand under its URN. An attribute without a value has no key.
 */

/** The value of a top-level attribute. */
export function getValue(resource: ScimComplex, attribute: Attribute): ScimValue | undefined {
  if (attribute.extension === undefined) return resource[attribute.name];
  const part = resource[attribute.extension];
  return isComplex(part) ? part[attribute.name] : undefined;
}

/** Sets a top-level attribute; undefined, an empty list and an empty complex value take it away. */
export function setValue(resource: ScimComplex, attribute: Attribute, value: ScimValue | undefined): void {
  const { extension } = attribute;
  if (extension === undefined) {
    setKey(resource, attribute.name, value);
    return;
  }
  const known = resource[extension];
  const part = isComplex(known) ? known : complex();
  setKey(part, attribute.name, value);
  setKey(resource, extension, part);
}

/** Sets a sub-attribute of a single complex attribute. */
export function setPart(resource: ScimComplex, parent: Attribute, part: Attribute, value: ScimValue | undefined): void {
  const known = getValue(resource, parent);
  const whole = isComplex(known) ? known : complex();
  setKey(whole, part.name, value);
  setValue(resource, parent, whole);
}

/** The `schemas` of a resource: its core schema and the extensions of which it has a value. */
export function schemasOf(type: ResourceType, resource: ScimComplex): string[] {
  return [type.schema.id, ...type.extensions.map(({ id }) => id).filter((id) => resource[id] !== undefined)];
}

/**
 * Refuses a resource without an attribute that it must have.
 * @param missing the scimType for a missing one: `invalidValue` in a body, `mutability` when a PATCH removed it
 *   (RFC 7644, section 3.5.2.2).
 */
export function checkComplete(type: ResourceType, resource: ScimComplex, missing: ScimType): void {
  for (const attribute of type.attributes) {
    if (attribute.mutability === "readOnly" || attribute.ignoreWrites) continue;
    if (!attribute.required && attribute.initial === undefined) continue;
    const value = getValue(resource, attribute);
    if (value === undefined) throw badRequest(missing, `${attribute.path} is required and cannot be without a value.`);
    if (value === "") throw badRequest("invalidValue", `${attribute.path} is required and cannot be empty.`);
  }
}

function setKey(target: ScimComplex, key: string, value: ScimValue | undefined): void {
  const empty = value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
  if (empty) delete target[key];
  else target[key] = value;
}
