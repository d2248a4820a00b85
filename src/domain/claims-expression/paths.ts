import { childrenOf, type MacroNode, type Node, stringLiteral } from "./nodes.ts";

/**
 * The claim that a node names, as the names on the way to it: `["address", "country"]` for `claims.address.country`, `[]` for
 * `claims` itself. An entry of a list is `[0]`, the element of a macro `[]`. Undefined for what is computed.
 */
export function pathOf(
  node: Node,
  elements: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly string[] | undefined {
  if (node.kind === "name") {
    return node.name === "claims" ? [] : elements.get(node.name);
  }
  const member = memberOf(node);
  const path = member && pathOf(member.operand, elements);
  return path && [...path, member.field];
}

/** A path as people write it: `address.country`, `users[].email`. */
export function joinPath(path: readonly string[]): string {
  return path.join(".").replaceAll(/\.(?=\[-?\d*\])/g, "");
}

/** All claims that an expression names, the longest paths only, each once. */
export function claimPathsOf(root: Node): readonly string[] {
  const found = new Set<string>();
  const visit = (node: Node, elements: ReadonlyMap<string, readonly string[]>): void => {
    const path = pathOf(node, elements);
    if (path !== undefined) {
      if (path.length > 0 && path.at(-1) !== "[]") {
        found.add(joinPath(path));
      }
      return;
    }
    for (const child of childrenOf(node)) {
      visit(child, node.kind === "macro" && child !== node.range ? elementsOf(node) : elements);
    }
  };
  visit(root, new Map());
  return [...found];
}

/** The path of a macro's element, by the name of its variable. */
export function elementsOf(macro: MacroNode): ReadonlyMap<string, readonly string[]> {
  const range = pathOf(macro.range);
  return range === undefined || range.length === 0 ? new Map() : new Map([[macro.variable, [...range, "[]"]]]);
}

/** What a node reads out of what: `operand.field`, `operand["field"]`, `operand[0]`, `has(operand.field)`. */
function memberOf(node: Node): { operand: Node; field: string } | undefined {
  if (node.kind === "select" || node.kind === "has") {
    return node;
  }
  const [operand, index] = node.kind === "call" && node.name === "_[_]" ? node.args : [];
  const field = stringLiteral(index) ?? entryLiteral(index);
  return operand === undefined || field === undefined ? undefined : { operand, field };
}

function entryLiteral(node: Node | undefined): string | undefined {
  return node?.kind === "literal" && node.constant.case === "int64Value" ? `[${node.constant.value}]` : undefined;
}
