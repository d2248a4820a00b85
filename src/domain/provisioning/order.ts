import type { Attribute, ResourceType } from "./attribute.ts";
import { badRequest } from "./errors.ts";
import { resolveName } from "./names.ts";

/**
 * Sorting (RFC 7644, section 3.4.2.3). Rows without a value come last in ascending order and first in descending order; of a
 * multi-valued attribute the primary element counts, or else the first. Strings are ordered folded unless the attribute is
 * caseExact, by code point. Rows with equal values stay in the order of creation.
 */
export interface Order {
  readonly attribute: Attribute;
  readonly descending: boolean;
}

/**
 * Reads `sortBy` and `sortOrder`. Without sortBy there is no order to speak of: resources come as they were created.
 * @throws ScimError `invalidPath` for a sortBy, `invalidValue` for a sortOrder, that means nothing here.
 */
export function parseOrder(type: ResourceType, sortBy: unknown, sortOrder: unknown): Order | undefined {
  if (sortBy === undefined || sortBy === null || sortBy === "") return undefined;
  const direction = String(sortOrder ?? "ascending").toLowerCase();
  if (direction !== "ascending" && direction !== "descending") {
    throw badRequest("invalidValue", "sortOrder takes ascending or descending.");
  }
  const resolved = typeof sortBy === "string" ? resolveName(type, sortBy) : undefined;
  const attribute = resolved?.kind === "attribute" ? simpleOf(resolved.attribute) : undefined;
  if (!attribute || attribute.ignoreWrites || attribute.stored.in === "membership") {
    throw badRequest("invalidPath", `sortBy takes an attribute of ${type.name} with a simple value, no membership.`);
  }
  return { attribute, descending: direction === "descending" };
}

function simpleOf(attribute: Attribute): Attribute | undefined {
  return attribute.type === "complex" ? attribute.sub("value") : attribute;
}
