import type { ScimColumn, ScimFilter, ScimList, ScimOperand, ScimOrder } from "../../storage/storage.ts";
import type { Attribute, ResourceType } from "./attribute.ts";
import { USER } from "./attributes.ts";
import type { Filter } from "./filter.ts";
import { fold } from "./fold.ts";
import type { Order } from "./order.ts";

/**
 * Filters and orders as the storage takes them: each attribute is replaced by where its value is kept.
 * `baseUrl` is the SCIM base URL of the configuration, without a slash at its end: part of every URL that a resource shows.
 */
export function toStorageFilter(filter: Filter, type: ResourceType, baseUrl: string): ScimFilter {
  const resolve = (part: Filter, operandOf: (attribute: Attribute) => ScimOperand): ScimFilter => {
    switch (part.kind) {
      case "and":
      case "or":
        return { kind: part.kind, filters: part.filters.map((one) => resolve(one, operandOf)) };
      case "not":
        return { kind: "not", filter: resolve(part.filter, operandOf) };
      case "constant":
        return part;
      case "exists": {
        const { attribute } = part;
        const inner = resolve(part.filter, (one) => elementOperand(one, attribute, baseUrl));
        return { kind: "exists", list: listOf(attribute, type), filter: inner };
      }
      case "present":
        return { kind: "present", operand: operandOf(part.attribute) };
      case "compare":
        return { kind: "compare", operand: operandOf(part.attribute), operator: part.operator, value: part.value };
    }
  };
  return resolve(filter, (attribute) => rowOperand(attribute, type, baseUrl));
}

/** The order as the storage takes it. */
export function toStorageOrder({ attribute, descending }: Order, type: ResourceType, baseUrl: string): ScimOrder {
  const list = attribute.multiValued ? attribute : attribute.parent?.multiValued ? attribute.parent : undefined;
  if (!list) return { operand: rowOperand(attribute, type, baseUrl), descending };
  const primary = list.sub("primary");
  return {
    operand: elementOperand(attribute, list, baseUrl),
    list: { list: listOf(list, type), primary: primary && elementOperand(primary, list, baseUrl) },
    descending,
  };
}

/** A simple attribute of the row. */
function rowOperand(attribute: Attribute, type: ResourceType, baseUrl: string): ScimOperand {
  const { stored } = attribute;
  switch (stored.in) {
    case "column": {
      const kind = attribute.type === "boolean" ? "flag" : attribute.type === "dateTime" ? "number" : "text";
      const column = (stored.folded ?? stored.column) as ScimColumn;
      return { from: "column", column, kind, nullable: stored.nullable ?? false };
    }
    case "document":
      return { from: "document", key: attribute.path };
    case "computed":
      return computedOperand(attribute, type, baseUrl);
    case "membership":
    case "nowhere":
      throw new TypeError(`${attribute.path} is no value of the row`);
  }
}

/** A part of an element of the list, or the element itself when the list is of simple values. */
function elementOperand(attribute: Attribute, list: Attribute, baseUrl: string): ScimOperand {
  if (list.stored.in === "membership") return membershipOperand(attribute, list, baseUrl);
  return attribute === list ? { from: "element" } : { from: "part", name: attribute.name };
}

function listOf(list: Attribute, type: ResourceType): ScimList {
  if (list.stored.in === "membership") return { from: "membership" };
  // Without extensions the list of schemas is always the same, and the row needs no document.
  if (list.name === "schemas" && type.extensions.length === 0) return { from: "constant", value: type.schema.id };
  return { from: "document", key: list.path, complex: list.type === "complex" };
}

function computedOperand(attribute: Attribute, type: ResourceType, baseUrl: string): ScimOperand {
  switch (attribute.name) {
    case "resourceType":
      return { from: "constant", value: type.name };
    case "location":
      return { from: "location", prefix: `${baseUrl}${type.endpoint}/` };
    case "version":
      return { from: "version" };
    case "displayName":
      return { from: "manager", key: `${attribute.parent?.path}.value` };
    default:
      throw new TypeError(`${attribute.path} is not computed`);
  }
}

function membershipOperand(attribute: Attribute, list: Attribute, baseUrl: string): ScimOperand {
  const ofUsers = USER.attributes.includes(list);
  switch (attribute.name) {
    case "value":
      return { from: "relatedId" };
    case "$ref":
      return { from: "relatedLocation", prefix: `${baseUrl}${ofUsers ? "/Groups/" : "/Users/"}` };
    case "display":
      return { from: "relatedDisplay" };
    case "type":
      return { from: "constant", value: fold(ofUsers ? "direct" : "User") };
    default:
      throw new TypeError(`${attribute.path} is no part of a membership`);
  }
}
