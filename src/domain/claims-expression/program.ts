import { type CelResult, celEnv, celError, plan } from "@bufbuild/cel";
import { REPLACED_OPERATORS } from "./comparisons.ts";
import type { Patterns } from "./guard.ts";
import { createFunctions, STEP_FUNCTION } from "./library.ts";
import { Meter } from "./meter.ts";
import type { Expr, Node } from "./nodes.ts";
import { iterationSteps, stepsOf } from "./steps.ts";
import { type Claims, claimsToCel } from "./values.ts";

type Kind<Case extends Expr["exprKind"]["case"]> = Extract<Expr["exprKind"], { case: Case }>;
type Call = Kind<"callExpr">["value"];

/** Names and their values during an evaluation: `claims`, and in the body of a macro its element. */
export type Bindings = Readonly<Record<string, CelResult>>;

/** A node that is ready to be evaluated. Errors are results; nothing is thrown. */
export type Evaluate = (bindings: Bindings) => CelResult;

/** Evaluates an expression and its sub-expressions, all counted by one meter. */
export class Program {
  readonly meter = new Meter();
  readonly #environment: ReturnType<typeof celEnv>;

  constructor(patterns: Patterns) {
    this.#environment = celEnv({ funcs: createFunctions(this.meter, patterns) });
  }

  plan(node: Node): Evaluate {
    const evaluate = plan(this.#environment, rewrite(node.expr, iterationSteps(node)));
    const steps = stepsOf(node);
    return (bindings) => {
      try {
        this.meter.charge(steps);
      } catch (error) {
        return celError(error);
      }
      return withoutStacks(() => evaluate(bindings as Parameters<typeof evaluate>[0]));
    };
  }

  /** The bindings of a whole expression. The object has no prototype, so that only its own names exist. */
  bind(claims: Claims): Bindings {
    return Object.assign(Object.create(null), { claims: claimsToCel(claims, this.meter) });
  }
}

/**
 * The library's tree with three changes: each iteration of a macro counts its steps; the operators of `comparisons.ts` take
 * their places; a constant index such as `claims["a"]` becomes the selection `claims.a`, which means the same.
 */
function rewrite(expr: Expr, iterations: ReadonlyMap<bigint, number>): Expr {
  const kind = expr.exprKind;
  const again = (below: Expr): Expr => rewrite(below, iterations);
  switch (kind.case) {
    case "selectExpr":
      return withKind(expr, { case: kind.case, value: { ...kind.value, operand: again(kind.value.operand!) } });
    case "listExpr":
      return withKind(expr, { case: kind.case, value: { ...kind.value, elements: kind.value.elements.map(again) } });
    case "callExpr":
      return withKind(expr, rewriteCall(kind.value, again));
    case "comprehensionExpr":
      return withKind(expr, {
        case: kind.case,
        value: {
          ...kind.value,
          iterRange: again(kind.value.iterRange!),
          loopStep: again(kind.value.loopStep!),
          loopCondition: countIteration(kind.value.loopCondition!, iterations.get(expr.id)!),
        },
      });
    default:
      return expr;
  }
}

function rewriteCall(call: Call, again: (below: Expr) => Expr): Kind<"callExpr"> | Kind<"selectExpr"> {
  const args = call.args.map(again);
  const field = call.function === "_[_]" ? stringConstant(args[1]!) : undefined;
  if (field !== undefined) {
    return {
      case: "selectExpr",
      value: { $typeName: "cel.expr.Expr.Select", operand: args[0]!, field, testOnly: false },
    };
  }
  const rewritten = { ...call, function: REPLACED_OPERATORS.get(call.function) ?? call.function, args };
  return { case: "callExpr", value: call.target ? { ...rewritten, target: again(call.target) } : rewritten };
}

/** An exhausted meter makes the condition an error, which ends the loop. */
function countIteration(condition: Expr, steps: number): Expr {
  const constant = {
    $typeName: "cel.expr.Constant",
    constantKind: { case: "int64Value", value: BigInt(steps) },
  } as const;
  const count = withKind(condition, { case: "constExpr", value: constant });
  const value = { $typeName: "cel.expr.Expr.Call", function: STEP_FUNCTION, args: [condition, count] } as const;
  return withKind(condition, { case: "callExpr", value: { ...value, args: [...value.args] } });
}

function withKind(expr: Expr, exprKind: Expr["exprKind"]): Expr {
  return { ...expr, exprKind };
}

function stringConstant(expr: Expr): string | undefined {
  const constant = expr.exprKind.case === "constExpr" ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === "stringValue" ? constant.value : undefined;
}

/** In the library every error is an `Error`, and recording the stack of thousands of them would take most of an evaluation. */
function withoutStacks<Result>(evaluate: () => Result): Result {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return evaluate();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
