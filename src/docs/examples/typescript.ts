import type { DescEnum, DescMethod } from "@bufbuild/protobuf";
import { declarationOf } from "../schema.ts";
import type { Example } from "./scenario.ts";
import { variablesIn } from "./scenario.ts";
import { type FieldNode, indent, type Node, nodesOf, stepsOf, treeOf } from "./tree.ts";

/** The call with the npm package: a whole program. */
export function typescriptExample(method: DescMethod, { request, gives = {} }: Example): string {
  const tree = treeOf(method.input, request);
  const { caller, streaming } = declarationOf(method);
  const open = caller === "anyone";
  const environment = [
    'ORGANIZATION_SERVICE_URL = "http://localhost:8080"',
    ...(open ? [] : ["TOKEN"]),
    ...variablesIn(request),
  ].map((each) => (each.includes("=") ? each : `${each} = ""`));
  const call = `client.${clientName(method)}.${method.localName}(${literal(tree)})`;
  return [
    ...importsOf(tree),
    "",
    wrap("const {", environment, "} = process.env;"),
    `const client = createOrganizationClient({ baseUrl: ORGANIZATION_SERVICE_URL${open ? "" : ", token: TOKEN"} });`,
    "",
    ...(streaming
      ? streamed(`client.${clientName(method)}.${method.localName}(${literal(tree)}, { signal: stop.signal })`)
      : [`const response = await ${call};`, ...printed(method, gives)]),
    "",
  ].join("\n");
}

function streamed(call: string): string[] {
  return [
    "const stop = new AbortController();",
    `for await (const event of ${call}) {`,
    "  // A message without an operation only says that the stream lives.",
    "  if (!event.operation) continue;",
    "  console.log(event);",
    "  break;",
    "}",
    "stop.abort();",
  ];
}

function printed(method: DescMethod, gives: Readonly<Record<string, string>>): string[] {
  const paths = Object.values(gives);
  if (paths.length === 0) return ["console.log(response);"];
  return paths.map((path) => {
    let text = "response";
    let optional = false;
    for (const step of stepsOf(method.output, path)) {
      if ("index" in step) {
        text += `[${step.index}]`;
        optional = true;
      } else {
        text += `${optional ? "?." : "."}${step.field.localName}`;
        optional = step.field.fieldKind === "message";
      }
    }
    return `console.log(${text});`;
  });
}

/** The name that createOrganizationClient gives to the service. */
function clientName({ parent }: DescMethod): string {
  const name = parent.name.replace(/Service$/, "");
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function importsOf(tree: Node): string[] {
  const nodes = nodesOf(tree);
  const enums = [...new Set(nodes.flatMap((node) => (node.kind === "enum" ? [enumName(node.desc)] : [])))].sort();
  const json = nodes.some(({ kind }) => kind === "json");
  return [
    ...(json ? ['import { fromJson } from "@bufbuild/protobuf";'] : []),
    ...(json ? ['import { ValueSchema } from "@bufbuild/protobuf/wkt";'] : []),
    ...(enums.length > 0 ? [`import { ${enums.join(", ")} } from "organization-service";`] : []),
    'import { createOrganizationClient } from "organization-service/client";',
  ];
}

function enumName(desc: DescEnum): string {
  return desc.typeName.slice(desc.file.proto.package.length + 1).replaceAll(".", "_");
}

function literal(node: Node): string {
  switch (node.kind) {
    case "message":
      return wrap("{", node.fields.map(property), "}");
    case "list":
      return wrap("[", node.items.map(literal), "]");
    case "map":
      return wrap(
        "{",
        node.entries.map(([key, value]) => `${/^[a-z]\w*$/i.test(key) ? key : JSON.stringify(key)}: ${literal(value)}`),
        "}",
      );
    case "variable":
      return node.name;
    case "enum":
      return `${enumName(node.desc)}.${node.value.localName}`;
    case "duration":
      return `{ seconds: ${node.seconds}n }`;
    case "long":
      return `${node.value}n`;
    case "json":
      return `fromJson(ValueSchema, ${pretty(node.value)})`;
    case "text":
      return quoted(node.value);
    default:
      return String(node.value);
  }
}

function property({ field, node }: FieldNode): string {
  if (!field.oneof) return `${field.localName}: ${literal(node)}`;
  return `${field.oneof.localName}: { case: ${JSON.stringify(field.localName)}, value: ${literal(node)} }`;
}

/** Prefers the quotes that need no escape. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  return text.includes('"') && !/['\\\n]/.test(text) ? `'${text}'` : json;
}

function pretty(value: unknown): string {
  if (Array.isArray(value)) return wrap("[", value.map(pretty), "]");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return wrap(
    "{",
    Object.entries(value).map(
      ([key, each]) => `${/^[a-z]\w*$/i.test(key) ? key : JSON.stringify(key)}: ${pretty(each)}`,
    ),
    "}",
  );
}

/** On one line when it fits, otherwise one element a line. */
function wrap(open: string, parts: readonly string[], close: string): string {
  if (parts.length === 0) return `${open}${close}`;
  const space = open === "[" ? "" : " ";
  const line = `${open}${space}${parts.join(", ")}${space}${close}`;
  if (line.length <= 72 && !line.includes("\n")) return line;
  return `${open}\n${parts.map((part) => `  ${indent(part, "  ")},\n`).join("")}${close}`;
}
