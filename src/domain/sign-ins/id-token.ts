import { createHash } from "node:crypto";
import { quote, type RefusalReason, SignInRefusal } from "./reasons.ts";

/** Signature algorithms that an ID token may have (RFC 7518, section 3.1; RFC 8037). */
export const ALGORITHMS: readonly string[] = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA"],
];

/** Seconds by which clocks may differ. */
export const TOLERANCE = 30;

/** OpenID Connect Core 1.0, section 2: `sub` has at most 255 characters. */
const MAX_SUBJECT = 255;

/** What an ID token has to agree with. Times are seconds since the epoch. */
export interface IdTokenExpectations {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  /** Algorithms out of {@link ALGORITHMS}. */
  readonly algorithms: readonly string[];
  readonly accessToken: string;
  readonly startedAt: number;
  readonly now: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Checks everything about an ID token but its signature (OpenID Connect Core 1.0, sections 3.1.3.7 and 3.1.3.8). The library
 * checks most of it again, and the signature; it leaves out some of it, and its errors do not tell one rule from another.
 * @throws SignInRefusal with the first rule that is broken.
 */
export function checkIdToken(idToken: string, expected: IdTokenExpectations): void {
  const parts = idToken.split(".");
  if (parts.length === 5) refuse("id_token_encrypted", "it is encrypted; a signed one is expected");
  if (parts.length !== 3) refuse("id_token_malformed", "it does not have three parts");
  const header = parsePart(parts[0], "header");
  const claims = parsePart(parts[1], "payload");
  checkHeader(header, expected);
  checkParties(claims, expected);
  checkTimes(claims, expected);
  if (claims.nonce !== expected.nonce) refuse("id_token_nonce", "its nonce is not that of this sign-in");
  checkSubject(claims.sub);
  checkAccessTokenHash(claims.at_hash, String(header.alg), expected.accessToken);
}

function checkHeader({ alg, crit }: JsonObject, { algorithms }: IdTokenExpectations): void {
  if (typeof alg !== "string" || !algorithms.includes(alg)) {
    refuse("id_token_algorithm", `it is signed with ${quote(alg)}; accepted are ${algorithms.join(", ")}`);
  }
  if (crit !== undefined) refuse("id_token_critical_header", "its header asks for extensions that are not understood");
}

function checkParties({ iss, aud, azp }: JsonObject, { issuer, clientId }: IdTokenExpectations): void {
  if (iss !== issuer) refuse("id_token_issuer", `its issuer is ${quote(iss)}, not ${issuer}`);
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(clientId)) refuse("id_token_audience", "it is meant for another client");
  if (azp === undefined ? audiences.length > 1 : azp !== clientId) {
    refuse("id_token_authorized_party", "it was given to another client, or is for several and does not say to which");
  }
}

function checkTimes({ exp, iat, nbf }: JsonObject, { now, startedAt }: IdTokenExpectations): void {
  if (!isTime(exp)) refuse("id_token_expiry_missing", "it does not say when it expires");
  if (exp <= now - TOLERANCE) refuse("id_token_expired", `it expired ${Math.round(now - exp)} s ago`);
  if (!isTime(iat)) refuse("id_token_issue_time_missing", "it does not say when it was issued");
  if (iat > now + TOLERANCE) refuse("id_token_issued_in_future", `it was issued ${Math.round(iat - now)} s from now`);
  if (iat < startedAt - TOLERANCE) refuse("id_token_too_old", "it was issued before this sign-in began");
  if (nbf === undefined) return;
  if (!isTime(nbf)) refuse("id_token_not_before_invalid", "the time from which it is valid is no number");
  if (nbf > now + TOLERANCE) refuse("id_token_not_yet_valid", `it is valid in ${Math.round(nbf - now)} s`);
}

function checkSubject(sub: unknown): void {
  const fits = typeof sub === "string" && sub !== "" && sub.length <= MAX_SUBJECT && sub.isWellFormed();
  if (!fits || /\p{Cc}/u.test(sub)) {
    refuse("id_token_subject", `its sub is no text of 1 to ${MAX_SUBJECT} printable characters`);
  }
}

function checkAccessTokenHash(hash: unknown, algorithm: string, accessToken: string): void {
  if (hash === undefined) return;
  // EdDSA with Ed25519 hashes with SHA-512; the others name their hash.
  const digest = createHash(`sha${algorithm === "EdDSA" ? "512" : algorithm.slice(2)}`)
    .update(accessToken)
    .digest();
  if (hash !== digest.subarray(0, digest.length / 2).toString("base64url")) {
    refuse("id_token_access_token_hash", "its at_hash does not fit the access token");
  }
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function parsePart(part: string | undefined, name: string): JsonObject {
  try {
    if (!/^[\w-]+$/.test(part ?? "")) throw new Error("not base64url");
    const bytes = Buffer.from(part ?? "", "base64url");
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Said below, like a value that is no object.
  }
  return refuse("id_token_malformed", `its ${name} is no JSON object`);
}

function refuse(reason: RefusalReason, problem: string): never {
  throw new SignInRefusal(reason, `the ID token is refused: ${problem}`);
}
