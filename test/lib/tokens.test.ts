import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createToken, equalHashes, hashToken, isToken, type TokenKind } from "../../src/lib/tokens.ts";

const PREFIXES: Readonly<Record<TokenKind, string>> = {
  api: "osk",
  operator: "oso",
  scim: "oss",
  session: "osn",
  exchange: "osx",
};
const KINDS = Object.keys(PREFIXES) as TokenKind[];
const ALPHABET = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

describe.each(KINDS)("a token of the kind %s", (kind) => {
  it("begins with what it opens, and is a token of that kind alone", () => {
    const token = createToken(kind);
    expect(token).toMatch(new RegExp(`^${PREFIXES[kind]}_[A-Za-z0-9_-]{49}$`));
    expect(KINDS.filter((each) => isToken(each, token))).toEqual([kind]);
  });

  it("is another one each time", () => {
    const tokens = Array.from({ length: 1000 }, () => createToken(kind));
    expect(new Set(tokens).size).toBe(1000);
    // No position is fixed but those of the prefix.
    for (let at = 4; at < 53; at++) expect(new Set(tokens.map((token) => token[at])).size).toBeGreaterThan(1);
  });

  it("is none with any one character changed, missing or added", () => {
    const token = createToken(kind);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...ALPHABET), (at, character) => {
        const [before, after] = [token.slice(0, at), token.slice(at + 1)];
        expect(isToken(kind, before + character + after)).toBe(character === token[at]);
        expect(isToken(kind, before + after)).toBe(false);
        expect(isToken(kind, before + character + token.slice(at))).toBe(false);
      }),
    );
  });
});

it("whatever else is no token", () => {
  fc.assert(fc.property(fc.string(), fc.constantFrom(...KINDS), (text, kind) => !isToken(kind, text)));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 49, maxLength: 49 }), (text) =>
      KINDS.every((kind) => !isToken(kind, `${PREFIXES[kind]}_${text}`)),
    ),
  );
  for (const kind of KINDS) expect(isToken(kind, `${createToken(kind)}\n`)).toBe(false);
});

describe("hashes", () => {
  it("are SHA-256 in base64url, and hold nothing of the token", () => {
    const token = createToken("api");
    expect(hashToken(token)).toBe(createHash("sha256").update(token).digest("base64url"));
    expect(hashToken(token)).toMatch(/^[\w-]{43}$/);
  });

  it("are equal when they are the same text, and only then", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => equalHashes(a, b) === (a === b) && equalHashes(a, a)));
  });
});
