import { checkComplete, getValue, setValue } from "./access.ts";
import type { Attribute, ResourceType } from "./attribute.ts";
import { coerceScalar, complexEntries } from "./coercion.ts";
import { badRequest } from "./errors.ts";
import { MembershipDraft } from "./membership.ts";
import { Normalizations } from "./normalizations.ts";
import { applyToElements } from "./patch-elements.ts";
import { applyToMembers, needsMembers } from "./patch-members.ts";
import { type PatchOperation, type PatchRequest, parsePatch } from "./patch-request.ts";
import type { ResourceChange } from "./resource.ts";
import { complex, copyValue, isComplex, isNothing, type ScimComplex, sameValue } from "./values.ts";

export { type PatchRequest, parsePatch } from "./patch-request.ts";

/** The resource that a PATCH works on, read under the lock of its row. */
export interface PatchSubject {
  readonly id: string;
  readonly resource: ScimComplex;
  /** The group's members as `memberElement` shows them; needed only when {@link patchNeedsMembers} says so. */
  readonly members?: readonly ScimComplex[] | undefined;
}

/** Whether the PATCH chooses members by something else than their ids, so that {@link applyPatch} must be given them. */
export function patchNeedsMembers(request: PatchRequest): boolean {
  return request.operations.some(needsMembers);
}

/**
 * Applies a PATCH (RFC 7644, section 3.5.2) to a copy: all operations in order, then one check of the whole. It applies
 * entirely or throws and changes nothing.
 * @throws ScimError `mutability`, `noTarget`, `invalidValue`.
 */
export function applyPatch(type: ResourceType, subject: PatchSubject, request: PatchRequest): ResourceChange {
  for (const id of request.ids) {
    if (id !== subject.id) throw badRequest("mutability", "id is readOnly.");
  }
  const notes = new Normalizations();
  notes.addAll(request.normalizations.list());
  const resource = copyValue(subject.resource);
  const membership = new MembershipDraft();
  for (const operation of request.operations) {
    const { attribute } = operation;
    if (attribute.stored.in === "membership") applyToMembers(membership, operation, subject.members, notes);
    else if (attribute.multiValued) applyToElements(resource, operation, notes);
    else applyToSingle(resource, operation, notes);
  }
  checkComplete(type, resource, "mutability");
  return {
    resource,
    membership: membership.change(),
    normalizations: notes.list(),
    changed: !sameValue(subject.resource, resource),
  };
}

/** Parses and applies in one step, for users and for groups whose members are at hand. */
export function patchResource(type: ResourceType, subject: PatchSubject, body: unknown): ResourceChange {
  return applyPatch(type, subject, parsePatch(type, body));
}

function applyToSingle(resource: ScimComplex, operation: PatchOperation, notes: Normalizations): void {
  const { attribute, part, name, value } = operation;
  const removes = name === "remove";
  if (part) mergeParts(resource, attribute, new Map([[part, removes ? null : value]]), notes);
  else if (removes) setValue(resource, attribute, undefined);
  else if (attribute.type !== "complex") setValue(resource, attribute, coerceScalar(attribute, value, notes));
  else if (isNothing(value)) clearComplex(resource, attribute, value, notes);
  else mergeParts(resource, attribute, complexEntries(attribute, value, notes), notes);
}

function clearComplex(resource: ScimComplex, attribute: Attribute, input: unknown, notes: Normalizations): void {
  if (input !== null) notes.add("empty_string_as_absent", attribute.path);
  setValue(resource, attribute, undefined);
}

/**
 * Sets the sub-attributes that are named and keeps the others, for add and replace alike (RFC 7644, sections 3.5.2.1 and
 * 3.5.2.3); null takes one away. A complex value that is identified by its `value`, such as a manager, goes with it, and
 * a `$ref` does not outlive the value that it belongs to.
 */
function mergeParts(
  resource: ScimComplex,
  attribute: Attribute,
  parts: ReadonlyMap<Attribute, unknown>,
  notes: Normalizations,
): void {
  const known = getValue(resource, attribute);
  const whole = isComplex(known) ? known : complex();
  for (const [part, input] of parts) {
    const scalar = coerceScalar(part, input, notes);
    if (part.name === "value" && (scalar === undefined || scalar === "")) {
      clearComplex(resource, attribute, input, notes);
      return;
    }
    if (part.name === "value" && scalar !== whole.value && !names(parts, "$ref")) delete whole.$ref;
    if (scalar === undefined) delete whole[part.name];
    else whole[part.name] = scalar;
  }
  setValue(resource, attribute, whole);
}

function names(parts: ReadonlyMap<Attribute, unknown>, name: string): boolean {
  return [...parts.keys()].some((part) => part.name === name);
}
