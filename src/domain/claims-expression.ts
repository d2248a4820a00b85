export { type ClaimsExpression, type CompileResult, compileClaimsExpression } from "./claims-expression/compile.ts";
export { type Evaluation, type EvaluationOptions, evaluateClaimsExpression } from "./claims-expression/evaluate.ts";
export type { ExplainedStep, StepOutcome } from "./claims-expression/explain.ts";
export type { Claims } from "./claims-expression/values.ts";
