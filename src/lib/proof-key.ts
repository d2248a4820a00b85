import { createHash, randomBytes } from "node:crypto";

/**
 * What a program makes when it asks a browser to sign it in (RFC 7636, S256): the browser carries the challenge, and only who
 * holds the verifier can use what comes back.
 */
export interface ProofKey {
  /** 256 random bits in base64url. It never leaves the program before the end. */
  readonly verifier: string;
  readonly challenge: string;
}

/** Makes a new proof key. */
export function createProofKey(): ProofKey {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: challengeOf(verifier) };
}

/** The challenge of a verifier: SHA-256 in base64url (RFC 7636, section 4.2). */
export function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

/** Whether a text can be a challenge. */
export function isChallenge(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Whether a text can be a verifier (RFC 7636, section 4.1). */
export function isVerifier(text: string): boolean {
  return /^[\w.~-]{43,128}$/.test(text);
}

/** Consonants that are not taken for one another, of which no words come (RFC 8628, section 6.1). */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

/** A short code of a challenge, such as `WDJB-MJHT`: a person sees that browser and program mean the same sign-in. */
export function comparisonCodeOf(challenge: string): string {
  const bytes = createHash("sha256").update(`comparison code ${challenge}`).digest();
  const letters = [...bytes.subarray(0, 8)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
