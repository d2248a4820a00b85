/**
 * The closed set of `scimType` values: RFC 7644, section 3.12, table 9, and RFC 9865, section 2.1, for cursors and counts.
 */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

/** Schema of an error body (RFC 7644, section 3.12). */
export const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

/** What a {@link ScimError} may carry beside its detail. */
export interface ScimErrorExtras {
  readonly scimType?: ScimType;
  /** Position in a filter or path, in UTF-16 code units from 0. */
  readonly offset?: number;
  readonly cause?: unknown;
  /** Seconds after which the client may try again. */
  readonly retryAfterSeconds?: number;
}

/**
 * A refusal of a SCIM request. The message is the `detail` of the answer: it says what would be accepted and never holds
 * a value that the client sent.
 */
export class ScimError extends Error {
  override readonly name = "ScimError";
  /** HTTP status. */
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly offset: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, detail: string, extras: ScimErrorExtras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.status = status;
    this.scimType = extras.scimType;
    this.offset = extras.offset;
    this.retryAfterSeconds = extras.retryAfterSeconds;
  }
}

/** A refusal with status 400 and a `scimType`. */
export function badRequest(scimType: ScimType, detail: string, offset?: number): ScimError {
  return new ScimError(400, detail, offset === undefined ? { scimType } : { scimType, offset });
}

/** The refusal of what does not exist, or not for this configuration. */
export function resourceNotFound(type: string): ScimError {
  return new ScimError(404, `There is no such ${type} among those that this configuration provisions.`);
}

/** The body of an error answer. `status` is a string (RFC 7644, section 3.12). */
export function errorBody(error: ScimError): Record<string, unknown> {
  return {
    schemas: [ERROR_SCHEMA],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.message,
  };
}
