export { type ClaimsExpression, type CompileResult, compileClaimsExpression } from "./claims-expression/compile.ts";
