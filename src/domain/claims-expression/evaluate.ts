import { type CelResult, celType, isCelError } from "@bufbuild/cel";
import type { ClaimsExpression } from "./compile.ts";
import { describeError, type EvaluationError } from "./errors.ts";
import { type ExplainedStep, explain } from "./explain.ts";
import type { Claims } from "./values.ts";

/** What an expression makes of claims. Only `allow` lets anybody in. */
export interface Evaluation {
  /** `allow` when the value is exactly `true`, `refuse` when it is `false`, `error` when there is no value or another one. */
  readonly decision: "allow" | "refuse" | "error";
  /** A sentence for people. */
  readonly reason: string;
  /** The claim that was not sent, as a dotted path such as `address.country`, when that is why there is no value. */
  readonly missingClaim?: string;
  /** Steps that the decision took, of `MAX_STEPS` at most. */
  readonly cost: number;
  /** The value of every sub-expression in the order of evaluation, when it was asked for. */
  readonly steps?: readonly ExplainedStep[];
}

/** Options of an evaluation. */
export interface EvaluationOptions {
  /** Also evaluate every sub-expression, within a second budget of the same size. */
  readonly explain?: boolean;
}

/**
 * Evaluates an expression, fail closed. A claim that was not sent is an error unless `has()` guards it; `has()` is false also
 * for a claim that is `null`, which is how some providers say that there is none (OpenID Connect Core 1.0, section 5.3.2).
 * Throws nothing, and ends within `MAX_STEPS`.
 */
export function evaluateClaimsExpression(
  expression: ClaimsExpression,
  claims: Claims,
  options: EvaluationOptions = {},
): Evaluation {
  const { program, evaluate } = expression.compiled;
  program.meter.reset();
  const verdict = judge(expression, evaluate(program.bind(claims)), claims);
  const evaluation = { ...verdict, cost: program.meter.steps };
  return options.explain ? { ...evaluation, steps: explain(expression, claims) } : evaluation;
}

function judge(
  expression: ClaimsExpression,
  result: CelResult,
  claims: Claims,
): EvaluationError & Pick<Evaluation, "decision"> {
  const { reached } = expression.compiled.program.meter;
  if (reached !== undefined) {
    return { decision: "error", reason: reached.message };
  }
  if (isCelError(result)) {
    return { decision: "error", ...describeError(expression.compiled, result, claims) };
  }
  if (result === true) {
    return { decision: "allow", reason: "the expression is true" };
  }
  if (result === false) {
    return { decision: "refuse", reason: "the expression is false" };
  }
  return { decision: "error", reason: `the expression is neither true nor false, but of type ${celType(result).name}` };
}
