import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * Bearer tokens: `<prefix>_<43 characters base64url of 256 random bits><6 characters checksum>`.
 *
 * The prefix says what the token opens (and lets secret scanners find it), the checksum lets a typo be refused
 * without a look-up. Only the SHA-256 of a token is ever stored.
 */

/** What a token opens. */
export type TokenKind = "api" | "operator" | "scim" | "session" | "exchange";

const PREFIXES: Record<TokenKind, string> = {
  api: "osk",
  operator: "oso",
  scim: "oss",
  session: "osn",
  exchange: "osx",
};

const BODY_LENGTH = 43;
const SHAPE = /^[a-z]{3}_[A-Za-z0-9_-]{49}$/;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A new token of the kind. Show it once; store {@link hashToken} of it. */
export function createToken(kind: TokenKind): string {
  const body = `${PREFIXES[kind]}_${randomBytes(32).toString("base64url")}`;
  return body + checksum(body);
}

/** SHA-256 of a token, base64url without padding: the only form that is stored. */
export function hashToken(token: string): string {
  return hash("sha256", token, "base64url");
}

/** Whether the text has the shape, the prefix and the checksum of a token of the kind. Grants nothing. */
export function isToken(kind: TokenKind, text: string): boolean {
  const prefix = PREFIXES[kind];
  if (!text.startsWith(prefix) || !SHAPE.test(text)) return false;
  const end = prefix.length + 1 + BODY_LENGTH;
  return text.endsWith(checksum(text.slice(0, end)));
}

/** Compares two hashes in constant time. */
export function equalHashes(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** CRC-32, as the six characters that base64url makes of its four bytes. */
function checksum(body: string): string {
  const sum = crc32(body);
  const digit = (shift: number) => DIGITS[(sum >>> shift) & 63];
  return `${digit(26)}${digit(20)}${digit(14)}${digit(8)}${digit(2)}${DIGITS[(sum << 4) & 63]}`;
}
