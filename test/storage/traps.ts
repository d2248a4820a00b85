/**
 * Values on which databases differ: for every column of a noun, the cases draw from these. Text never holds U+0000, which
 * PostgreSQL cannot store, nor half a surrogate pair, which is no Unicode text (RFC 3629, section 3).
 */
import { createHash } from "node:crypto";
import fc from "fast-check";

const TEXTS = [
  ...["", " ", "ends in a space ", "\t\r\n", "null", "undefined", "true", "0", "007", "1e3", "{}", "[]"],
  ...["'; drop table organizations; --", '"quoted"', "\\", "\\u0000", "%", "_", "?", "$1", ":name", "@name"],
  ...["é", "e\u0301", "İ", "ß", "ﬁ", "😀", "\uFFFD", "\uFEFFmarked", "\u2028", "\u202Eright to left"],
];

/** Too long for an index, and for compression to help: 16 kilobytes that look random. */
const LONG_TEXT = Array.from({ length: 256 }, (_, i) => createHash("sha256").update(String(i)).digest("hex")).join("");

/** Any text, with a liking for the awkward. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS, LONG_TEXT),
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\u0000", "")),
);

/** Text that is looked up by an index, whose entries have a limit (8191 / 3 bytes in PostgreSQL): ids, names that are unique. */
export const anyIndexedText: fc.Arbitrary<string> = anyText.map((text) => text.slice(0, 320).toWellFormed());

/** Lists of texts: empty, with empty texts, in any order, with repeats. */
export const anyTexts: fc.Arbitrary<readonly string[]> = fc.array(anyText, { maxLength: 5 });

/** Text or nothing, which are not the same. */
export const maybeText: fc.Arbitrary<string | undefined> = fc.option(anyText, { nil: undefined });

/** Times and durations: whole numbers up to 2^53 - 1. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 1_700_000_000_123, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);

/** A number or nothing; zero is a number. */
export const maybeNumber: fc.Arbitrary<number | undefined> = fc.option(anyNumber, { nil: undefined });

/** What is hashed is unique: 32 random bytes in base64url. */
export const anyHash: fc.Arbitrary<string> = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("base64url"));

const anyKey = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "length", ""), anyText);

/** Maps of text to text, with keys that JavaScript objects inherit. */
export const anyTextMap: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .array(fc.tuple(anyKey, anyText), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

/** Any JSON object (RFC 8259, section 4). */
export const anyDocument: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .array(
    fc.tuple(
      anyKey,
      fc.json().map((text) => JSON.parse(text) as unknown),
    ),
    { maxLength: 3 },
  )
  .map((entries) => Object.fromEntries(entries));

/**
 * Endings of keys in the order of their UTF-8 bytes. Languages put "a" before "B"; JavaScript compares UTF-16, in which
 * the last two change places.
 */
export const KEYS_IN_ORDER: readonly string[] = ["-A", "-B", "-Z", "-_", "-a", "-b", "-z", "-é", "-\uFFFD", "-😀"];
