import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
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
const CHECKSUM_LENGTH = 6;
const SHAPE = /^(os[kosnx])_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;

/** A new token of the kind. Show it once; store {@link hashToken} of it. */
export function createToken(kind: TokenKind): string {
  const body = `${PREFIXES[kind]}_${randomBytes(32).toString("base64url")}`;
  return body + checksum(body);
}

/** SHA-256 of a token, base64url without padding: the only form that is stored. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** Whether the text has the shape, the prefix and the checksum of a token of the kind. Grants nothing. */
export function isToken(kind: TokenKind, text: string): boolean {
  const match = SHAPE.exec(text);
  if (match?.[1] !== PREFIXES[kind]) return false;
  const end = PREFIXES[kind].length + 1 + BODY_LENGTH;
  return checksum(text.slice(0, end)) === text.slice(end);
}

/** Compares two hashes in constant time. */
export function equalHashes(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64url").padEnd(CHECKSUM_LENGTH, "0").slice(0, CHECKSUM_LENGTH);
}
