import { type CelError, unparse } from "@bufbuild/cel";
import type { Compiled } from "./compile.ts";
import { childrenOf, type MacroNode, type Node, OPERATORS } from "./nodes.ts";
import { elementsOf, joinPath, pathOf } from "./paths.ts";
import { type Claims, describeType, shorten } from "./values.ts";

/** Why a node has no value. */
export interface EvaluationError {
  /** A sentence for people. */
  readonly reason: string;
  /** The claim that was not sent, as a dotted path such as `address.country`; undefined when the error is another. */
  readonly missingClaim?: string;
}

type Path = readonly string[];
type Elements = ReadonlyMap<string, Path>;

/** Says what an error of the library means in terms of the expression and of the claims. */
export function describeError(compiled: Compiled, error: CelError, claims: Claims): EvaluationError {
  const { reached } = compiled.program.meter;
  if (reached !== undefined) {
    return { reason: reached.message };
  }
  const found = findNode(compiled.root, error.exprId, new Map());
  if (found === undefined) {
    return { reason: error.message };
  }
  const { node, elements } = found;
  const path = pathOf(node, elements);
  const described =
    path === undefined ? describeEntry(node, elements, error.message, claims) : describeMember(path, claims);
  return described ?? { reason: `${textOf(compiled, node)}: ${describeMessage(node, error.message)}` };
}

/** The text of a node in CEL's canonical form, shortened. */
export function textOf(compiled: Compiled, node: Node): string {
  return shorten(unparse({ ...compiled.parsed, expr: node.expr }));
}

function findNode(
  node: Node,
  id: bigint | undefined,
  elements: Elements,
): { node: Node; elements: Elements } | undefined {
  if (node.expr.id === id || (node.kind === "macro" && stepOf(node) === id)) {
    return { node, elements };
  }
  for (const child of childrenOf(node)) {
    const found = findNode(child, id, node.kind === "macro" && child !== node.range ? elementsOf(node) : elements);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** The operator that the library put around the condition of a macro. */
function stepOf(macro: MacroNode): bigint | undefined {
  const kind = macro.expr.exprKind;
  return kind.case === "comprehensionExpr" ? kind.value.loopStep?.id : undefined;
}

/** Follows a path through the claims to where it ends too early. Which entry of a list lacks the member is not known. */
function describeMember(path: Path, claims: Claims): EvaluationError | undefined {
  let value: unknown = claims;
  for (const [index, name] of path.entries()) {
    if (name === "[]") {
      return missing(joinPath(path), " from an entry");
    }
    const entry = Array.isArray(value) ? /^\[(.+)\]$/.exec(name)?.[1] : undefined;
    if (entry !== undefined) {
      value = (value as unknown[])[Number(entry)];
      if (value === undefined) {
        return { reason: `the claim \`${joinPath(path.slice(0, index))}\` has no entry ${entry}` };
      }
      continue;
    }
    if (!isObject(value)) {
      const parent = joinPath(path.slice(0, index));
      return { reason: `the claim \`${parent}\` is ${describeType(value)}, which has no member \`${name}\`` };
    }
    value = memberOf(value, name);
    if (value === undefined) {
      return missing(joinPath(path.slice(0, index + 1)));
    }
  }
  return undefined;
}

/** An index that is computed, or a number. */
function describeEntry(node: Node, elements: Elements, message: string, claims: Claims): EvaluationError | undefined {
  const key = /^no entry: (.*)$/s.exec(message)?.[1];
  const path = node.kind === "call" && node.name === "_[_]" ? pathOf(node.args[0]!, elements) : undefined;
  if (key === undefined || path === undefined) {
    return undefined;
  }
  const operand = path.reduce((value: unknown, name) => (isObject(value) ? memberOf(value, name) : undefined), claims);
  return isObject(operand)
    ? missing(joinPath([...path, key]))
    : { reason: `the claim \`${joinPath(path)}\` has no entry ${key}` };
}

function describeMessage(node: Node, libraryMessage: string): string {
  const message = libraryMessage.replaceAll(/(list|map)\(dyn.*?\)/g, "$1");
  const name =
    node.kind === "call" ? (OPERATORS.get(node.name) ?? node.name) : node.kind === "macro" ? node.name : "this";
  const range = /^type mismatch: iterable vs (.*)$/s.exec(message)?.[1];
  if (range !== undefined) {
    return `\`${name}\` takes a list or an object, not ${range}`;
  }
  const types = /^found no matching overload for .* applied to '(?:(.*)\.)?\((.*)\)'$/s.exec(message)?.slice(1);
  const condition = /^type mismatch: expected bool, got (.*)$/s.exec(message)?.[1] ?? types?.[1];
  if (node.kind === "macro") {
    return `the condition of \`${name}\` must be true or false, not ${condition}`;
  }
  if (types !== undefined) {
    return `\`${name}\` does not take ${types.filter(Boolean).join(" and ").replace(", ", " and ")}`;
  }
  if (condition !== undefined) {
    return `\`${name}\` takes true or false, not ${condition}`;
  }
  return message.replace("field not found: ", "there is no member ").replace("no entry: ", "there is no entry ");
}

function missing(claim: string, where = ""): EvaluationError {
  return { reason: `the claim \`${claim}\` is missing${where}`, missingClaim: claim };
}

function isObject(value: unknown): value is Claims {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberOf(value: Claims, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
