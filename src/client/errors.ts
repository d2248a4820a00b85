import { ConnectError } from "@connectrpc/connect";
import { ViolationsSchema } from "../../gen/client/buf/validate/validate_pb.ts";
import { type ErrorDetail, ErrorDetailSchema, Reason } from "../../gen/client/organization/errors/v1/errors_pb.ts";
import { formatFieldPath } from "./field-path.ts";

export { Reason };

/** One rule that a field of the request broke. */
export interface FieldViolation {
  /** Its name in the schema, with the path to it: `pagination.page_size`, `email_domains[1]`, `claims["email"]`. */
  readonly field: string;
  /** The id of the rule: `string.uuid`, `required`. */
  readonly rule: string;
  /** What would be accepted, for people. */
  readonly message: string;
}

/** The detail that every error of the server carries: reason, metadata and request id. Undefined for other errors. */
export function errorDetail(error: unknown): ErrorDetail | undefined {
  return error instanceof ConnectError ? error.findDetails(ErrorDetailSchema)[0] : undefined;
}

/** Whether the server gave one of these reasons. */
export function isReason(error: unknown, ...reasons: readonly Reason[]): error is ConnectError {
  const detail = errorDetail(error);
  return detail !== undefined && reasons.includes(detail.reason);
}

/** Every rule that the request broke, in the order of the server; empty for errors of any other kind. */
export function fieldViolations(error: unknown): FieldViolation[] {
  if (!(error instanceof ConnectError)) return [];
  const violations = error.findDetails(ViolationsSchema).flatMap((detail) => detail.violations);
  return violations.map(({ field, ruleId, message }) => ({
    field: formatFieldPath(field?.elements ?? []),
    rule: ruleId,
    message,
  }));
}
