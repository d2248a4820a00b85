import { expect, it } from "vitest";
import { challengeOf, comparisonCodeOf, createProofKey, isChallenge, isVerifier } from "../../src/lib/proof-key.ts";

it("makes the challenge of RFC 7636, appendix B", () => {
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  expect(challengeOf(verifier)).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

it("makes a new key each time, of texts that are accepted", () => {
  const [one, another] = [createProofKey(), createProofKey()];
  expect(one.verifier).not.toBe(another.verifier);
  expect(challengeOf(one.verifier)).toBe(one.challenge);
  expect(isVerifier(one.verifier) && isChallenge(one.challenge)).toBe(true);
});

it.each(["", "a".repeat(42), "a".repeat(129), `${"a".repeat(43)}=`, `${"a".repeat(43)}/`, `${"a".repeat(43)}\n`])(
  "takes %j for no verifier",
  (text) => expect(isVerifier(text)).toBe(false),
);

it.each(["", "a".repeat(42), "a".repeat(44), `${"a".repeat(42)}=`, `${"a".repeat(42)}.`])(
  "takes %j for no challenge",
  (text) => expect(isChallenge(text)).toBe(false),
);

it("shows a challenge as eight consonants, the same each time", () => {
  const { challenge } = createProofKey();
  expect(comparisonCodeOf(challenge)).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  expect(comparisonCodeOf(challenge)).toBe(comparisonCodeOf(challenge));
  const codes = new Set(Array.from({ length: 100 }, () => comparisonCodeOf(createProofKey().challenge)));
  expect(codes.size).toBe(100);
});
