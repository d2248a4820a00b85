import type { FetchRefusal } from "../../lib/guarded-fetch.ts";

/** What is fetched from an identity provider: its metadata, its keys, the tokens for a code, the claims of a person. */
export type Endpoint = "metadata" | "keys" | "token" | "userinfo";

/** Why a fetch came to nothing: the guarded fetch refused it, or the answer had another status, or was no JSON as expected. */
export type FetchProblem = FetchRefusal | "status" | "content";

/** Why an endpoint of an identity provider was no help. */
export type FetchReason = `${Endpoint}_${FetchProblem}`;

/** Where a sign-in ended. The order is that of the steps, and the reasons of each step follow it. */
const STEPS = {
  start: [
    "configuration_unknown",
    "configuration_inactive",
    "return_to_refused",
    "invite_invalid",
    "test_unknown",
    "test_finished",
  ],
  discovery: [
    "metadata_issuer_mismatch",
    "metadata_incomplete",
    "metadata_endpoint_invalid",
    "code_flow_unsupported",
    "algorithms_unsupported",
    "client_authentication_unsupported",
  ],
  response: [
    "state_missing",
    "browser_unknown",
    "state_unknown",
    "state_expired",
    "redirect_uri_mismatch",
    "configuration_changed",
    "response_invalid",
    "response_issuer_missing",
    "response_issuer_mismatch",
    "access_denied",
    "provider_error",
    "code_missing",
  ],
  exchange: ["client_rejected", "code_rejected", "token_error", "token_response_invalid", "id_token_missing"],
  id_token: [
    "id_token_malformed",
    "id_token_encrypted",
    "id_token_algorithm",
    "id_token_critical_header",
    "id_token_issuer",
    "id_token_audience",
    "id_token_authorized_party",
    "id_token_expiry_missing",
    "id_token_expired",
    "id_token_issue_time_missing",
    "id_token_issued_in_future",
    "id_token_too_old",
    "id_token_not_before_invalid",
    "id_token_not_yet_valid",
    "id_token_nonce",
    "id_token_subject",
    "id_token_access_token_hash",
    "id_token_invalid",
  ],
  signature: ["signing_key_unknown", "signing_key_ambiguous", "signing_key_unusable", "signature_invalid"],
  userinfo: ["userinfo_rejected", "userinfo_subject", "userinfo_invalid"],
  mapping: ["email_missing", "email_invalid"],
  email_domain: ["email_domain_refused"],
  expression: ["expression_refused", "expression_error"],
  membership: ["member_suspended", "membership_ended", "provisioning_required", "account_ambiguous"],
} as const;

/** The steps of a sign-in, in order. */
export type SignInStep = keyof typeof STEPS;
export const SIGN_IN_STEPS = Object.keys(STEPS) as readonly SignInStep[];

/** Why a sign-in was refused: closed, for the audit log, the metrics and tests. `internal` is a fault of ours. */
export type RefusalReason = (typeof STEPS)[SignInStep][number] | FetchReason | "internal";

/** How a sign-in ended. */
export type SignInReason = RefusalReason | "signed_in";

const STEP_OF_ENDPOINT: Readonly<Record<Endpoint, SignInStep>> = {
  metadata: "discovery",
  keys: "signature",
  token: "exchange",
  userinfo: "userinfo",
};

const STEP_OF = new Map<string, SignInStep>(
  SIGN_IN_STEPS.flatMap((step) => STEPS[step].map((reason) => [reason, step] as const)),
);

/** The reasons of each step that are not about fetching. */
export function reasonsOf(step: SignInStep): readonly RefusalReason[] {
  return STEPS[step];
}

/** The step at which a sign-in with this reason ended. A fault of ours counts as the last one. */
export function stepOf(reason: RefusalReason): SignInStep {
  const known = STEP_OF.get(reason);
  if (known !== undefined) return known;
  const endpoint = (Object.keys(STEP_OF_ENDPOINT) as Endpoint[]).find((name) => reason.startsWith(`${name}_`));
  return endpoint === undefined ? "membership" : STEP_OF_ENDPOINT[endpoint];
}

/** Ends a sign-in. `detail` is for the organization's admins: it holds no token and no secret. */
export class SignInRefusal extends Error {
  override readonly name = "SignInRefusal";
  readonly reason: RefusalReason;
  readonly detail: string;
  /** The claim that was not sent, when that is why. */
  readonly missingClaim: string | undefined;

  constructor(
    reason: RefusalReason,
    detail: string,
    extras: { cause?: unknown; missingClaim?: string | undefined } = {},
  ) {
    super(`${reason}: ${detail}`, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.reason = reason;
    this.detail = detail;
    this.missingClaim = extras.missingClaim;
  }
}

/** The refusal somewhere in the causes of an error: libraries wrap what a fetch throws. */
export function findRefusal(error: unknown): SignInRefusal | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SignInRefusal) return cause;
  }
  return undefined;
}

/** A text that somebody else wrote, as it may stand in a detail: one line of printable characters, at most 200. */
export function quote(text: unknown): string {
  return String(text)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .slice(0, 200);
}
