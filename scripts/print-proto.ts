// Prints a file descriptor as the text of a .proto file, in proto2 syntax.
//
// It covers what buf/validate/validate.proto uses and nothing else: messages without nested types, enums, oneofs,
// extensions, reserved and extension ranges. Options of fields are left out on purpose: they are the library's own
// predefined rules, which every protovalidate implementation brings along.
import { isFieldSet } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** Returns the .proto source of a file descriptor, without comments (a descriptor does not hold them). */
export function printProto(file: FileDescriptorProto): string {
  const blocks = [
    `syntax = "proto2";`,
    `package ${file.package};`,
    file.dependency.map((path) => `import "${path}";`).join("\n"),
    ...file.extension.map((field) => block(`extend ${field.extendee}`, [printField(field)])),
    ...file.messageType.map(printMessage),
    ...file.enumType.map(printEnum),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function printMessage(message: DescriptorProto): string {
  if (message.nestedType.length > 0 || message.enumType.length > 0) {
    throw new Error(`message ${message.name} has nested types, which this printer does not know`);
  }
  const oneofs = message.oneofDecl.map((oneof, index) =>
    block(
      `oneof ${oneof.name}`,
      message.field.filter((field) => oneofOf(field) === index).map((field) => printField(field, true)),
    ),
  );
  return block(`message ${message.name}`, [
    ...message.field.filter((field) => oneofOf(field) === undefined).map((field) => printField(field)),
    ...oneofs,
    ...message.extensionRange.map((range) => `extensions ${span(range.start, range.end - 1)};`),
    ...message.reservedRange.map((range) => `reserved ${span(range.start, range.end - 1)};`),
    ...message.reservedName.map((name) => `reserved "${name}";`),
  ]);
}

function printEnum(type: EnumDescriptorProto): string {
  return block(`enum ${type.name}`, [
    ...type.value.map((value) => `${value.name} = ${value.number};`),
    ...type.reservedRange.map((range) => `reserved ${span(range.start, range.end)};`),
    ...type.reservedName.map((name) => `reserved "${name}";`),
  ]);
}

function printField(field: FieldDescriptorProto, oneof = false): string {
  const label = oneof ? "" : `${FieldDescriptorProto_Label[field.label].toLowerCase()} `;
  const type = field.typeName || FieldDescriptorProto_Type[field.type].toLowerCase();
  return `${label}${type} ${field.name} = ${field.number};`;
}

function oneofOf(field: FieldDescriptorProto): number | undefined {
  return isFieldSet(field, FieldDescriptorProtoSchema.field.oneofIndex) ? field.oneofIndex : undefined;
}

function span(first: number, last: number): string {
  const highest = 2 ** 29 - 1;
  if (first === last) return `${first}`;
  return last === highest ? `${first} to max` : `${first} to ${last}`;
}

function block(head: string, lines: string[]): string {
  const body = lines.flatMap((line) => line.split("\n")).map((line) => `  ${line}`);
  return [`${head} {`, ...body, "}"].join("\n");
}
