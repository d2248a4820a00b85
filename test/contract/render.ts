import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescOneof,
  type DescService,
  getOption,
  hasOption,
  ScalarType,
  toJsonString,
} from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import {
  FieldRulesSchema,
  field as fieldRules,
  MessageRulesSchema,
  message as messageRules,
  OneofRulesSchema,
  oneof as oneofRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Access, audit, Caller, permission } from "../../gen/organization/options/v1/options_pb.ts";
import { isRedacted } from "./schema.ts";

/**
 * The wire contract of a file as text, one line for each thing that a client or an operator can notice: services,
 * methods, fields with their presence and rules, enum values, reserved names and numbers, extensions.
 */
export function renderFile(file: DescFile): string {
  const blocks = [
    [`# ${file.proto.name}`],
    ...file.services.map(renderService),
    ...file.messages.flatMap(renderMessage),
    ...file.enums.map(renderEnum),
    ...(file.extensions.length > 0 ? [["extensions", ...file.extensions.map(renderExtension)]] : []),
  ];
  return blocks.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function renderService(service: DescService): string[] {
  return [
    `service ${service.typeName}${flag(service.deprecated, " deprecated")}`,
    ...service.methods.map(renderMethod),
  ];
}

function renderMethod(method: DescMethod): string {
  const { caller, access } = getOption(method, permission);
  const action = getOption(method, audit);
  return line(
    method.name,
    `(${method.input.typeName})`,
    method.methodKind,
    `(${method.output.typeName})`,
    `idempotency=${MethodOptions_IdempotencyLevel[method.idempotency]}`,
    `permission=${nameOf(Caller, caller)}/${nameOf(Access, access)}`,
    action && `audit=${action}`,
    flag(method.deprecated, "deprecated"),
  );
}

function renderMessage(message: DescMessage): string[][] {
  const own = [
    [`message ${message.typeName}`, flag(message.deprecated, "deprecated"), rulesOfMessage(message)]
      .filter(Boolean)
      .join("  "),
    ...message.fields.map(renderField),
    ...message.oneofs.map(renderOneof),
    ...message.proto.reservedRange.map((range) => line("reserved", `${range.start}..${range.end - 1}`)),
    ...message.proto.reservedName.map((name) => line("reserved", name)),
  ];
  return [own, ...message.nestedMessages.flatMap(renderMessage), ...message.nestedEnums.map(renderEnum)];
}

function renderField(field: DescField): string {
  return line(
    String(field.number),
    field.name,
    field.jsonName,
    typeOf(field),
    presenceOf(field),
    flag(field.fieldKind === "list" && field.packed, "packed"),
    flag(field.deprecated, "deprecated"),
    flag(isRedacted(field), "redacted"),
    rulesOfField(field),
  );
}

function renderOneof(oneof: DescOneof): string {
  const members = oneof.fields.map((field) => field.name).join("|");
  return line(`oneof ${oneof.name}`, members, rulesOfOneof(oneof));
}

function renderEnum(type: DescEnum): string[] {
  return [
    `enum ${type.typeName}${flag(type.deprecated, " deprecated")}`,
    ...type.values.map((value) => line(String(value.number), value.name, flag(value.deprecated, "deprecated"))),
    ...type.proto.reservedRange.map((range) => line("reserved", `${range.start}..${range.end}`)),
    ...type.proto.reservedName.map((name) => line("reserved", name)),
  ];
}

function renderExtension(extension: DescExtension): string {
  return line(String(extension.number), extension.typeName, `of ${extension.extendee.typeName}`, typeOf(extension));
}

function typeOf(field: DescField | DescExtension): string {
  switch (field.fieldKind) {
    case "scalar":
      return scalarName(field.scalar);
    case "enum":
      return field.enum.typeName;
    case "message":
      return field.message.typeName;
    case "list":
      return `repeated ${elementType(field.listKind === "scalar" ? field.scalar : (field.enum ?? field.message))}`;
    case "map":
      return `map<${scalarName(field.mapKey)}, ${elementType(field.mapKind === "scalar" ? field.scalar : (field.enum ?? field.message))}>`;
  }
}

function elementType(element: ScalarType | DescEnum | DescMessage): string {
  return typeof element === "object" ? element.typeName : scalarName(element);
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

/** How absence shows: `optional` is the keyword; `message` tells absence by itself; `implicit` cannot tell it. */
function presenceOf(field: DescField): string {
  if (field.fieldKind === "list" || field.fieldKind === "map") return field.fieldKind;
  if (field.oneof) return `oneof=${field.oneof.name}`;
  if (field.proto.proto3Optional) return "optional";
  return field.fieldKind === "message" ? "message" : "implicit";
}

// Validation rules as JSON, in the order of their own schema, CEL expressions included; "" where there are none.

function rulesOfMessage(message: DescMessage): string {
  return hasOption(message, messageRules) ? toJsonString(MessageRulesSchema, getOption(message, messageRules)) : "";
}

function rulesOfField(field: DescField): string {
  return hasOption(field, fieldRules) ? toJsonString(FieldRulesSchema, getOption(field, fieldRules)) : "";
}

function rulesOfOneof(oneof: DescOneof): string {
  return hasOption(oneof, oneofRules) ? toJsonString(OneofRulesSchema, getOption(oneof, oneofRules)) : "";
}

function nameOf(values: Record<string, number>, value: number): string {
  return Object.keys(values).find((name) => values[name] === value) ?? String(value);
}

function flag(set: boolean, text: string): string {
  return set ? text : "";
}

function line(...parts: string[]): string {
  return `  ${parts.filter(Boolean).join("  ")}`;
}
