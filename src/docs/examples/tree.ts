import type { DescEnum, DescEnumValue, DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";

/** A request with its types, from which each language prints its own literals. */
export type Node =
  | { readonly kind: "message"; readonly desc: DescMessage; readonly fields: readonly FieldNode[] }
  | { readonly kind: "list"; readonly field: DescField; readonly items: readonly Node[] }
  | { readonly kind: "map"; readonly field: DescField; readonly entries: readonly (readonly [string, Node])[] }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "long"; readonly value: string }
  | { readonly kind: "enum"; readonly desc: DescEnum; readonly value: DescEnumValue }
  | { readonly kind: "duration"; readonly seconds: number }
  /** google.protobuf.Value */
  | { readonly kind: "json"; readonly value: JsonValue };

/** A field that is set. */
export interface FieldNode {
  readonly field: DescField;
  readonly node: Node;
}

/** Reads a request by its type. Throws when it holds what the type does not. */
export function treeOf(desc: DescMessage, json: JsonObject): Extract<Node, { kind: "message" }> {
  const fields = Object.entries(json).map(([name, value]) => {
    const field = desc.fields.find(({ jsonName }) => jsonName === name);
    if (!field) throw new Error(`${desc.typeName} has no field ${name}`);
    return { field, node: fieldNode(field, value) };
  });
  return { kind: "message", desc, fields };
}

function fieldNode(field: DescField, value: JsonValue): Node {
  switch (field.fieldKind) {
    case "list":
      return { kind: "list", field, items: (value as JsonValue[]).map((item) => single(field, item)) };
    case "map": {
      const entries = Object.entries(value as JsonObject);
      return { kind: "map", field, entries: entries.map(([key, item]) => [key, single(field, item)] as const) };
    }
    default:
      return single(field, value);
  }
}

function single(field: DescField, value: JsonValue): Node {
  if (field.message) return messageNode(field.message, value);
  if (field.enum) return enumNode(field.enum, value);
  const variable = typeof value === "string" ? /^\$([A-Z_]+)$/.exec(value)?.[1] : undefined;
  if (variable !== undefined) return { kind: "variable", name: variable };
  if (typeof value === "boolean") return { kind: "boolean", value };
  if (typeof value === "number") return { kind: "number", value };
  if (typeof value !== "string") throw new Error(`${field.toString()} cannot be ${JSON.stringify(value)}`);
  return field.scalar === ScalarType.INT64 ? { kind: "long", value } : { kind: "text", value };
}

function messageNode(desc: DescMessage, value: JsonValue): Node {
  if (desc.typeName === "google.protobuf.Duration") {
    return { kind: "duration", seconds: Number.parseFloat(value as string) };
  }
  if (desc.typeName === "google.protobuf.Value") return { kind: "json", value };
  if (desc.typeName.startsWith("google.")) throw new Error(`examples cannot hold ${desc.typeName} yet`);
  return treeOf(desc, value as JsonObject);
}

function enumNode(desc: DescEnum, name: JsonValue): Node {
  const value = desc.values.find((each) => each.name === name);
  if (!value) throw new Error(`${desc.typeName} has no value ${JSON.stringify(name)}`);
  return { kind: "enum", desc, value };
}

/** Every node of a tree, itself included. */
export function nodesOf(node: Node): Node[] {
  if (node.kind === "message") return [node, ...node.fields.flatMap((field) => nodesOf(field.node))];
  if (node.kind === "list") return [node, ...node.items.flatMap(nodesOf)];
  if (node.kind === "map") return [node, ...node.entries.flatMap(([, value]) => nodesOf(value))];
  return [node];
}

/** One step of the way to a value in a response. */
export type Step = { readonly field: DescField } | { readonly index: number };

/** Reads a path such as `members.0.userId` by the type of a response. */
export function stepsOf(desc: DescMessage, path: string): Step[] {
  let current: DescMessage | undefined = desc;
  return path.split(".").map((part) => {
    if (/^\d+$/.test(part)) return { index: Number(part) };
    const field: DescField | undefined = current?.fields.find(({ jsonName }) => jsonName === part);
    if (!field) throw new Error(`${desc.typeName} has nothing at ${path}`);
    current = field.message;
    return { field };
  });
}

/** `  ` in front of every line but the first. */
export function indent(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}
