/** Messages and enums as JSON Schema (draft 2020-12), by the JSON form of Protobuf (https://protobuf.dev/programming-guides/json). */
import { type DescEnum, type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { isRequired, isRequiredOneof, type JsonSchema, rulesAsSchema, rulesInWords } from "../rules.ts";
import { commentOf, type DescType, isForeign } from "../schema.ts";

/** What a message is used for: what has to be there in a request may be left out of an answer when it is zero. */
export type Use = "request" | "response";

const SCALARS: Partial<Record<ScalarType, JsonSchema>> = {
  [ScalarType.STRING]: { type: "string" },
  [ScalarType.BOOL]: { type: "boolean" },
  [ScalarType.INT32]: { type: "integer", format: "int32" },
  [ScalarType.INT64]: { type: "string", format: "int64", pattern: "^-?[0-9]+$" },
  [ScalarType.DOUBLE]: { type: "number", format: "double" },
};

const WELL_KNOWN: Readonly<Record<string, JsonSchema>> = {
  "google.protobuf.Timestamp": { type: "string", format: "date-time" },
  "google.protobuf.Duration": { type: "string", pattern: "^-?[0-9]+(\\.[0-9]{1,9})?s$" },
  "google.protobuf.Struct": { type: "object", additionalProperties: true },
  "google.protobuf.Value": {},
};

/** The schema of a message as it stands in the components. */
export function messageSchema(message: DescMessage, use: Use): JsonSchema {
  const required = message.fields.filter((field) => isPresent(field, use)).map((field) => field.jsonName);
  return {
    type: "object",
    description: commentOf(message),
    properties: Object.fromEntries(message.fields.map((field) => [field.jsonName, fieldSchema(field)])),
    ...(required.length > 0 && { required }),
    ...oneofSchema(message.oneofs),
    // A request with a field that the server does not know is refused; answers get new fields with time.
    ...(use === "request" && { additionalProperties: false }),
  };
}

/** The schema of an enum: its names. */
export function enumSchema(desc: DescEnum): JsonSchema {
  const values = desc.values.map((value) => `- \`${value.name}\`${commentOf(value).slice(value.name.length)}`);
  return {
    type: "string",
    description: `${commentOf(desc)}\n\n${values.join("\n")}`,
    enum: desc.values.map(({ name }) => name),
  };
}

/** Where the schema of a type is. */
export function reference(type: DescType): JsonSchema {
  return { $ref: `#/components/schemas/${type.typeName}` };
}

function fieldSchema(field: DescField): JsonSchema {
  const rules = rulesAsSchema(field);
  const said = rulesInWords(field).filter((rule) => rule !== "required");
  const comment = commentOf(field);
  const about = {
    description: said.length === 0 ? comment : `${comment}\n\nRules: ${said.join("; ")}.`,
    ...(field.deprecated && { deprecated: true }),
  };
  const one = elementSchema(field);
  if (field.fieldKind === "map") return { type: "object", additionalProperties: one, ...about };
  if (field.fieldKind === "list") {
    const { items, ...others } = rules;
    return { type: "array", items: { ...one, ...(items as JsonSchema | undefined) }, ...others, ...about };
  }
  return { ...one, ...rules, ...about };
}

function elementSchema(field: DescField): JsonSchema {
  const type = field.message ?? field.enum;
  if (type === undefined) {
    const schema = SCALARS[field.scalar as ScalarType];
    if (!schema)
      throw new Error(`${field.toString()} has a type that is not described yet: see ${import.meta.filename}`);
    return schema;
  }
  if (!isForeign(type)) return reference(type);
  const schema = WELL_KNOWN[type.typeName];
  if (!schema) throw new Error(`${type.typeName} is not described yet: see ${import.meta.filename}`);
  return schema;
}

/**
 * Whether a field is always there. In an answer, scalars that are zero are left out, so only messages that have to be set are
 * certain, and ids, which are never empty.
 */
function isPresent(field: DescField, use: Use): boolean {
  if (!isRequired(field) || field.oneof) return false;
  if (use === "request") return true;
  return field.fieldKind === "message" || rulesAsSchema(field).format === "uuid";
}

function oneofSchema(oneofs: readonly DescOneof[]): JsonSchema {
  const parts = oneofs.map((oneof) => {
    const names = oneof.fields.map(({ jsonName }) => jsonName);
    const alone = names.map((name) => ({ properties: { [name]: {} }, required: [name] }));
    return isRequiredOneof(oneof) ? { oneOf: alone } : atMostOne(names);
  });
  const [first, ...others] = parts.filter((part) => Object.keys(part).length > 0);
  return others.length === 0 ? (first ?? {}) : { allOf: [first, ...others] };
}

function atMostOne(names: readonly string[]): JsonSchema {
  const pairs = names.flatMap((name, index) =>
    names.slice(index + 1).map((other) => ({ properties: { [name]: {}, [other]: {} }, required: [name, other] })),
  );
  return pairs.length === 0 ? {} : { not: pairs.length === 1 ? pairs[0] : { anyOf: pairs } };
}
