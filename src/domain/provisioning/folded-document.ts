import { getValue, schemasOf } from "./access.ts";
import type { Attribute, ResourceType } from "./attribute.ts";
import { comparableValue } from "./filter-match.ts";
import { complex, elementsOf, isComplex, type ScimComplex, type ScimValue } from "./values.ts";

/**
 * The second JSON document of a row, which filters query. It is flat: single values stand under their full path
 * (`name.givenName`, `urn:…:User:department`), lists as arrays under their name, so that one look-up finds any value.
 * Strings are folded unless the attribute is caseExact, and booleans are the strings `true` and `false`: every value is
 * text, which both engines compare alike.
 */
export function foldedDocument(type: ResourceType, resource: ScimComplex): ScimComplex {
  const document = complex({ schemas: schemasOf(type, resource) });
  for (const attribute of type.attributes) {
    const value = getValue(resource, attribute);
    if (attribute.stored.in === "document" && value !== undefined) addValue(document, attribute, value);
  }
  return document;
}

function addValue(document: ScimComplex, attribute: Attribute, value: ScimValue): void {
  if (Array.isArray(value)) {
    document[attribute.path] = elementsOf(value).map((element) => foldedElement(attribute, element));
  } else if (isComplex(value)) {
    for (const part of attribute.subAttributes) {
      const inner = value[part.name];
      if (inner !== undefined) addValue(document, part, inner);
    }
  } else {
    document[attribute.path] = String(comparableValue(attribute, value));
  }
}

function foldedElement(attribute: Attribute, element: ScimComplex): ScimComplex {
  const folded = complex();
  for (const part of attribute.subAttributes) {
    const value = element[part.name];
    if (typeof value === "string" || typeof value === "boolean") {
      folded[part.name] = String(comparableValue(part, value));
    }
  }
  return folded;
}
