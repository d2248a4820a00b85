import type { FieldPathElement } from "../../gen/client/buf/validate/validate_pb.ts";

/** Writes the path to a field: names joined by dots, indexes and keys in brackets, text keys as in JSON. */
export function formatFieldPath(elements: readonly FieldPathElement[]): string {
  return elements.map(({ fieldName, subscript }) => `${fieldName}${formatSubscript(subscript)}`).join(".");
}

function formatSubscript({ case: kind, value }: FieldPathElement["subscript"]): string {
  if (kind === undefined) return "";
  return `[${typeof value === "string" ? JSON.stringify(value) : value}]`;
}
