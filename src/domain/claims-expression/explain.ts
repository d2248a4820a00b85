import { type CelResult, type CelValue, isCelError, isCelList, isCelMap } from "@bufbuild/cel";
import { type ClaimsExpression, codePoints } from "./compile.ts";
import { describeError, type EvaluationError, textOf } from "./errors.ts";
import { childrenOf, type MacroNode, type Node, startOf } from "./nodes.ts";
import type { Bindings } from "./program.ts";
import { type Claims, showValue } from "./values.ts";

/** What a sub-expression came to. `skipped` were not reached: behind `false &&` or `true ||`, in the other branch, or over the budget. */
export type StepOutcome =
  | { readonly kind: "value"; readonly value: string }
  | ({ readonly kind: "error" } & EvaluationError)
  | { readonly kind: "skipped" };

/** One sub-expression and what it came to. Texts and values are shortened to 200 characters. */
export interface ExplainedStep {
  /** Where it begins in the source, in Unicode code points. */
  readonly offset: number;
  /** The sub-expression in CEL's canonical form, which may differ from the source in spaces and parentheses. */
  readonly text: string;
  readonly outcome: StepOutcome;
  /** For a macro, what its body came to for the first elements. */
  readonly elements?: readonly { readonly element: string; readonly outcome: StepOutcome }[];
}

const MAX_ELEMENTS = 20;
const SKIPPED: StepOutcome = { kind: "skipped" };

/** Evaluates each sub-expression on its own with the program of the whole: expressions have no side effects. */
export function explain(expression: ClaimsExpression, claims: Claims): readonly ExplainedStep[] {
  const explainer = new Explainer(expression, claims);
  explainer.visit(expression.compiled.root, true);
  return explainer.steps;
}

class Explainer {
  readonly steps: ExplainedStep[] = [];
  readonly #expression: ClaimsExpression;
  readonly #claims: Claims;
  readonly #bindings: Bindings;

  constructor(expression: ClaimsExpression, claims: Claims) {
    this.#expression = expression;
    this.#claims = claims;
    expression.compiled.program.meter.reset();
    this.#bindings = expression.compiled.program.bind(claims);
  }

  /** Adds the steps of a node and what is below it, and returns its result; undefined when it is not reached. */
  visit(node: Node, reached: boolean): CelResult | undefined {
    const results: (CelResult | undefined)[] = [];
    for (const child of node.kind === "macro" ? [node.range] : childrenOf(node)) {
      results.push(this.visit(child, reached && isReached(node, results)));
    }
    const result = reached ? this.#evaluate(node, this.#bindings) : undefined;
    if (node.kind !== "literal" && node.kind !== "name" && node.kind !== "list") {
      this.steps.push(this.#step(node, result, results[0]));
    }
    return result;
  }

  #step(node: Node, result: CelResult | undefined, range: CelResult | undefined): ExplainedStep {
    const { source, compiled } = this.#expression;
    const offset = codePoints(source, startOf(node, compiled.text));
    const step = { offset, text: textOf(compiled, node), outcome: this.#outcome(result) };
    return node.kind === "macro" ? { ...step, elements: this.#elements(node, range) } : step;
  }

  #elements(node: MacroNode, range: CelResult | undefined): NonNullable<ExplainedStep["elements"]> {
    if (this.#expression.compiled.program.meter.reached !== undefined) {
      return [];
    }
    return firstElements(range).map((element) => {
      const bindings = Object.assign(Object.create(null), this.#bindings, { [node.variable]: element });
      return { element: showValue(element), outcome: this.#outcome(this.#evaluate(node.bodies.at(-1)!, bindings)) };
    });
  }

  #evaluate(node: Node, bindings: Bindings): CelResult | undefined {
    const { program } = this.#expression.compiled;
    const result = program.plan(node)(bindings);
    return program.meter.reached === undefined ? result : undefined;
  }

  #outcome(result: CelResult | undefined): StepOutcome {
    if (result === undefined) {
      return SKIPPED;
    }
    if (isCelError(result)) {
      return { kind: "error", ...describeError(this.#expression.compiled, result, this.#claims) };
    }
    // The whole of the claims is known, and reading it all could reach a limit that the expression does not.
    return { kind: "value", value: result === this.#bindings.claims ? "{…}" : showValue(result) };
  }
}

/** Whether evaluation goes on to the next child after these results of the ones before. */
function isReached(node: Node, results: readonly (CelResult | undefined)[]): boolean {
  if (node.kind === "call" && node.name === "_?_:_" && results.length > 0) {
    return results[0] === (results.length === 1);
  }
  const last = results.at(-1);
  if (node.kind === "call" && node.name === "_&&_") {
    return last !== false;
  }
  if (node.kind === "call" && node.name === "_||_") {
    return last !== true;
  }
  return !isCelError(last);
}

function firstElements(range: CelResult | undefined): readonly CelValue[] {
  if (isCelError(range) || !(isCelList(range) || isCelMap(range))) {
    return [];
  }
  const elements = isCelList(range) ? range.values() : range.keys();
  return [...elements].slice(0, MAX_ELEMENTS);
}
