import { Code, ConnectError } from "@connectrpc/connect";
import { CommanderError } from "commander";
import { errorDetail, isReason, Reason } from "../client/errors.ts";
import { ConfigError } from "../config.ts";
import { ServiceError } from "../lib/errors.ts";
import { NewerSchemaError, StorageUnavailableError } from "../storage/storage.ts";
import { EXIT } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** Says on standard error what went wrong, in a sentence where it is foreseen, and returns the exit code. */
export function reportFailure(error: unknown): number {
  // Commander has printed its message already; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof ConfigError) return say(error.message, EXIT.usage);
  if (error instanceof StorageUnavailableError || error instanceof NewerSchemaError)
    return say(error.message, EXIT.failed);
  if (error instanceof UsageError) return say(error.message, EXIT.usage);
  if (error instanceof ServiceError)
    return say(error.message, error.code === "not_found" ? EXIT.notFound : EXIT.refused);
  if (isReason(error, Reason.ORGANIZATION_REQUIRED)) {
    return say("the token belongs to no organization: name one with --organization", EXIT.usage);
  }
  if (error instanceof ConnectError) return say(describeCall(error), CODES[error.code] ?? EXIT.failed);
  if (isListenError(error)) return say(`cannot listen: ${error.message}`, EXIT.failed);
  return say(error instanceof Error ? (error.stack ?? error.message) : String(error), EXIT.failed);
}

const CODES: Partial<Record<Code, number>> = {
  [Code.NotFound]: EXIT.notFound,
  [Code.Unauthenticated]: EXIT.unauthenticated,
  [Code.InvalidArgument]: EXIT.refused,
  [Code.PermissionDenied]: EXIT.refused,
  [Code.FailedPrecondition]: EXIT.refused,
  [Code.AlreadyExists]: EXIT.refused,
  [Code.Aborted]: EXIT.refused,
};

/** The server's message, and the request id by which the operator finds the call in the log. */
function describeCall(error: ConnectError): string {
  const requestId = errorDetail(error)?.requestId;
  const lines = [error.rawMessage || Code[error.code]];
  if (isReason(error, Reason.CREDENTIAL_MISSING, Reason.CREDENTIAL_INVALID, Reason.CREDENTIAL_EXPIRED)) {
    lines.push("`organization-service login` signs you in with the browser");
  }
  if (requestId) lines.push(`request id: ${requestId}`);
  return lines.join("\n");
}

function say(message: string, code: number): number {
  process.stderr.write(`error: ${message}\n`);
  return code;
}

function isListenError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall === "listen";
}
