import { ConnectError } from "@connectrpc/connect";
import { type ErrorDetail, ErrorDetailSchema, Reason } from "../../gen/organization/errors/v1/errors_pb.ts";

export { Reason };

/** The detail that every error of the server carries: reason, metadata and request id. Undefined for other errors. */
export function errorDetail(error: unknown): ErrorDetail | undefined {
  return error instanceof ConnectError ? error.findDetails(ErrorDetailSchema)[0] : undefined;
}

/** Whether the server gave one of these reasons. */
export function isReason(error: unknown, ...reasons: Reason[]): boolean {
  const detail = errorDetail(error);
  return detail !== undefined && reasons.includes(detail.reason);
}
