import { childrenOf, type Node, OPERATORS } from "./nodes.ts";

const LOGICAL = new Set(["_&&_", "_||_", "_?_:_"]);
const STEPS_PER_ITERATION = 10;

/** Steps of one evaluation of a node, without the iterations of its macros, which count themselves. */
export function stepsOf(node: Node): number {
  const below = node.kind === "macro" ? [node.range] : childrenOf(node);
  return ownSteps(node) + sumSteps(below);
}

/** Steps of one iteration of each macro at or below a node, by the id of the macro's tree. */
export function iterationSteps(node: Node): Map<bigint, number> {
  const steps = new Map<bigint, number>();
  const visit = (visited: Node): void => {
    if (visited.kind === "macro") {
      steps.set(visited.expr.id, STEPS_PER_ITERATION + sumSteps(visited.bodies));
    }
    for (const child of childrenOf(visited)) {
      visit(child);
    }
  };
  visit(node);
  return steps;
}

/** The worst case of a node is that it makes an error, which takes ten times as long as a value. */
function ownSteps(node: Node): number {
  switch (node.kind) {
    case "call":
      return LOGICAL.has(node.name) ? logicalSteps(node.args) : OPERATORS.has(node.name) ? 14 : 24;
    case "select":
    case "has":
      return 12;
    case "list":
      return 5;
    case "macro":
      return 30;
    default:
      return 1;
  }
}

/** An operand that is neither true nor false becomes an error here; one that is an error already has counted it. */
function logicalSteps(operands: readonly Node[]): number {
  const plain = operands.filter(({ kind }) => kind === "name" || kind === "literal" || kind === "list");
  return 4 + 10 * plain.length;
}

function sumSteps(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + stepsOf(node), 0);
}
