import type { parse } from "@bufbuild/cel";

/** What the library's parser makes of a source. */
export type Parsed = ReturnType<typeof parse>;

/** The library's syntax tree, in which macros are already expanded to comprehensions. */
export type Expr = Parsed["expr"];

type Constant = Extract<Expr["exprKind"], { case: "constExpr" }>["value"]["constantKind"];
type Comprehension = Extract<Expr["exprKind"], { case: "comprehensionExpr" }>["value"];
type Call = Extract<Expr["exprKind"], { case: "callExpr" }>["value"];

interface NodeBase {
  /** The tree that the library evaluates for this node. */
  readonly expr: Expr;
  /** Where the library places the node: its operator, its `.`, or its first character; UTF-16 code units. */
  readonly at: number;
}

/** A node of an expression as it was written, with macros unexpanded. */
export type Node = NodeBase &
  (
    | { readonly kind: "literal"; readonly constant: Constant }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "select"; readonly operand: Node; readonly field: string }
    | { readonly kind: "has"; readonly operand: Node; readonly field: string }
    | { readonly kind: "list"; readonly items: readonly Node[] }
    | {
        readonly kind: "call";
        readonly name: string;
        readonly target: Node | undefined;
        readonly args: readonly Node[];
      }
    | MacroParts
    | { readonly kind: "unsupported"; readonly what: string }
  );

interface MacroParts {
  readonly kind: "macro";
  readonly name: string;
  readonly range: Node;
  readonly variable: string;
  /** What is evaluated for each element: the predicate; for `map`, the optional predicate and then the result. */
  readonly bodies: readonly Node[];
}

/** A node that loops over a list or over the keys of an object. */
export type MacroNode = Extract<Node, { kind: "macro" }>;

/** The operators of the library's tree, as they are written. */
export const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["_&&_", "&&"],
  ["_||_", "||"],
  ["!_", "!"],
  ["_?_:_", "?:"],
  ["_==_", "=="],
  ["_!=_", "!="],
  ["_<_", "<"],
  ["_<=_", "<="],
  ["_>_", ">"],
  ["_>=_", ">="],
  ["@in", "in"],
  ["_[_]", "[]"],
]);

/** Reads the library's tree back into nodes as written. */
export function readNode(parsed: Parsed): Node {
  const { positions, macroCalls } = parsed.sourceInfo!;

  function read(expr: Expr): Node {
    const id = String(expr.id);
    const base = { expr, at: positions[id] ?? 0 };
    const kind = expr.exprKind;
    switch (kind.case) {
      case "constExpr":
        return { ...base, kind: "literal", constant: kind.value.constantKind };
      case "identExpr":
        return { ...base, kind: "name", name: kind.value.name };
      case "selectExpr":
        return {
          ...base,
          kind: kind.value.testOnly ? "has" : "select",
          operand: read(kind.value.operand!),
          field: kind.value.field,
        };
      case "listExpr":
        return { ...base, kind: "list", items: kind.value.elements.map(read) };
      case "callExpr":
        return { ...base, kind: "call", name: kind.value.function, ...readArguments(kind.value) };
      case "comprehensionExpr":
        return { ...base, ...readMacro(macroName(macroCalls[id]), kind.value) };
      default:
        return { ...base, kind: "unsupported", what: "maps and messages" };
    }
  }

  function readArguments(call: Call): { target: Node | undefined; args: readonly Node[] } {
    return { target: call.target && read(call.target), args: call.args.map(read) };
  }

  function readMacro(name: string, comprehension: Comprehension): MacroParts {
    const bodies = macroBodies(name, comprehension.loopStep!).map(read);
    return { kind: "macro", name, range: read(comprehension.iterRange!), variable: comprehension.iterVar, bodies };
  }

  return read(parsed.expr);
}

/** The nodes directly below a node, in the order of evaluation. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "select":
    case "has":
      return [node.operand];
    case "list":
      return node.items;
    case "call":
      return node.target === undefined ? node.args : [node.target, ...node.args];
    case "macro":
      return [node.range, ...node.bodies];
    default:
      return [];
  }
}

/** Where a node's text begins in the source, in UTF-16 code units: the library places operators elsewhere. */
export function startOf(node: Node, source: string): number {
  const first = childrenOf(node)[0];
  const prefixed = node.kind === "has" || node.kind === "list" || (node.kind === "call" && isPrefix(node));
  if (first !== undefined && !prefixed) {
    return startOf(first, source);
  }
  return node.at + (/^\s*/.exec(source.slice(node.at))?.[0].length ?? 0);
}

function isPrefix(call: Extract<Node, { kind: "call" }>): boolean {
  return call.name === "!_" || (call.target === undefined && !OPERATORS.has(call.name));
}

/** The text of a constant string; undefined for every other node. */
export function stringLiteral(node: Node | undefined): string | undefined {
  return node?.kind === "literal" && node.constant.case === "stringValue" ? node.constant.value : undefined;
}

function macroName(call: Expr | undefined): string {
  return call?.exprKind.case === "callExpr" ? call.exprKind.value.function : "";
}

/** Finds what the author wrote inside the step of an expanded macro. */
function macroBodies(name: string, step: Expr): readonly Expr[] {
  const args = argumentsOf(step);
  if (name === "exists" || name === "all") {
    return args.slice(1, 2);
  }
  if (name !== "map") {
    return args.slice(0, 1);
  }
  return args.length === 3 ? [args[0]!, appended(args[1]!)] : [appended(step)];
}

function appended(concatenation: Expr): Expr {
  const list = argumentsOf(concatenation)[1]!;
  return list.exprKind.case === "listExpr" ? list.exprKind.value.elements[0]! : list;
}

function argumentsOf(expr: Expr): readonly Expr[] {
  return expr.exprKind.case === "callExpr" ? expr.exprKind.value.args : [];
}
