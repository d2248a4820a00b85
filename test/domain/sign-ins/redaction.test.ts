import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileClaimsExpression, evaluateClaimsExpression } from "../../../src/domain/claims-expression.ts";
import { redactClaims, redactEvaluation, redactText } from "../../../src/domain/sign-ins/redaction.ts";

describe("redaction", () => {
  it.each([
    ["ada@example.com", "…@example.com"],
    ["lovelace@example.com", "lo…@example.com"],
    ["Ada", "…"],
    ["Ada Lovelace", "Ad…"],
    ["@example.com", "@e…"],
    ["", "…"],
    ["😀😀😀😀😀", "😀😀…"],
  ])("shows of %j no more than %j", (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it("shows kind and shape of claims, and those of the protocol whole", () => {
    const claims = {
      iss: "https://idp.example.com",
      exp: 1,
      email_verified: true,
      phone: 123,
      a: { b: ["secret", null] },
    };
    expect(redactClaims(claims)).toEqual([
      { name: "a", value: '{"b":["se…",null]}' },
      { name: "email_verified", value: "true" },
      { name: "exp", value: "1" },
      { name: "iss", value: '"https://idp.example.com"' },
      { name: "phone", value: '"(number)"' },
    ]);
  });

  it("leaves nothing longer than two characters of a text, wherever it stands", () => {
    const secret = fc.stringMatching(/^[a-z]{6,40}$/);
    fc.assert(
      fc.property(secret, fc.integer({ min: 0, max: 3 }), (text, depth) => {
        let value: unknown = text;
        for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { member: value };
        expect(JSON.stringify(redactClaims({ claim: value }))).not.toContain(text.slice(0, 3));
      }),
    );
  });

  it("keeps what an expression decided, and hides the texts in its steps, also those that were cut off", () => {
    const compiled = compileClaimsExpression(
      'claims.long.startsWith("se") && claims.list.exists(x, x == "secret-entry")',
    );
    if (!compiled.ok) throw new Error(compiled.reason);
    const claims = { long: `secret ${"x".repeat(500)}`, list: ["secret-entry", 'with "quotes" and \\ secrets'] };
    const evaluation = evaluateClaimsExpression(compiled.expression, claims, { explain: true });
    const redacted = redactEvaluation(evaluation);
    expect(redacted.decision).toBe("allow");
    const shown = JSON.stringify(redacted.steps?.map(({ outcome, elements }) => [outcome, elements]));
    expect(shown).not.toMatch(/secret|quotes|xxx/);
    expect(redacted.steps).toHaveLength(evaluation.steps?.length ?? 0);
  });
});
