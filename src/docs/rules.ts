/** The rules of fields (buf.validate), in words and as JSON Schema. A kind of rule that neither can say is an error. */
import { type DescField, type DescOneof, getOption, hasOption, isFieldSet } from "@bufbuild/protobuf";
import {
  type FieldRules,
  field as fieldRules,
  Ignore,
  oneof as oneofRules,
  StringRulesSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** A part of a JSON Schema (draft 2020-12). */
export type JsonSchema = { [key: string]: unknown };

/** What a rule comes to. */
interface Meaning {
  readonly words: string;
  readonly schema: JsonSchema;
}

const FORMATS: Readonly<Record<string, Meaning>> = {
  uuid: { words: "a UUID", schema: { format: "uuid" } },
  uri: { words: "an absolute URI", schema: { format: "uri" } },
  email: { words: "an email address", schema: { format: "email" } },
};

/** Whether a field has to be there. */
export function isRequired(field: DescField): boolean {
  return rulesOf(field)?.required ?? false;
}

/** Whether one member of a oneof has to be there. */
export function isRequiredOneof(oneof: DescOneof): boolean {
  return hasOption(oneof, oneofRules) && getOption(oneof, oneofRules).required;
}

/** Each rule of a field, as a phrase that begins in lower case. */
export function rulesInWords(field: DescField): string[] {
  return meanings(field).map(({ words }) => words);
}

/** The rules of a field that JSON Schema can say. */
export function rulesAsSchema(field: DescField): JsonSchema {
  return Object.assign({}, ...meanings(field).map(({ schema }) => schema));
}

function rulesOf(field: DescField): FieldRules | undefined {
  return hasOption(field, fieldRules) ? getOption(field, fieldRules) : undefined;
}

function meanings(field: DescField): Meaning[] {
  const rules = rulesOf(field);
  return rules ? meaningsOf(rules) : [];
}

function meaningsOf(rules: FieldRules): Meaning[] {
  const found: Meaning[] = [];
  if (rules.required) found.push({ words: "required", schema: {} });
  if (rules.ignore === Ignore.IF_ZERO_VALUE) found.push({ words: "may be empty", schema: {} });
  for (const { message } of rules.cel) found.push({ words: message, schema: {} });
  found.push(...typed(rules));
  // An empty string is a value that these rules do not look at.
  return rules.ignore === Ignore.IF_ZERO_VALUE ? found.map(({ words }) => ({ words, schema: {} })) : found;
}

function typed({ type }: FieldRules): Meaning[] {
  switch (type.case) {
    case undefined:
      return [];
    case "string":
      return stringMeanings(type.value);
    case "int32":
      return bounds(
        type.value.greaterThan.case === "gte" ? type.value.greaterThan.value : undefined,
        type.value.lessThan.case === "lte" ? type.value.lessThan.value : undefined,
      );
    case "duration": {
      const { greaterThan, lessThan } = type.value;
      const from = greaterThan.case === "gte" ? `at least ${greaterThan.value.seconds}s` : "";
      const to = lessThan.case === "lte" ? `at most ${lessThan.value.seconds}s` : "";
      return [{ words: [from, to].filter(Boolean).join(" and "), schema: {} }];
    }
    case "enum":
      return [
        ...(type.value.definedOnly ? [{ words: "a defined value", schema: {} }] : []),
        ...(type.value.notIn.length > 0 ? [{ words: `not the value ${type.value.notIn.join(", ")}`, schema: {} }] : []),
      ];
    case "repeated":
      return repeatedMeanings(type.value);
    default:
      throw new Error(`rules of the kind ${type.case} are not documented yet: see src/docs/rules.ts`);
  }
}

function stringMeanings(rules: Extract<FieldRules["type"], { case: "string" }>["value"]): Meaning[] {
  const found: Meaning[] = [];
  const { case: format, value } = rules.wellKnown;
  if (format !== undefined && value === true) {
    const meaning = FORMATS[format];
    if (!meaning) throw new Error(`the string rule ${format} is not documented yet: see src/docs/rules.ts`);
    found.push(meaning);
  }
  const { minLen, maxLen, pattern } = rules;
  const min = minLen > 0n ? Number(minLen) : undefined;
  const max = isFieldSet(rules, StringRulesSchema.field.maxLen) ? Number(maxLen) : undefined;
  const words = range(min, max, "character");
  if (words) {
    found.push({ words, schema: { ...(min && { minLength: min }), ...(max !== undefined && { maxLength: max }) } });
  }
  if (pattern !== "") found.push({ words: `matches ${pattern}`, schema: { pattern } });
  return found;
}

function repeatedMeanings(rules: Extract<FieldRules["type"], { case: "repeated" }>["value"]): Meaning[] {
  const found: Meaning[] = [];
  const min = rules.minItems > 0n ? Number(rules.minItems) : undefined;
  const max = rules.maxItems > 0n ? Number(rules.maxItems) : undefined;
  const words = range(min, max, "element");
  if (words) found.push({ words, schema: { ...(min && { minItems: min }), ...(max && { maxItems: max }) } });
  if (rules.unique) found.push({ words: "each element once", schema: { uniqueItems: true } });
  for (const { words, schema } of rules.items ? meaningsOf(rules.items) : []) {
    found.push({ words: `each: ${words}`, schema: { items: schema } });
  }
  return mergeItems(found);
}

/** Several rules on the elements are one schema of them. */
function mergeItems(found: Meaning[]): Meaning[] {
  const items = Object.assign({}, ...found.map(({ schema }) => schema.items ?? {}));
  return found.map((meaning) => (meaning.schema.items === undefined ? meaning : { ...meaning, schema: { items } }));
}

function bounds(min: number | undefined, max: number | undefined): Meaning[] {
  const words = [min === undefined ? "" : `at least ${min}`, max === undefined ? "" : `at most ${max}`];
  return [
    {
      words: words.filter(Boolean).join(" and "),
      schema: { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) },
    },
  ];
}

function range(min: number | undefined, max: number | undefined, noun: string): string | undefined {
  const plural = (count: number) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  if (min !== undefined && max !== undefined) return `${min} to ${plural(max)}`;
  if (min !== undefined) return `at least ${plural(min)}`;
  return max === undefined ? undefined : `at most ${plural(max)}`;
}
