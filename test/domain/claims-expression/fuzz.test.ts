import { type CelInput, celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_STEPS } from "../../../src/domain/claims-expression/limits.ts";
import {
  type Claims,
  compileClaimsExpression,
  evaluateClaimsExpression,
} from "../../../src/domain/claims-expression.ts";

const NAMES = ["email", "groups", "level", "flag", "address", "absent", "__proto__", "constructor", "a b"] as const;
const WORDS = ["admins", "dev", "a@example.com", "", "true", "3", "ß😀", "__proto__"] as const;

const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 }));
const scalar = fc.oneof(
  word,
  fc.boolean(),
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 3, arbitrary: fc.array(scalar, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 995, max: 1005 })
      .map((size) => Array.from({ length: size }, (_, index) => `g${index}`)),
  },
);

/** Claims as JSON gives them, `__proto__` as an own property included. */
const claimsArbitrary = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 8 })
  .map((entries) => entries.map(([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`))
  .map((members) => JSON.parse(`{${members}}`) as Claims);

/** How many claims are added: sometimes more than may be looped over. */
const moreArbitrary = fc.constantFrom(0, 0, 0, 0, 1001);

const literal = fc.oneof(
  word.map((text) => JSON.stringify(text).replaceAll(/\\u([0-9a-f]{4})/g, "\\u$1")),
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.constantFrom("true", "false", "null", "1.5", "[]", '["dev", 3]'),
);

/** Sources of the grammar's shape: most of them compile, and most of those have something to evaluate. */
const source = fc.letrec<{ expression: string; operand: string; body: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("operand"),
    fc
      .tuple(tie("expression"), fc.constantFrom("&&", "||", "==", "!=", "<", ">=", "in"), tie("expression"))
      .map((parts) => parts.join(" ")),
    tie("expression").map((inner) => `!(${inner})`),
    fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
    fc
      .tuple(tie("operand"), fc.constantFrom("exists", "all", "exists_one"), tie("body"))
      .map(([a, name, body]) => `${a}.${name}(x, ${body})`),
  ),
  operand: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    literal,
    fc.constantFrom("claims", "[claims]", "(claims.flag ? claims : claims)"),
    fc.constantFrom(...NAMES).map((name) => (name === "a b" ? 'claims["a b"]' : `claims.${name}`)),
    fc.constantFrom(...NAMES).map((name) => `claims[${JSON.stringify(name)}]`),
    fc
      .constantFrom(...NAMES)
      .filter((name) => name !== "a b")
      .map((name) => `has(claims.${name})`),
    fc
      .tuple(tie("operand"), fc.constantFrom("startsWith", "endsWith", "contains", "split"), tie("operand"))
      .map(([a, f, b]) => `${a}.${f}(${b})`),
    fc.tuple(tie("operand"), fc.constantFrom("size", "lowerAscii")).map(([a, f]) => `${a}.${f}()`),
    fc.tuple(fc.constantFrom("size", "string", "int"), tie("operand")).map(([f, a]) => `${f}(${a})`),
    fc.tuple(tie("operand"), tie("operand")).map(([a, b]) => `${a}[${b}]`),
    fc
      .tuple(tie("operand"), fc.constantFrom('"^a.*$"', '"(a|b)*c"', 'r"\\\\d+"'))
      .map(([a, p]) => `${a}.matches(${p})`),
    fc.tuple(tie("operand"), tie("body")).map(([a, body]) => `${a}.filter(x, ${body})`),
    fc.tuple(tie("operand"), tie("body")).map(([a, body]) => `${a}.map(x, ${body})`),
  ),
  body: fc.oneof(
    fc.constantFrom(
      "x",
      "x == 'dev'",
      "x.startsWith('a')",
      "x in claims.groups",
      "x > 2",
      "x.size() > 1",
      "has(x.a)",
      "x['a'] == 1",
    ),
    tie("expression").filter((inner) => !inner.includes("(x,")),
  ),
})).expression;

/** Sources of the alphabet's tokens in any order: most of them do not compile. */
const tokens = fc
  .array(
    fc.constantFrom(
      ..."claims . email ( ) [ ] && || ! ? : == in has size matches exists x , 1 'a' \"b\" true null - + { } // \n r \\ ` 😀".split(
        " ",
      ),
    ),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(""));

/** Evaluates all that compiles, and checks what holds for every source and all claims. */
function check(text: string, sent: Claims, more = 0): void {
  const claims = {
    ...sent,
    ...Object.fromEntries(Array.from({ length: more }, (_, index) => [`more-${index}`, index])),
  };
  const result = compileClaimsExpression(text);
  if (!result.ok) {
    expect(result.offset).toBeGreaterThanOrEqual(0);
    expect(result.offset).toBeLessThanOrEqual([...text].length);
    expect(result.reason).not.toMatch(/^not understood|undefined/);
    return;
  }
  const evaluation = evaluateClaimsExpression(result.expression, claims, { explain: true });
  expect(evaluation.cost).toBeLessThanOrEqual(MAX_STEPS);
  expect(["allow", "refuse", "error"]).toContain(evaluation.decision);
  expect(evaluation.reason).not.toMatch(/undefined|\[object|@(?:step|index|in|result)|unsupported input|overload/);
  expect(evaluation.steps!.length).toBeLessThanOrEqual(256);
}

describe("no source and no claims break the evaluator", () => {
  test("any string", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), claimsArbitrary, (text, claims) => check(text, claims)),
      { numRuns: 1000 },
    );
  });

  test("any sequence of tokens", () => {
    fc.assert(
      fc.property(tokens, claimsArbitrary, (text, claims) => check(text, claims)),
      { numRuns: 1500 },
    );
  });

  test("any expression of the grammar", () => {
    fc.assert(fc.property(source, claimsArbitrary, moreArbitrary, check), { numRuns: 1500 });
  });

  test("any cut of an expression", () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.nat(), (text, a, b) =>
        check(text.slice(a % (text.length + 1), b % (text.length + 1)), {}),
      ),
      { numRuns: 1000 },
    );
  });
});

describe("the guarded evaluation and the library's own agree", () => {
  const environment = celEnv({ funcs: strings });

  test("for every expression that both have an answer to", () => {
    let compared = 0;
    fc.assert(
      fc.property(source, claimsArbitrary, (text, claims) => {
        const result = compileClaimsExpression(text);
        // Three differences are meant: the library takes more strings for integers, splits by code units, and takes false for
        // the index 0.
        if (!result.ok || text.includes("int(") || text.includes("split(") || /[\w)\]"]\[[^"\d-]/.test(text)) {
          return;
        }
        const { decision, reason } = evaluateClaimsExpression(result.expression, claims);
        if (reason.includes("steps for these claims") || reason.includes("1000")) {
          return;
        }
        const own = plan(environment, parse(text))({ claims: toCel(claims) });
        compared++;
        expect({ text, decision }).toEqual({
          text,
          decision: own === true ? "allow" : own === false ? "refuse" : "error",
        });
        expect(isCelError(own) || typeof own !== "boolean").toBe(decision === "error");
      }),
      { numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(250);
  });
});

/** Claims for the library alone, which takes every JSON number for a double. */
function toCel(claims: unknown): CelInput {
  if (Array.isArray(claims)) {
    return claims.map(toCel);
  }
  if (typeof claims === "object" && claims !== null) {
    return new Map(Object.entries(claims).map(([key, member]) => [key, toCel(member)]));
  }
  return Number.isSafeInteger(claims) ? BigInt(claims as number) : (claims as CelInput);
}
