/**
 * The one error class of the project and the closed table of machine reasons.
 *
 * Every reason belongs to exactly one canonical code (the sixteen codes that Connect and gRPC share). Each door maps
 * the class once: rpc to a Connect error, SCIM to an error body, sign-in to a page. Anything that is not a
 * {@link ServiceError} is a fault of ours: "internal" to the caller, whole in the log.
 */

/** Canonical status codes that this service answers with (https://connectrpc.com/docs/protocol#error-codes). */
export type Code =
  | "canceled"
  | "invalid_argument"
  | "deadline_exceeded"
  | "not_found"
  | "already_exists"
  | "permission_denied"
  | "resource_exhausted"
  | "failed_precondition"
  | "aborted"
  | "unimplemented"
  | "internal"
  | "unavailable"
  | "unauthenticated";

/** Machine reason → canonical code. Mirrors `organization.errors.v1.Reason`, which documents each situation. */
export const REASONS = {
  request_invalid: "invalid_argument",
  request_malformed: "invalid_argument",
  credential_missing: "unauthenticated",
  credential_invalid: "unauthenticated",
  credential_expired: "unauthenticated",
  admin_required: "permission_denied",
  operator_required: "permission_denied",
  person_required: "failed_precondition",
  token_read_only: "permission_denied",
  organization_required: "invalid_argument",
  not_found: "not_found",
  already_exists: "already_exists",
  conflict: "aborted",
  page_token_invalid: "invalid_argument",
  claims_expression_invalid: "invalid_argument",
  issuer_not_allowed: "invalid_argument",
  email_domain_duplicate: "invalid_argument",
  sso_configuration_in_use: "failed_precondition",
  last_admin: "failed_precondition",
  membership_ended: "failed_precondition",
  member_suspended: "failed_precondition",
  not_joinable: "permission_denied",
  invite_invalid: "not_found",
  create_organization_not_allowed: "permission_denied",
  organization_not_empty: "failed_precondition",
  domain_public_provider: "failed_precondition",
  domain_record_not_found: "failed_precondition",
  domain_record_mismatch: "failed_precondition",
  dns_server_failure: "unavailable",
  dns_timeout: "unavailable",
  domain_in_use: "failed_precondition",
  group_system_managed: "failed_precondition",
  group_name_taken: "already_exists",
  already_member: "already_exists",
  terms_version_outdated: "failed_precondition",
  oidc_sub_field_unknown: "invalid_argument",
  policy_violation: "failed_precondition",
  exchange_token_invalid: "unauthenticated",
  cross_site_request: "permission_denied",
  rate_limited: "resource_exhausted",
  body_too_large: "resource_exhausted",
  overloaded: "unavailable",
  unavailable: "unavailable",
  deadline_exceeded: "deadline_exceeded",
  canceled: "canceled",
  slow_reader: "resource_exhausted",
  unimplemented: "unimplemented",
  internal: "internal",
} as const satisfies Record<string, Code>;

/** A machine reason: the key of {@link REASONS}. */
export type Reason = keyof typeof REASONS;

/** One broken rule of one field. `field` is the proto path of the request field, such as `email_domains[2]`. */
export interface FieldViolation {
  readonly field: string;
  /** The rule, such as `string.uuid` or `issuer_url.https`. */
  readonly rule: string;
  /** What is wrong and what would be accepted. */
  readonly message: string;
}

/** What a {@link ServiceError} may carry beside reason and message. */
export interface ErrorExtras {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly FieldViolation[];
  /** Seconds after which the caller may try again. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A deliberate refusal. The message is for the caller: it says what would be accepted and never holds a secret. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly reason: Reason;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: Reason, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.reason = reason;
    this.metadata = extras.metadata ?? {};
    this.violations = extras.violations ?? [];
    this.retryAfterSeconds = extras.retryAfterSeconds;
  }

  /** The canonical code of the reason. */
  get code(): Code {
    return REASONS[this.reason];
  }
}

/**
 * The answer for everything that does not exist for this caller. It holds nothing but the noun, so that another
 * organization's id and an unknown id answer with the same bytes.
 */
export function notFound(noun: string): ServiceError {
  return new ServiceError("not_found", `${noun} not found: check the id and that it belongs to your organization`);
}

/** A refusal of one field: `invalid_argument` with a violation that names field, rule and what is accepted. */
export function invalidField(field: string, rule: string, message: string, reason: Reason = "request_invalid") {
  return new ServiceError(reason, `${field}: ${message}`, { violations: [{ field, rule, message }] });
}
