import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from "@bufbuild/protobuf";
import type { FieldViolation } from "../lib/errors.ts";

/** What is wrong with a body that is not the message that the method takes. */
export interface Malformed {
  readonly message: string;
  /** The field, where it is known. */
  readonly violations: readonly FieldViolation[];
}

/** Elements of a list that are looked at one by one, and characters of a name that are repeated. */
const MAX_ELEMENTS = 1000;
const MAX_NAME = 100;

/**
 * Words the decoder's complaint anew: with the path of the field and what it accepts, and without any value out of the
 * body, because the decoder quotes what it did not expect, and that may be a secret.
 * @param complaint what the decoder says
 * @param input the message that the method takes
 * @param json what the body held, when it was JSON at all
 */
export function describeMalformed(complaint: string, input: DescMessage, json: JsonValue | undefined): Malformed {
  const found = json === undefined ? undefined : findInMessage(input, json, "");
  if (found) return { message: `${found.field}: ${found.message}`, violations: [found] };
  const twice = /duplicate object key "(.*)"|oneof set multiple times by (.*)/s.exec(complaint);
  if (twice) return { message: `${(twice[1] ?? twice[2] ?? "").slice(0, MAX_NAME)}: ${ONCE}`, violations: [] };
  const position = / in JSON at position (\d+)/.exec(complaint)?.[1];
  const where = position === undefined ? "" : `, as character ${position} shows`;
  return { message: `the body is not ${input.typeName} in JSON${where}: send an object such as {}`, violations: [] };
}

const ONCE = "stands there twice: give it once";

/** The first member that cannot be decoded, found by decoding each one alone. */
function findInMessage(desc: DescMessage, json: JsonValue, path: string): FieldViolation | undefined {
  if (!isObject(json)) return path === "" ? undefined : wrongType(path, "an object");
  const seen = new Set<DescField>();
  for (const [key, value] of Object.entries(json)) {
    const field = desc.fields.find((each) => each.jsonName === key || each.name === key);
    if (!field) return unknownField(join(path, key.slice(0, MAX_NAME)));
    const fieldPath = join(path, field.name);
    if (seen.has(field)) return { field: fieldPath, rule: "field.once", message: ONCE };
    seen.add(field);
    if (!decodes(desc, { [key]: value as JsonValue })) return findInField(desc, field, value as JsonValue, fieldPath);
  }
  return undefined;
}

function findInField(desc: DescMessage, field: DescField, value: JsonValue, path: string): FieldViolation {
  if (field.fieldKind === "list" && Array.isArray(value)) {
    const index = value.slice(0, MAX_ELEMENTS).findIndex((each) => !decodes(desc, { [field.name]: [each] }));
    if (index >= 0) return findInValue(field, value[index] as JsonValue, `${path}[${index}]`);
  }
  if (field.fieldKind === "map" && isObject(value)) {
    const entries = Object.entries(value).slice(0, MAX_ELEMENTS);
    const entry = entries.find(([key, each]) => !decodes(desc, { [field.name]: { [key]: each as JsonValue } }));
    if (entry) return wrongType(path, `an object, each value ${accepted(field)},`);
  }
  if (field.fieldKind === "list") return wrongType(path, `an array, each element ${accepted(field)},`);
  if (field.fieldKind === "map") return wrongType(path, `an object, each value ${accepted(field)},`);
  return findInValue(field, value, path);
}

function findInValue(field: DescField, value: JsonValue, path: string): FieldViolation {
  const inner = field.message && !isWellKnown(field.message) ? findInMessage(field.message, value, path) : undefined;
  return inner ?? wrongType(path, accepted(field));
}

function decodes(desc: DescMessage, json: JsonObject): boolean {
  try {
    fromJson(desc, json);
    return true;
  } catch {
    return false;
  }
}

function unknownField(field: string): FieldViolation {
  const message = "is not a field of the request: remove it, or check its spelling";
  return { field, rule: "field.unknown", message };
}

function wrongType(field: string, what: string): FieldViolation {
  return { field, rule: "field.type", message: `is not what the field takes: ${what} is accepted` };
}

/** What a field, or each element of it, takes in JSON. */
function accepted(field: DescField): string {
  if (field.enum) return `one of ${field.enum.values.map((value) => value.name).join(", ")}`;
  if (field.message?.typeName === "google.protobuf.Duration") return 'a duration in seconds such as "86400s"';
  if (field.message?.typeName === "google.protobuf.Timestamp") return 'a time such as "2027-01-31T12:00:00Z"';
  if (field.message) return "an object";
  return (field.scalar && SCALARS[field.scalar]) ?? "a whole number that fits";
}

const SCALARS: Partial<Record<ScalarType, string>> = {
  [ScalarType.STRING]: "a string of valid Unicode",
  [ScalarType.BOOL]: "true or false",
  [ScalarType.BYTES]: "a string of base64",
  [ScalarType.DOUBLE]: "a number",
  [ScalarType.FLOAT]: "a number",
};

function isWellKnown({ typeName }: DescMessage): boolean {
  return typeName.startsWith("google.protobuf.");
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
