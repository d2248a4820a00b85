import { type DescField, type DescMessage, type JsonObject, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { FieldOptionsSchema } from "@bufbuild/protobuf/wkt";
import { type Command, InvalidArgumentError, Option } from "commander";

/**
 * Flags of a command, made from the request message of its method, so that the command line knows every field that the
 * schema has: `client_id` is `--client-id`, lists are repeated flags, maps are `key=value`, durations are `90d`, `12h` or
 * `3600s`, enums are the short names of their values, fields of `filter` are flags of their own, a message of plain fields
 * is `field=name,order=asc`, and any other message is JSON. Secrets are not flags: they are read from standard input or the environment.
 */
export interface RequestFlags {
  /** Adds the flags to a command. */
  addTo(command: Command): void;
  /** The request, as proto3 JSON, of parsed flags. */
  toJson(flags: Readonly<Record<string, unknown>>): JsonObject;
  /** Secret fields of the request, by JSON name. */
  readonly secrets: readonly string[];
}

interface Flag {
  readonly option: Option;
  readonly set: (request: JsonObject, value: unknown) => void;
}

/** @param skip proto names of fields that the command fills in some other way. */
export function requestFlags(message: DescMessage, skip: readonly string[]): RequestFlags {
  const flags: Flag[] = [];
  const secrets: string[] = [];
  for (const field of message.fields) {
    if (skip.includes(field.name) || field.name === "pagination") continue;
    if (isSecret(field)) secrets.push(field.jsonName);
    else if (field.name === "filter" && field.message) flags.push(...field.message.fields.map((f) => nested(field, f)));
    else flags.push(...flagsOf(field));
  }
  return {
    secrets,
    addTo: (command) => {
      for (const { option } of flags) command.addOption(option);
    },
    toJson(values) {
      const request: JsonObject = {};
      for (const { option, set } of flags) {
        const value = values[option.attributeName()];
        if (value !== undefined) set(request, value);
      }
      return request;
    },
  };
}

function isSecret(field: DescField): boolean {
  return field.proto.options !== undefined && field.proto.options.$typeName === FieldOptionsSchema.typeName
    ? field.proto.options.debugRedact
    : false;
}

function nested(parent: DescField, field: DescField): Flag {
  const [flag] = flagsOf(field) as [Flag];
  return {
    option: flag.option,
    set(request, value) {
      request[parent.jsonName] ??= {};
      flag.set(request[parent.jsonName] as JsonObject, value);
    },
  };
}

/** Which field of the schema a flag fills. */
const FIELD_OF = new WeakMap<Option, string>();

/**
 * Lets the help of the flags say what the schema says of their fields.
 * @param comments the schema's comments, by the full names of what they are about.
 */
export function explainFlags(command: Command, comments: Readonly<Record<string, string>>): void {
  for (const option of command.options) {
    const meaning = meaningOf(FIELD_OF.get(option), comments);
    if (meaning !== "") option.description = option.description === "" ? meaning : `${meaning} (${option.description})`;
  }
  for (const child of command.commands) explainFlags(child, comments);
}

/** A comment begins with the name of the field, which the flag has; of numbers and constants the command line has words. */
function meaningOf(field: string | undefined, comments: Readonly<Record<string, string>>): string {
  const comment = (field && comments[field]) ?? "";
  const sentences = comment.replace(/^\w+ (is |are )?/, "").split(/(?<=[.:;]) (?=\S)/);
  return sentences.filter((sentence) => !sentence.includes("_UNSPECIFIED")).join(" ");
}

function flagsOf(field: DescField): Flag[] {
  const flags = makeFlags(field);
  // A second flag empties the list, and says so itself.
  if (flags[0]) FIELD_OF.set(flags[0].option, `${field.parent.typeName}.${field.name}`);
  return flags;
}

function makeFlags(field: DescField): Flag[] {
  const name = field.name.replaceAll("_", "-");
  const set = (request: JsonObject, value: unknown) => {
    request[field.jsonName] = value as JsonValue;
  };
  if (field.fieldKind === "map") return [{ option: pairs(`--${name} <key=value...>`), set }];
  if (field.fieldKind === "list") return [{ option: values(`--${name} <value...>`, field), set }];
  const wrapped = wrappedList(field);
  if (wrapped) {
    const setList = (request: JsonObject, list: unknown) => set(request, { [wrapped.jsonName]: list as JsonValue });
    return [
      { option: values(`--${name} <value...>`, wrapped), set: setList },
      { option: new Option(`--clear-${name}`, "empty the list"), set: (request) => setList(request, []) },
    ];
  }
  if (isBoolean(field)) {
    const option = new Option(`--${name} [true|false]`, "boolean; alone it means true").argParser(parseBoolean);
    return [{ option, set: (request, value) => set(request, value === true || value === "true") }];
  }
  return [{ option: new Option(`--${name} <value>`, hint(field)).argParser(parserOf(field)), set }];
}

/** The list of a message whose only field is one, such as AdditionalScopesUpdate: it gives a list presence. */
function wrappedList(field: DescField): DescField | undefined {
  const [only, ...others] = field.message?.fields ?? [];
  return field.fieldKind === "message" && only?.fieldKind === "list" && others.length === 0 ? only : undefined;
}

function pairs(flags: string): Option {
  return new Option(flags, "pairs, any number").argParser((text: string, before: Record<string, string> = {}) => {
    const [key = "", ...rest] = text.split("=");
    if (key === "" || rest.length === 0) throw new InvalidArgumentError("key=value is accepted.");
    return { ...before, [key]: rest.join("=") };
  });
}

function values(flags: string, field: DescField): Option {
  const parse = parserOf(field);
  const meaning = hint(field);
  return new Option(flags, `${meaning}${meaning ? ", " : ""}any number`).argParser(
    (text: string, before: unknown[] = []) => [...before, parse(text)],
  );
}

function parserOf(field: DescField): (text: string) => unknown {
  const desc = field.enum ?? field.message;
  if (field.enum) return (text) => parseEnum(field, text);
  if (desc?.typeName === "google.protobuf.Duration") return parseDuration;
  if (desc?.typeName === "google.protobuf.Timestamp") return parseTimestamp;
  if (field.message) return isPlain(field.message) ? parsePlain(field.message) : parseJson;
  return (text) => text;
}

function hint(field: DescField): string {
  const desc = field.message;
  if (field.enum) return enumNames(field).join(" or ");
  if (desc?.typeName === "google.protobuf.Duration") return "duration such as 90d, 12h or 3600s";
  if (desc?.typeName === "google.protobuf.Timestamp") return "time such as 2027-01-31T12:00:00Z";
  if (desc) return isPlain(desc) ? plainHint(desc) : `JSON of ${desc.typeName}`;
  return field.scalar === ScalarType.STRING ? "" : "number";
}

/** Whether a message is one of single values alone, such as Sort and Subject. */
function isPlain({ fields }: DescMessage): boolean {
  return fields.length > 0 && fields.every(({ fieldKind }) => fieldKind === "scalar" || fieldKind === "enum");
}

function plainHint({ fields }: DescMessage): string {
  return fields.map((field) => `${field.name.replaceAll("_", "-")}=${plainValueHint(field)}`).join(",");
}

function plainValueHint(field: DescField): string {
  // Of many values the one that is meant is in the comment.
  const names = field.enum ? enumNames(field) : [];
  if (names.length > 0 && names.length <= 4) return names.join("|");
  return isBoolean(field) ? "true|false" : "...";
}

const isBoolean = (field: DescField): boolean => field.fieldKind === "scalar" && field.scalar === ScalarType.BOOL;

/** `field=name,order=asc`; JSON is taken, too. */
function parsePlain(message: DescMessage): (text: string) => JsonValue {
  return (text) => {
    if (text.startsWith("{")) return parseJson(text);
    const object: JsonObject = {};
    for (const pair of text.split(",")) {
      const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
      const field = message.fields.find(({ name }) => name === key.replaceAll("-", "_"));
      if (!field) throw new InvalidArgumentError(`${plainHint(message)} is accepted.`);
      object[field.jsonName] = (isBoolean(field) ? parseBoolean(value) : parserOf(field)(value)) as JsonValue;
    }
    return object;
  };
}

/** Short names of the values of an enum, without prefix and UNSPECIFIED: `active`, `inactive`. */
function enumNames(field: DescField): string[] {
  return (field.enum?.values ?? []).filter((value) => value.number !== 0).map((value) => shortName(field, value.name));
}

/** `SSO_CONFIGURATION_STATE_ACTIVE` → `active`: without what stands before UNSPECIFIED. Other names stay. */
export function shortName(field: DescField, name: string): string {
  const zero = field.enum?.values.find((value) => value.number === 0)?.name ?? "";
  const prefix = zero.endsWith("UNSPECIFIED") ? zero.slice(0, -"UNSPECIFIED".length) : "";
  return (name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase().replaceAll("_", "-");
}

function parseEnum(field: DescField, text: string): string {
  const found = field.enum?.values.find(
    (value) => value.name === text || shortName(field, value.name) === text.toLowerCase(),
  );
  if (!found) throw new InvalidArgumentError(`${enumNames(field).join(", ")} are accepted.`);
  return found.name;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function parseDuration(text: string): string {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw new InvalidArgumentError("90d, 12h, 30m or 3600s are accepted.");
  return `${Number(amount) * (UNITS[unit] as number)}s`;
}

function parseTimestamp(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError("a time such as 2027-01-31T12:00:00Z is accepted.");
  return time.toISOString();
}

function parseBoolean(text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new InvalidArgumentError("true and false are accepted.");
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("JSON is accepted.");
  }
}
