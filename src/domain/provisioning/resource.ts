import { checkComplete, getValue, setPart, setValue } from "./access.ts";
import type { Attribute, ResourceType } from "./attribute.ts";
import { coerceComplex, coerceElements, coerceScalar, invalidValue, settlePrimary } from "./coercion.ts";
import { badRequest } from "./errors.ts";
import { type MembershipChange, memberIds } from "./membership.ts";
import { resolveInSchema, resolveName } from "./names.ts";
import { type Normalization, Normalizations } from "./normalizations.ts";
import { complex, getFolded, isObject, type ScimComplex, type ScimValue, sameValue } from "./values.ts";

/** A resource that a create makes. */
export interface NewResource {
  readonly resource: ScimComplex;
  /** Ids of the members of a new group, as sent; none for a user. */
  readonly members: readonly string[];
  readonly normalizations: readonly Normalization[];
}

/** What a replace or a PATCH comes to. */
export interface ResourceChange {
  readonly resource: ScimComplex;
  readonly membership: MembershipChange;
  readonly normalizations: readonly Normalization[];
  /** Whether the resource differs. Whether rows of members do, only the store can tell. */
  readonly changed: boolean;
}

/**
 * Reads the body of a create (RFC 7644, section 3.3): readOnly attributes and nulls are dropped, unknown attributes are ignored
 * and recorded.
 * @throws ScimError `invalidSyntax` when the body is no object, `invalidValue` for a wrong or missing value.
 */
export function createResource(type: ResourceType, body: unknown): NewResource {
  const notes = new Normalizations();
  const { resource, members } = readBody(type, body, notes);
  for (const attribute of type.attributes) {
    if (attribute.initial !== undefined && getValue(resource, attribute) === undefined) {
      setValue(resource, attribute, attribute.initial);
    }
  }
  checkComplete(type, resource, "invalidValue");
  return { resource, members: members ?? [], normalizations: notes.list() };
}

/**
 * Reads the body of a replace (RFC 7644, section 3.5.1). What it leaves out loses its value, with two exceptions, because
 * nobody is let in or out by silence: `active` stays as it is, and so does the membership of a group without `members`.
 * @throws ScimError as {@link createResource}.
 */
export function replaceResource(type: ResourceType, current: ScimComplex, body: unknown): ResourceChange {
  const notes = new Normalizations();
  const { resource, members } = readBody(type, body, notes);
  for (const attribute of type.attributes) {
    if (attribute.initial !== undefined && getValue(resource, attribute) === undefined) {
      setValue(resource, attribute, getValue(current, attribute));
    }
  }
  checkComplete(type, resource, "invalidValue");
  return {
    resource,
    membership: members === undefined ? { kind: "none" } : { kind: "replace", members },
    normalizations: notes.list(),
    changed: !sameValue(current, resource),
  };
}

interface Body {
  readonly resource: ScimComplex;
  /** Undefined when the body says nothing about members. */
  members: readonly string[] | undefined;
}

function readBody(type: ResourceType, input: unknown, notes: Normalizations): Body {
  if (!isObject(input)) throw badRequest("invalidSyntax", `The body is a JSON object with a ${type.name} resource.`);
  noteSchemas(type, input, notes);
  const body: Body = { resource: complex(), members: undefined };
  for (const [key, value] of Object.entries(input)) {
    const resolved = resolveName(type, key);
    if (resolved.kind === "attribute") assign(body, resolved.attribute, value, notes);
    else if (resolved.kind === "unknown") notes.add(resolved.urn ? "unknown_schema" : "unknown_attribute", key);
    else {
      for (const [inner, innerValue] of Object.entries(schemaObject(key, value))) {
        const attribute = resolveInSchema(type, resolved.schema, inner);
        if (attribute) assign(body, attribute, innerValue, notes);
        else notes.add("unknown_attribute", `${resolved.schema.id}:${inner}`);
      }
    }
  }
  return body;
}

function assign(body: Body, attribute: Attribute, input: unknown, notes: Normalizations): void {
  if (attribute.mutability === "readOnly") return;
  if (attribute.ignoreWrites) {
    if (attribute.stored.in === "nowhere" && input !== null) notes.add("value_not_stored", attribute.path);
    return;
  }
  if (attribute.parent) {
    notes.add("qualified_key", attribute.path);
    assignPart(body, attribute, attribute.parent, input, notes);
    return;
  }
  if (attribute.stored.in === "membership") {
    if (input === null) notes.add("membership_untouched", attribute.path);
    else body.members = memberIds(attribute, input, notes);
    return;
  }
  const value = readValue(attribute, input, notes);
  if (value !== undefined && getValue(body.resource, attribute) !== undefined) {
    notes.add("duplicate_attribute", attribute.path);
  }
  if (value !== undefined) setValue(body.resource, attribute, value);
}

function assignPart(
  { resource }: Body,
  part: Attribute,
  parent: Attribute,
  input: unknown,
  notes: Normalizations,
): void {
  if (parent.multiValued) throw invalidValue(parent, "takes an array of its elements");
  const value = coerceScalar(part, input, notes);
  if (value !== undefined) setPart(resource, parent, part, value);
}

function readValue(attribute: Attribute, input: unknown, notes: Normalizations): ScimValue | undefined {
  if (attribute.type !== "complex") return coerceScalar(attribute, input, notes);
  if (!attribute.multiValued) return coerceComplex(attribute, input, notes);
  const elements = coerceElements(attribute, input, notes);
  settlePrimary(attribute, elements, new Set(elements), notes);
  return elements;
}

function noteSchemas(type: ResourceType, body: Record<string, unknown>, notes: Normalizations): void {
  const schemas = getFolded(body, "schemas");
  if (!Array.isArray(schemas)) {
    notes.add("schemas_missing", "schemas");
    return;
  }
  const known = new Set([type.schema, ...type.extensions].map(({ id }) => id.toLowerCase()));
  for (const urn of schemas) {
    if (typeof urn === "string" && !known.has(urn.toLowerCase())) notes.add("unknown_schema", urn);
  }
}

function schemaObject(urn: string, value: unknown): Record<string, unknown> {
  if (value === null) return {};
  if (!isObject(value)) throw badRequest("invalidValue", `${urn} takes an object with the attributes of that schema.`);
  return value;
}
