import type { DescFile, DescMethod } from "@bufbuild/protobuf";
import { declarationOf } from "../schema.ts";
import type { Example } from "./scenario.ts";
import { indent, type Node, nodesOf, stepsOf, treeOf } from "./tree.ts";

/** The call with the classes that `clients/python` generates: a whole program. */
export function pythonExample(method: DescMethod, { request, gives = {} }: Example): string {
  const tree = treeOf(method.input, request);
  const { caller, streaming } = declarationOf(method);
  const open = caller === "anyone";
  const service = method.parent;
  const headers = `headers={"Authorization": f"Bearer {os.environ['TOKEN']}"}`;
  const call = wrap(`client.${snake(method.name)}(`, [literal(tree), ...(open ? [] : [headers])], ")");
  return [
    ...importsOf(method, tree),
    "",
    `with ${service.name}ClientSync(os.environ["ORGANIZATION_SERVICE_URL"]) as client:`,
    ...(streaming ? streamed(call) : [`response = ${call}`, ...printed(method, gives)]).map(
      (line) => `    ${indent(line, "    ")}`,
    ),
    "",
  ].join("\n");
}

function streamed(call: string): string[] {
  return [
    `for event in ${call}:`,
    "    # A message without an operation only says that the stream lives.",
    "    if not event.operation:",
    "        continue",
    "    print(event)",
    "    break",
  ];
}

function printed(method: DescMethod, gives: Readonly<Record<string, string>>): string[] {
  const paths = Object.values(gives);
  if (paths.length === 0) return ["print(response)"];
  return paths.map((path) => {
    const steps = stepsOf(method.output, path);
    return `print(response${steps.map((step) => ("index" in step ? `[${step.index}]` : `.${step.field.name}`)).join("")})`;
  });
}

function importsOf(method: DescMethod, tree: Node): string[] {
  const nodes = nodesOf(tree);
  const files = new Set<DescFile>();
  for (const node of nodes) if (node.kind === "message" || node.kind === "enum") files.add(node.desc.file);
  const { file, name } = method.parent;
  const imports = [
    ...[...files].map((each) => `from ${packageOf(each)} import ${moduleOf(each)}`),
    `from ${packageOf(file)}.${baseOf(file)}_connect import ${name}ClientSync`,
    ...(nodes.some(({ kind }) => kind === "duration") ? ["from google.protobuf import duration_pb2"] : []),
    ...(nodes.some(({ kind }) => kind === "json") ? ["from google.protobuf import json_format, struct_pb2"] : []),
  ];
  return ["import os", "", ...imports.sort()];
}

function literal(node: Node): string {
  switch (node.kind) {
    case "message": {
      const { desc, fields } = node;
      const name = desc.typeName.slice(desc.file.proto.package.length + 1);
      const parts = fields.map((each) => `${each.field.name}=${literal(each.node)}`);
      return wrap(`${moduleOf(desc.file)}.${name}(`, parts, ")");
    }
    case "list":
      return wrap("[", node.items.map(literal), "]");
    case "map":
      return wrap(
        "{",
        node.entries.map(([key, value]) => `${JSON.stringify(key)}: ${literal(value)}`),
        "}",
      );
    case "variable":
      return `os.environ["${node.name}"]`;
    case "enum": {
      const parent = node.desc.parent?.typeName.slice(node.desc.file.proto.package.length + 1);
      return `${moduleOf(node.desc.file)}.${parent === undefined ? "" : `${parent}.`}${node.value.name}`;
    }
    case "duration":
      return `duration_pb2.Duration(seconds=${node.seconds})`;
    case "json":
      return `json_format.ParseDict(${pretty(node.value)}, struct_pb2.Value())`;
    case "text":
      return quoted(node.value);
    case "boolean":
      return node.value ? "True" : "False";
    default:
      return String(node.value);
  }
}

function pretty(value: unknown): string {
  if (Array.isArray(value)) return wrap("[", value.map(pretty), "]");
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  if (typeof value !== "object") return JSON.stringify(value);
  return wrap(
    "{",
    Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${pretty(each)}`),
    "}",
  );
}

function quoted(text: string): string {
  return text.includes('"') && !/['\\\n]/.test(text) ? `'${text}'` : JSON.stringify(text);
}

/** `GetSSOLoginURL` → `get_sso_login_url` */
function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

function packageOf(file: DescFile): string {
  return file.name.split("/").slice(0, -1).join(".");
}

function baseOf(file: DescFile): string {
  return file.name.split("/").at(-1) as string;
}

function moduleOf(file: DescFile): string {
  return `${baseOf(file)}_pb2`;
}

function wrap(open: string, parts: readonly string[], close: string): string {
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length <= 72 && !line.includes("\n")) return line;
  return `${open}\n${parts.map((part) => `    ${indent(part, "    ")},\n`).join("")}${close}`;
}
