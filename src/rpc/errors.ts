import { create, type DescMethod, type MessageInitShape } from "@bufbuild/protobuf";
import {
  FieldPathElementSchema,
  type ViolationSchema,
  ViolationsSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema, Reason as WireReason } from "../../gen/organization/errors/v1/errors_pb.ts";
import { type Code as CodeName, type FieldViolation, type Reason, ServiceError } from "../lib/errors.ts";
import type { Logger } from "../lib/log.ts";
import { BrokenLinkError, DuplicateError, StorageUnavailableError } from "../storage/storage.ts";
import { undecodableJson } from "../transport/codec.ts";
import { describeMalformed } from "./malformed.ts";

/** Canonical code name → Connect's number. */
const CODES: Readonly<Record<CodeName, Code>> = {
  canceled: Code.Canceled,
  invalid_argument: Code.InvalidArgument,
  deadline_exceeded: Code.DeadlineExceeded,
  not_found: Code.NotFound,
  already_exists: Code.AlreadyExists,
  permission_denied: Code.PermissionDenied,
  resource_exhausted: Code.ResourceExhausted,
  failed_precondition: Code.FailedPrecondition,
  aborted: Code.Aborted,
  unimplemented: Code.Unimplemented,
  internal: Code.Internal,
  unavailable: Code.Unavailable,
  unauthenticated: Code.Unauthenticated,
};

/** What the protocol itself refuses (undecodable bodies, sizes, deadlines) → our reason. */
const PROTOCOL_REASONS: Partial<Record<Code, Reason>> = {
  [Code.InvalidArgument]: "request_malformed",
  [Code.ResourceExhausted]: "body_too_large",
  [Code.Unimplemented]: "unimplemented",
  [Code.DeadlineExceeded]: "deadline_exceeded",
  [Code.Canceled]: "canceled",
  [Code.Unavailable]: "unavailable",
  [Code.Unauthenticated]: "credential_invalid",
  [Code.PermissionDenied]: "admin_required",
  [Code.NotFound]: "not_found",
};

/** The wire value of a reason. */
export function wireReason(reason: Reason): WireReason {
  return WireReason[reason.toUpperCase() as keyof typeof WireReason];
}

/**
 * The one place where an error becomes what a client sees: the code, a detail with the machine reason and the request id,
 * violations of fields, and the headers that tell clients whether to try again. What nobody foresaw is "internal" to the
 * caller and whole in the log.
 */
export function toConnectError(error: unknown, requestId: string, log: Logger, method: DescMethod): ConnectError {
  if (error instanceof ServiceError) return fromServiceError(error, requestId);
  if (error instanceof StorageUnavailableError) {
    log.error({ requestId, err: error }, "the database is not available");
    return fromServiceError(
      new ServiceError("unavailable", "the database is not available at the moment: try again", {
        retryAfterSeconds: 1,
      }),
      requestId,
    );
  }
  if (error instanceof DuplicateError) {
    return fromServiceError(new ServiceError("conflict", "somebody else made the same at the same moment"), requestId);
  }
  if (error instanceof BrokenLinkError) {
    const message = "what this belongs to was deleted at the same moment, or is still in use: look again";
    return fromServiceError(new ServiceError("conflict", message), requestId);
  }
  if (error instanceof ConnectError) {
    const malformed = fromDecoder(error, method);
    if (malformed) return fromServiceError(malformed, requestId);
    if (error.code !== Code.Internal && error.code !== Code.Unknown) return fromProtocol(error, requestId);
  }
  log.error({ requestId, err: error }, "unexpected failure");
  return fromServiceError(
    new ServiceError("internal", `internal error: tell whoever runs this server the request id ${requestId}`),
    requestId,
  );
}

function fromServiceError(error: ServiceError, requestId: string): ConnectError {
  const headers = new Headers();
  // Clients of the older generation repeat every 409, 429 and 5xx unless told otherwise.
  if (!isRetryable(error.code)) headers.set("x-should-retry", "false");
  if (error.retryAfterSeconds !== undefined) {
    const seconds = String(Math.ceil(error.retryAfterSeconds));
    headers.set("retry-after", seconds);
    headers.set("ratelimit-retryafter", seconds);
  }
  const result = new ConnectError(error.message, CODES[error.code], headers);
  result.details = [detail(error.reason, requestId, error.metadata), ...violationDetails(error.violations)];
  return result;
}

function isRetryable(code: CodeName): boolean {
  return code === "unavailable" || code === "resource_exhausted" || code === "deadline_exceeded";
}

/** The refusal of a body that is not the message that the method takes; undefined for any other error. */
function fromDecoder(error: ConnectError, method: DescMethod): ServiceError | undefined {
  const { rawMessage } = error;
  if (error.code === Code.InvalidArgument && rawMessage.startsWith("cannot decode ")) {
    const { message, violations } = describeMalformed(rawMessage, method.input, undecodableJson(error));
    return new ServiceError("request_malformed", message, { violations });
  }
  // Connect takes unreadable Protobuf for a fault of the server, but nobody except the client wrote it.
  const binary = error.code === Code.Internal && /^parse binary: (.*)$/s.exec(rawMessage)?.[1];
  if (!binary) return undefined;
  return new ServiceError("request_malformed", `the body is not ${method.input.typeName} in Protobuf: ${binary}`);
}

function fromProtocol(error: ConnectError, requestId: string): ConnectError {
  if (error.details.some((d) => "desc" in d && d.desc.typeName === ErrorDetailSchema.typeName)) return error;
  error.details.push(detail(PROTOCOL_REASONS[error.code] ?? "internal", requestId, {}));
  // A deadline or a server that is going away may be met by another attempt; the same request is no smaller then.
  const mayPass = error.code === Code.Unavailable || error.code === Code.DeadlineExceeded;
  if (!mayPass) error.metadata.set("x-should-retry", "false");
  return error;
}

function detail(reason: Reason, requestId: string, metadata: Readonly<Record<string, string>>) {
  return { desc: ErrorDetailSchema, value: { reason: wireReason(reason), metadata: { ...metadata }, requestId } };
}

function violationDetails(violations: readonly FieldViolation[]) {
  if (violations.length === 0) return [];
  return [{ desc: ViolationsSchema, value: { violations: violations.map(violation) } }];
}

function violation({ field, rule, message }: FieldViolation): MessageInitShape<typeof ViolationSchema> {
  return { field: { elements: field.split(".").map(pathElement) }, ruleId: rule, message };
}

function pathElement(text: string) {
  const [, fieldName = text, index] = /^(.*?)(?:\[(\d+)\])?$/.exec(text) ?? [];
  return create(FieldPathElementSchema, {
    fieldName,
    ...(index !== undefined && { subscript: { case: "index", value: BigInt(index) } }),
  });
}
