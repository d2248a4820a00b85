import { createValidator, type Violation } from "@bufbuild/protovalidate";
import type { Interceptor } from "@connectrpc/connect";
import { type FieldViolation, ServiceError } from "../../lib/errors.ts";

/**
 * Checks the rules that the schema declares on requests (buf.validate). What a single message cannot tell (does it exist,
 * may it change) is the domain's.
 */
export function createValidate(): Interceptor {
  const validator = createValidator();
  return (next) => async (request) => {
    if (request.stream) return next(request);
    const result = validator.validate(request.method.input, request.message);
    if (result.kind === "valid") return next(request);
    if (result.kind === "error") throw result.error;
    const violations = result.violations.map(toFieldViolation);
    throw new ServiceError("request_invalid", violations.map((v) => `${v.field}: ${v.message}`).join("; "), {
      violations,
    });
  };
}

function toFieldViolation(violation: Violation): FieldViolation {
  return { field: pathOf(violation), rule: violation.ruleId, message: violation.message };
}

/** The path as proto spells it, such as `additional_scopes.scopes[2]`. */
function pathOf({ field }: Violation): string {
  let path = "";
  for (const step of field) {
    if (step.kind === "list_sub") path += `[${step.index}]`;
    else if (step.kind === "map_sub") path += `[${JSON.stringify(step.key)}]`;
    else if ("name" in step) path += `${path && "."}${step.name}`;
  }
  return path || "request";
}
