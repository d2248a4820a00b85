import type { DescEnum, DescField, DescFile, DescMessage, DescMethod, JsonValue } from "@bufbuild/protobuf";
import { isFieldSet, ScalarType } from "@bufbuild/protobuf";
import { FieldDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { declarationOf } from "../schema.ts";
import type { Example } from "./scenario.ts";
import { indent, type Node, nodesOf, stepsOf, treeOf } from "./tree.ts";

/** Where `clients/go` puts the packages that it generates. */
export const GO_MODULE = "example.com/organization-client/gen";

/** The call with the packages that `clients/go` generates: a whole program. */
export function goExample(method: DescMethod, { request, gives = {} }: Example): string {
  const tree = treeOf(method.input, request);
  const { caller, streaming } = declarationOf(method);
  const { file, name } = method.parent;
  const lines = [
    `client := ${packageOf(file)}connect.New${name}Client(http.DefaultClient, os.Getenv("ORGANIZATION_SERVICE_URL"))`,
    `request := connect.NewRequest(${literal(tree)})`,
    ...(caller === "anyone" ? [] : ['request.Header().Set("Authorization", "Bearer "+os.Getenv("TOKEN"))']),
    "",
    ...(streaming ? streamed(method) : unary(method, gives)),
  ];
  return [
    "package main",
    "",
    importsOf(method, tree),
    "",
    "func main() {",
    ...lines.map((line) => (line === "" ? "" : `\t${indent(line, "\t")}`)),
    "}",
    "",
  ].join("\n");
}

const FAIL = "if err != nil {\n\tlog.Fatal(err)\n}";

function unary(method: DescMethod, gives: Readonly<Record<string, string>>): string[] {
  const paths = Object.values(gives);
  const values = paths.map((path) =>
    stepsOf(method.output, path)
      .map((step) => ("index" in step ? `[${step.index}]` : `.Get${camel(step.field.name)}()`))
      .join(""),
  );
  const printed = values.length === 0 ? [""] : values;
  return [
    `response, err := client.${method.name}(context.Background(), request)`,
    FAIL,
    ...printed.map((value) => `fmt.Println(response.Msg${value})`),
  ];
}

function streamed(method: DescMethod): string[] {
  return [
    `stream, err := client.${method.name}(context.Background(), request)`,
    FAIL,
    "defer stream.Close()",
    "for stream.Receive() {\n" +
      "\t// A message without an operation only says that the stream lives.\n" +
      "\tif event := stream.Msg(); event.GetOperation() != 0 {\n" +
      "\t\tfmt.Println(event)\n" +
      "\t\treturn\n" +
      "\t}\n" +
      "}",
    "log.Fatal(stream.Err())",
  ];
}

function importsOf(method: DescMethod, tree: Node): string {
  const nodes = nodesOf(tree);
  const has = (...kinds: string[]) => nodes.some(({ kind }) => kinds.includes(kind));
  const optional = nodes.some((node) => node.kind === "message" && node.fields.some(({ field }) => isPointer(field)));
  const files = new Set<DescFile>();
  for (const node of nodes) if (node.kind === "message" || node.kind === "enum") files.add(node.desc.file);
  const { file } = method.parent;
  const standard = ["context", "fmt", "log", "net/http", "os"];
  const modules = new Map([
    ["connectrpc.com/connect", ""],
    [`${pathOf(file)}/${packageOf(file)}connect`, ""],
    ...[...files].map((each) => [pathOf(each), `${packageOf(each)} `] as const),
    ...(optional ? [["google.golang.org/protobuf/proto", ""] as const] : []),
    ...(has("duration") ? [["google.golang.org/protobuf/types/known/durationpb", ""] as const] : []),
    ...(has("json") ? [["google.golang.org/protobuf/types/known/structpb", ""] as const] : []),
  ]);
  const lines = [...modules].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, alias]) => `\t${alias}"${path}"`);
  return ["import (", ...standard.map((path) => `\t"${path}"`), "", ...lines, ")"].join("\n");
}

function literal(node: Node): string {
  switch (node.kind) {
    case "message":
      return composite(
        `&${goName(node.desc)}`,
        node.fields.map(({ field, node: value }) => fieldEntry(field, value)),
      );
    case "list":
      return wrap(`[]${elementType(node.field)}{`, node.items.map(literal));
    case "map":
      return composite(
        `map[string]${elementType(node.field)}`,
        node.entries.map(([key, value]) => [JSON.stringify(key), literal(value)] as const),
      );
    case "variable":
      return `os.Getenv("${node.name}")`;
    case "enum":
      return `${enumScope(node.desc)}_${node.value.name}`;
    case "duration":
      return `&durationpb.Duration{Seconds: ${node.seconds}}`;
    case "json":
      return jsonValue(node.value);
    case "text":
      return quoted(node.value);
    default:
      return String(node.value);
  }
}

function fieldEntry(field: DescField, node: Node): readonly [string, string] {
  const name = camel(field.name);
  if (field.oneof) {
    return [camel(field.oneof.name), `&${goName(field.parent)}_${name}{${name}: ${literal(node)}}`];
  }
  if (!isPointer(field)) return [name, literal(node)];
  if (field.enum) return [name, `${literal(node)}.Enum()`];
  return [name, `proto.${POINTERS[field.scalar as ScalarType]}(${literal(node)})`];
}

/** Whether the field is a pointer to a scalar or an enum in Go: it was declared `optional`. */
function isPointer(field: DescField): boolean {
  if (field.message || field.fieldKind === "list" || field.fieldKind === "map") return false;
  return isFieldSet(field.proto, FieldDescriptorProtoSchema.field.proto3Optional) && field.proto.proto3Optional;
}

const POINTERS: Partial<Record<ScalarType, string>> = {
  [ScalarType.STRING]: "String",
  [ScalarType.BOOL]: "Bool",
  [ScalarType.INT32]: "Int32",
  [ScalarType.INT64]: "Int64",
};

const TYPES: Partial<Record<ScalarType, string>> = {
  [ScalarType.STRING]: "string",
  [ScalarType.BOOL]: "bool",
  [ScalarType.INT32]: "int32",
  [ScalarType.INT64]: "int64",
};

function elementType(field: DescField): string {
  if (field.message) return `*${goName(field.message)}`;
  if (field.enum) return goName(field.enum);
  return TYPES[field.scalar as ScalarType] as string;
}

function jsonValue(value: JsonValue): string {
  if (value === null) return "structpb.NewNullValue()";
  if (typeof value === "string") return `structpb.NewStringValue(${quoted(value)})`;
  if (typeof value === "number") return `structpb.NewNumberValue(${value})`;
  if (typeof value === "boolean") return `structpb.NewBoolValue(${value})`;
  if (Array.isArray(value)) {
    const list = wrap("[]*structpb.Value{", value.map(jsonValue));
    return `structpb.NewListValue(&structpb.ListValue{Values: ${list}})`;
  }
  const fields = Object.entries(value).map(
    ([key, each]) => [JSON.stringify(key), jsonValue(each as JsonValue)] as const,
  );
  return `structpb.NewStructValue(&structpb.Struct{Fields: ${composite("map[string]*structpb.Value", fields)}})`;
}

function quoted(text: string): string {
  return /["\\]/.test(text) && !/[`\n]/.test(text) ? `\`${text}\`` : JSON.stringify(text);
}

function goName(desc: DescMessage | DescEnum): string {
  const name = desc.typeName.slice(desc.file.proto.package.length + 1).replaceAll(".", "_");
  return `${packageOf(desc.file)}.${name}`;
}

/** In Go, the values of an enum are named after the message around it, or else after the enum. */
function enumScope(desc: DescEnum): string {
  return goName(desc.parent ?? desc);
}

/** `sso_configuration_id` → `SsoConfigurationId`, as protoc-gen-go does. */
function camel(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function packageOf(file: DescFile): string {
  return file.proto.package.replaceAll(".", "");
}

function pathOf(file: DescFile): string {
  return `${GO_MODULE}/${file.proto.package.replaceAll(".", "/")}`;
}

function wrap(open: string, parts: readonly string[]): string {
  const line = `${open}${parts.join(", ")}}`;
  if (line.length <= 72 && !line.includes("\n")) return line;
  return `${open}\n${parts.map((part) => `\t${indent(part, "\t")},\n`).join("")}}`;
}

/** A composite literal with keys, whose values stand in one column as gofmt puts them. */
function composite(type: string, entries: readonly (readonly [key: string, value: string])[]): string {
  const line = `${type}{${entries.map(([key, value]) => `${key}: ${value}`).join(", ")}}`;
  if (entries.length === 0 || (line.length <= 72 && !line.includes("\n"))) return line;
  const rows = entries.map(([key, value], index) => {
    let width = key.length;
    // A value of several lines begins a new column.
    for (let other = index - 1; other >= 0 && alone(entries, other) && alone(entries, index); other--) {
      width = Math.max(width, entries[other]?.[0].length ?? 0);
    }
    for (let other = index + 1; other < entries.length && alone(entries, index) && alone(entries, other); other++) {
      width = Math.max(width, entries[other]?.[0].length ?? 0);
    }
    return `\t${key}:${" ".repeat(width - key.length + 1)}${indent(value, "\t")},\n`;
  });
  return `${type}{\n${rows.join("")}}`;
}

function alone(entries: readonly (readonly [string, string])[], index: number): boolean {
  return !entries[index]?.[1].includes("\n");
}
