import { describe, expect, test } from "vitest";
import { MAX_STEPS } from "../../../src/domain/claims-expression/limits.ts";
import {
  type ClaimsExpression,
  compileClaimsExpression,
  type Evaluation,
  evaluateClaimsExpression,
} from "../../../src/domain/claims-expression.ts";

const CLAIMS = JSON.parse(`{
  "iss": "https://idp.example.com",
  "sub": "248289761001",
  "email": "Jane.Doe@example.com",
  "email_verified": true,
  "name": "Jane Döe 😀",
  "groups": ["admins", "dev", "Ops"],
  "empty": [],
  "level": 3,
  "ratio": 1.5,
  "big": 1e300,
  "zero": -0.0,
  "iat": 1735689600,
  "nothing": null,
  "blank": "",
  "scope": "openid email profile",
  "address": {"country": "DE", "geo": {"lat": 52.5}},
  "users": [{"email": "a@example.com", "roles": ["x"]}, {"name": "b"}],
  "https://example.com/roles": ["owner"],
  "with space": 1,
  "__proto__": {"polluted": true},
  "constructor": "own",
  "key": "country",
  "index": 1,
  "number_text": "42",
  "mixed": [1, "1", 1.5, null, true, ["x"], {"a": 1}]
}`) as Record<string, unknown>;

function compile(source: string): ClaimsExpression {
  const result = compileClaimsExpression(source);
  if (!result.ok) {
    throw new Error(`${source} at ${result.offset}: ${result.reason}`);
  }
  return result.expression;
}

function evaluate(source: string, claims: Record<string, unknown> = CLAIMS): Evaluation {
  return evaluateClaimsExpression(compile(source), claims);
}

describe("allowed", () => {
  test.each([
    "true",
    "claims.email_verified",
    "claims.email_verified == true && !(claims.email_verified != true)",
    "claims.email.endsWith('@example.com') && claims.email.startsWith('Jane')",
    "claims.email.lowerAscii() == 'jane.doe@example.com'",
    "claims.email.contains('.Doe@')",
    "claims.email.split('@')[1] == 'example.com'",
    "claims.scope.split(' ') == ['openid', 'email', 'profile']",
    "'email' in claims.scope.split(' ')",
    "claims.name.split('').size() == 10 && claims.name.size() == 10 && size(claims.name) == 10",
    "'dev' in claims.groups && !('root' in claims.groups)",
    "claims.groups.exists(g, g == 'dev')",
    "claims.groups.all(g, g.size() >= 3)",
    "claims.groups.exists_one(g, g.matches('^[A-Z]'))",
    "claims.groups.filter(g, g != 'dev') == ['admins', 'Ops']",
    "claims.groups.map(g, g.lowerAscii()) == ['admins', 'dev', 'ops']",
    "claims.groups.map(g, g.startsWith('a'), g.size()) == [6]",
    "claims.empty.all(g, false) && !claims.empty.exists(g, true) && claims.empty == []",
    "claims.groups[0] == 'admins' && claims.groups[claims.index] == 'dev' && claims.groups[2.0] == 'Ops'",
    "claims.level == 3 && claims.level == 3.0 && claims.level != '3' && claims.level > 2.5 && claims.level <= 3",
    "claims.ratio > 1 && claims.ratio < 2 && claims.ratio == 1.5",
    "claims.big > 9223372036854775807 && claims.zero == 0",
    "claims.level in [1, 2, 3] && 3.0 in [claims.level]",
    "claims.iat > 1700000000 && string(claims.iat) == '1735689600'",
    "string(claims.ratio) == '1.5' && string(true) == 'true' && string('a') == 'a'",
    "int(claims.number_text) == 42 && int('-7') == -7 && int('+7') == 7 && int(claims.ratio) == 1",
    "int('9223372036854775807') == 9223372036854775807",
    "claims.nothing == null && claims.level != null",
    "!has(claims.nothing) && !has(claims.absent) && has(claims.blank) && has(claims.empty) && has(claims.zero)",
    "'email' in claims && !('absent' in claims)",
    "has(claims.address.country) && !has(claims.address.city) && claims.address.geo.lat > 52",
    "claims.address[claims.key] == 'DE' && claims['address']['country'] == 'DE'",
    "claims['https://example.com/roles'][0] == 'owner' && claims['with space'] == 1",
    "claims.users.exists(u, has(u.email) && u.email == 'a@example.com')",
    "claims.users[0].roles == ['x'] && claims.users.size() == 2",
    "claims.address.all(name, name in ['country', 'geo'])",
    "claims.exists(name, name.startsWith('email_'))",
    "claims.mixed[0] == 1 && claims.mixed[1] == '1' && claims.mixed[3] == null && claims.mixed[6] == claims.mixed[6]",
    "claims.address == claims.address && claims.users == claims.users && claims.users != claims.groups && claims == claims",
    "claims.email < 'b' && 'a' <= 'a' && 'b' > 'a' && false < true",
    "claims.email.matches('(?i)^jane') && !claims.email.matches('^jane') && 'a\\nb'.matches('a.b') == false",
    "claims.absent == 1 || claims.level == 3",
    "claims.level == 3 || claims.absent == 1",
    "!(claims.absent == 1 && claims.level == 4)",
    "claims.mixed.exists(m, m > 1)",
    "claims.level == 3 ? claims.email_verified : claims.absent",
    "has(claims.absent) ? claims.absent : claims.email_verified",
    "claims.constructor == 'own' && !has(claims.toString) && !has(claims.hasOwnProperty)",
    "claims.__proto__.polluted && !has(claims.polluted)",
    "claims.groups.exists(constructor, constructor == 'dev') && claims.groups.exists(__proto__, __proto__ == 'dev')",
    "claims.groups.exists(size, size == 'dev' && size.size() == 3)",
  ])("%s", (source) => {
    expect(evaluate(source)).toMatchObject({ decision: "allow", reason: "the expression is true" });
  });
});

describe("refused", () => {
  test.each([
    "false",
    "!claims.email_verified",
    "claims.email == 'jane.doe@example.com'",
    "claims.email.endsWith('@example.com.evil.test')",
    "'Dev' in claims.groups",
    "claims.level == '3'",
    "claims.email_verified == 'true'",
    "has(claims.absent)",
    "has(claims.absent) && claims.absent",
    "claims.absent && false",
    "false && claims.absent",
    "claims.groups.exists(g, g == 'nobody')",
    "claims.groups.all(g, g == 'dev')",
    "claims.mixed.all(m, m > 1)",
    "claims.empty.exists_one(g, true)",
    "claims == claims.address",
    "[claims.level] == ['3']",
    "claims.nothing == false",
  ])("%s", (source) => {
    expect(evaluate(source)).toMatchObject({ decision: "refuse", reason: "the expression is false" });
  });
});

describe("missing claims", () => {
  const missing: readonly (readonly [source: string, claim: string])[] = [
    ["claims.absent", "absent"],
    ["claims.absent == 1", "absent"],
    ["!claims.absent", "absent"],
    ["claims.level == 3 && claims.absent", "absent"],
    ["claims.absent || claims.other", "absent"],
    ["claims.absent.deeper.still == 1", "absent"],
    ["has(claims.absent.deeper)", "absent"],
    ["claims.address.city == 'Berlin'", "address.city"],
    ["claims.address.geo.lon > 1", "address.geo.lon"],
    ["claims['https://example.com/absent'] == 1", "https://example.com/absent"],
    ["claims.address['city'] == 'Berlin'", "address.city"],
    ["claims[claims.number_text] == 1", "42"],
    ["claims.address[claims.scope] == 1", "address.openid email profile"],
    ["claims.users[1].email == 'x'", "users[1].email"],
    ["claims.users.all(u, u.email != '')", "users[].email"],
    ["claims.users.map(u, u.address.city) == []", "users[].address"],
    ["'x' in claims.absent", "absent"],
    ["claims.absent.exists(x, x == 1)", "absent"],
    ["claims.groups.exists(g, g == claims.absent)", "absent"],
    ["size(claims.absent) == 0", "absent"],
    ["claims.email.endsWith(claims.absent)", "absent"],
    ["claims.absent ? true : false", "absent"],
    ["claims.email_verified ? claims.absent : true", "absent"],
    ["claims.hasOwnProperty == 1", "hasOwnProperty"],
    ["claims.address.__proto__ == 1", "address.__proto__"],
    ["claims.address.toString == 1", "address.toString"],
  ];

  test.each(missing)("%s names %s", (source, claim) => {
    expect(evaluate(source)).toMatchObject({
      decision: "error",
      missingClaim: claim,
      reason: expect.stringMatching(/^the claim `.*` is missing/),
    });
  });

  test("null, undefined and inherited members do not count as sent", () => {
    const claims = { a: undefined, b: null, __proto__: { c: true } };
    expect(evaluate("claims.a", claims)).toMatchObject({ decision: "error", missingClaim: "a" });
    expect(evaluate("has(claims.a) || has(claims.b) || has(claims.c)", claims)).toMatchObject({ decision: "refuse" });
    expect(evaluate("claims.c", claims)).toMatchObject({ decision: "error", missingClaim: "c" });
  });
});

describe("other errors", () => {
  const errors: readonly (readonly [source: string, reason: string])[] = [
    ["claims.email", "the expression is neither true nor false, but of type string"],
    ["claims.level", "the expression is neither true nor false, but of type int"],
    ["claims.nothing", "the expression is neither true nor false, but of type null_type"],
    ["claims.groups", "the expression is neither true nor false, but of type list"],
    ["claims.address", "the expression is neither true nor false, but of type map"],
    ["claims.email && true", "claims.email && true: `&&` takes true or false, not string"],
    ["false || claims.level", "false || claims.level: `||` takes true or false, not int"],
    ["!claims.email", "!claims.email: `!` does not take string"],
    ["claims.email ? true : false", "claims.email ? true : false: `?:` does not take string"],
    ["claims.level < 'x'", 'claims.level < "x": `<` does not take int and string'],
    ["claims.groups > []", "claims.groups > []: `>` does not take list and list"],
    ["claims.level.size() == 1", "claims.level.size(): `size` does not take int"],
    ["claims.level.startsWith('3')", 'claims.level.startsWith("3"): `startsWith` does not take int and string'],
    ["claims.groups.contains('dev')", 'claims.groups.contains("dev"): `contains` does not take list and string'],
    ["claims.email.exists(c, true)", "claims.email.exists(c, true): `exists` takes a list or an object, not string"],
    [
      "claims.groups.exists(g, g)",
      "claims.groups.exists(g, g): the condition of `exists` must be true or false, not string",
    ],
    ["claims.groups.all(g, g)", "claims.groups.all(g, g): the condition of `all` must be true or false, not string"],
    [
      "claims.groups.filter(g, g) == []",
      "claims.groups.filter(g, g): the condition of `filter` must be true or false, not string",
    ],
    [
      "claims.groups.map(g, g, 1) == []",
      "claims.groups.map(g, g, 1): the condition of `map` must be true or false, not string",
    ],
    [
      "claims.groups.exists_one(g, g)",
      "claims.groups.exists_one(g, g): the condition of `exists_one` must be true or false, not string",
    ],
    ["'a' in claims.email", '"a" in claims.email: `in` does not take string and string'],
    ["claims.groups[3] == 'x'", "the claim `groups` has no entry 3"],
    ["claims.groups[-1] == 'x'", "the claim `groups` has no entry -1"],
    ["claims.groups[0.5] == 'x'", "the claim `groups` has no entry 0.5"],
    ["claims.scope.split(' ')[3] == 'x'", 'claims.scope.split(" ")[3]: there is no entry 3'],
    ["claims.groups['x'] == 'x'", "the claim `groups` is a list, which has no member `x`"],
    ["claims.groups.x == 'x'", "the claim `groups` is a list, which has no member `x`"],
    ["claims.email[0] == 'x'", "the claim `email` is a string, which has no member `[0]`"],
    ["claims.address.country.code == 1", "the claim `address.country` is a string, which has no member `code`"],
    ["claims.nothing.code == 1", "the claim `nothing` is null, which has no member `code`"],
    ["claims.groups.map(g, g)[0].x == 1", "claims.groups.map(g, g)[0].x: there is no member x"],
    ["int(claims.email) == 1", "int(claims.email): the string is not an integer of 64 bits"],
    ["int('') == 0", 'int(""): the string is not an integer of 64 bits'],
    ["int(' 1 ') == 1", 'int(" 1 "): the string is not an integer of 64 bits'],
    ["int('0x10') == 16", 'int("0x10"): the string is not an integer of 64 bits'],
    ["int('9223372036854775808') == 1", 'int("9223372036854775808"): the string is not an integer of 64 bits'],
    ["int(claims.big) == 1", "int(claims.big): the number does not fit in 64 bits"],
    ["int(claims.groups) == 1", "int(claims.groups): `int` does not take list"],
  ];

  test.each(errors)("%s: %s", (source, reason) => {
    const evaluation = evaluate(source);
    expect(evaluation).toMatchObject({ decision: "error", reason });
    expect(evaluation.missingClaim).toBeUndefined();
  });
});

describe("limits", () => {
  const entries = (count: number): string[] => Array.from({ length: count }, (_, index) => `group-${index}`);
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  test("lists and objects of a thousand entries are used, larger ones are not", () => {
    const claims = { fits: entries(1000), large: entries(1001), object: Object.fromEntries(entries(1001).entries()) };
    expect(evaluate("claims.fits.size() == 1000 && 'group-999' in claims.fits", claims)).toMatchObject({
      decision: "allow",
    });
    expect(evaluate("'group-1' in claims.large", claims)).toMatchObject({
      decision: "error",
      reason: "the claim `large` holds a list of 1001 entries; at most 1000 can be used",
    });
    expect(evaluate("claims.object.size() > 0", claims)).toMatchObject({
      decision: "error",
      reason: "the claim `object` holds an object of 1001 entries; at most 1000 can be used",
    });
  });

  test("a claim over the limits fails only an expression that uses it", () => {
    const claims = { ok: true, large: entries(100_000), deep: nested(5000), long: "x".repeat(1_000_000) };
    expect(evaluate("claims.ok && has(claims.ok)", claims)).toMatchObject({ decision: "allow" });
    expect(evaluate("has(claims.large)", claims)).toMatchObject({ decision: "error" });
  });

  test("no operator swallows a limit", () => {
    const claims = { large: entries(1001), text: "a,".repeat(2000) };
    for (const source of [
      "true || claims.large == []",
      "claims.large == [] || true",
      "[1].exists(x, claims.large == []) || true",
      "claims.text.split(',') == [] || true",
      "has(claims.large) || true",
    ]) {
      const skipped = source.startsWith("true");
      expect(evaluate(source, claims)).toMatchObject({ decision: skipped ? "allow" : "error" });
    }
  });

  test("a deep claim, a long string, a string that is long for matches, a split into too many parts", () => {
    const claims = {
      deep16: nested(16),
      deep17: nested(17),
      deep: nested(5000),
      long: "x".repeat(8193),
      text: "x".repeat(2049),
    };
    expect(evaluate("claims.deep16 != 1", claims)).toMatchObject({ decision: "allow" });
    expect(evaluate("claims.deep17 != 1", claims)).toMatchObject({
      reason: "the claim `deep17` is nested more than 16 levels deep",
    });
    expect(evaluate("claims.deep != 1", claims)).toMatchObject({
      reason: "the claim `deep` is nested more than 16 levels deep",
    });
    expect(evaluate("claims.long != ''", claims)).toMatchObject({
      reason: "the claim `long` holds a string of more than 8192 characters",
    });
    expect(evaluate("claims.text.matches('x')", claims)).toMatchObject({
      reason: "`matches` takes strings of at most 2048 characters",
    });
    expect(evaluate("claims.text.split('').size() > 0", claims)).toMatchObject({
      reason: "`split` makes a list of more than 1000 entries",
    });
  });

  test("more than a thousand claims are not looped over, but each can be used", () => {
    const claims = Object.fromEntries(entries(1001).map((name) => [name, true]));
    expect(evaluate("claims['group-7'] && 'group-8' in claims", claims)).toMatchObject({ decision: "allow" });
    expect(evaluate("claims.all(name, true)", claims)).toMatchObject({ reason: "there are more than 1000 claims" });
  });

  test("what is not JSON is refused by name", () => {
    for (const value of [() => true, 1n, Symbol("x"), Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(evaluate("claims.odd == 1", { odd: value })).toMatchObject({
        reason: "the claim `odd` is not a JSON value",
      });
    }
  });

  const needs = `the evaluation needs more than ${MAX_STEPS} steps for these claims`;

  test.each([
    ["a list in a list", "claims.a.all(x, x in claims.b) || true", { a: entries(1000), b: entries(1000).reverse() }],
    [
      "equal lists in a loop",
      "claims.a.exists(x, claims.a == claims.b && x == '') || true",
      { a: entries(1000), b: entries(1000) },
    ],
    [
      "a costly pattern",
      "claims.a.exists(x, x.matches('(a*)*$b')) || true",
      { a: entries(1000).map(() => "a".repeat(200)) },
    ],
    [
      "a part searched in long strings",
      "claims.a.exists(x, claims.s.contains(claims.p))",
      { a: entries(1000), s: "a".repeat(8000), p: `${"a".repeat(4000)}b` },
    ],
    ["errors in a loop", `claims.a.exists(x, ${Array(60).fill("x.y").join(" || ")})`, { a: entries(1000) }],
    [
      "lists of lists",
      "claims.a.map(x, claims.a).map(y, y == claims.b).all(z, z)",
      { a: entries(1000), b: entries(1000) },
    ],
    [
      "nested claims",
      "claims.a == claims.b || true",
      { a: entries(1000).map(() => entries(1000)), b: entries(1000).map(() => entries(1000)) },
    ],
  ])("%s reaches the budget, and ends there", (_, source, claims) => {
    expect(evaluate(source, claims)).toEqual({ decision: "error", reason: needs, cost: MAX_STEPS });
  });

  test("every iteration counts", () => {
    const cost = (count: number): number => evaluate("claims.a.all(x, true)", { a: entries(count) }).cost;
    expect(cost(1000) - cost(500)).toBeGreaterThanOrEqual(500 * 10);
  });

  test("an expression that reached its budget works for the next claims", () => {
    const expression = compile("claims.a.all(x, x in claims.b)");
    expect(evaluateClaimsExpression(expression, { a: entries(1000), b: entries(1000) })).toMatchObject({
      reason: needs,
    });
    expect(evaluateClaimsExpression(expression, { a: ["x"], b: ["x"] })).toMatchObject({ decision: "allow" });
  });

  test("a pattern whose automaton grew large keeps its answers", () => {
    const expression = compile("claims.text.matches('^[ab]*a[ab]{12}$')");
    for (let round = 0; round < 50; round++) {
      const text = Array.from({ length: 200 }, (_, index) => ((index * 7 + round * 13) % 11 < 5 ? "a" : "b")).join("");
      const expected = /^[ab]*a[ab]{12}$/.test(text) ? "allow" : "refuse";
      expect(evaluateClaimsExpression(expression, { text })).toMatchObject({ decision: expected });
    }
  });
});

test("evaluation leaves the claims, and the recording of stacks, as they were", () => {
  const before = structuredClone(CLAIMS);
  const limit = Error.stackTraceLimit;
  evaluate("claims.groups.map(g, g.lowerAscii()) == claims.absent");
  expect(CLAIMS).toEqual(before);
  expect(Error.stackTraceLimit).toBe(limit);
});
