import { describe, expect, test } from "vitest";
import { compileClaimsExpression } from "../../../src/domain/claims-expression.ts";

function refusal(source: string): { offset: number; reason: string } {
  const result = compileClaimsExpression(source);
  if (result.ok) {
    throw new Error(`${source} compiled`);
  }
  return { offset: result.offset, reason: result.reason };
}

describe("accepted sources", () => {
  test.each([
    "true",
    "claims.email_verified",
    "  claims.email_verified  ",
    "claims.email_verified // only proven addresses",
    "// one\n// two\nclaims.email_verified\n&& // three\n!claims.disabled",
    '"team" in claims.groups_direct',
    'claims.email_verified && claims.email.endsWith("@example.com")',
    "claims.a ? claims.b : claims.c ? claims.d : claims.e",
    'claims["https://example.com/roles"].exists(r, r == "admin")',
    "claims.a in [1, 2, 3,]",
    "claims.a == -1 || claims.b > -0.5 || claims.c == 0x1F || claims.d < 1.5e3",
    "claims.a == 'it''s' || true".replace("''", "\\'"),
    'claims.a == "\\x41\\u00e9\\U0001F600\\101\\n\\"" || claims.a == r"\\d" || claims.a == """a"b""" || claims.a == \'\'\'a\'b\'\'\'',
    "claims.groups.filter(g, g.startsWith('a')).map(g, g.lowerAscii()).exists_one(g, g == 'ab')",
    "claims.groups.map(g, g != 'a', g.size())[0] == 3",
    "has(claims.a) && has(claims.b.c)",
    "!!claims.a",
    "claims.a == !claims.b",
    "claims.null_value == null",
    "claims.package == 1 && claims.for == 2",
    "(((((claims.a)))))",
    'size(claims.a) == 1 && string(claims.b) == "1" && int(claims.c) == 1',
    'claims.email.matches("^[^@]+@example\\\\.com$")',
    `claims.a == "${"x".repeat(4000)}"`,
    `${Array(63).fill("claims.a").join(" && ")}`,
    `${"(".repeat(32)}true${")".repeat(32)}`,
  ])("%.60s", (source) => {
    expect(compileClaimsExpression(source)).toMatchObject({ ok: true, expression: { source } });
  });
});

describe("refused sources", () => {
  const refused: readonly (readonly [source: string, offset: number, reason: RegExp])[] = [
    // Nothing there.
    ["", 0, /unexpected the end of the expression; expected a value/],
    ["   ", 3, /expected a value/],
    ["// only a comment", 17, /expected a value/],
    // Characters.
    ["claims.a = 1", 9, /write == to compare/],
    ["claims.a & claims.b", 9, /write && for and/],
    ["claims.a | claims.b", 9, /write \|\| for or/],
    ["claims.`a-b`", 7, /write claims\["\.\.\."\]/],
    ["claims.a == “x”", 12, /unexpected character "“"/],
    ['claims.a == "😀" && 😀', 19, /unexpected character "😀"/],
    ["claims.a; claims.b", 8, /unexpected character ";"/],
    ["claims.a == @result", 12, /unexpected character "@"/],
    ["claims.a\u0000", 8, /unexpected character "\\u0000"/],
    // Literals.
    ['claims.a == "abc', 12, /no closing quote/],
    ["claims.a == 'a\nb'", 12, /no closing quote/],
    ['claims.a == """abc""', 12, /no closing quote/],
    ['claims.a == r"abc', 12, /no closing quote/],
    ['claims.a == "\\d"', 13, /unknown escape.*raw string/],
    ['claims.a == "\\ud800"', 13, /unknown escape/],
    ['claims.a == "\\U00110000"', 13, /unknown escape/],
    ['claims.a == b"x"', 12, /bytes are not available/],
    ["claims.a == rb'x'", 12, /bytes are not available/],
    ["claims.a == 1u", 12, /number is malformed/],
    ["claims.a == 1x", 12, /number is malformed/],
    ["claims.a == 0x", 12, /number is malformed/],
    ["claims.a == .5", 12, /expected a value/],
    ["claims.a == 9223372036854775808", 12, /does not fit in 64 bits/],
    ["claims.a == 1e999", 12, /too large/],
    // Structure.
    ["claims.a &&", 11, /the end of the expression; expected a value/],
    ["&& claims.a", 0, /unexpected `&&`; expected a value/],
    ["claims.a claims.b", 9, /unexpected `claims`; expected an operator/],
    ["claims.a and claims.b", 9, /unexpected `and`; expected an operator/],
    ["(claims.a", 9, /closing `\)`/],
    ["claims.a)", 8, /unexpected `\)`; expected an operator or the end/],
    ["claims.a[1", 10, /closing `\]`/],
    ["claims.a in [1, 2", 17, /closing `\]`/],
    ["claims.a in [,]", 13, /expected a value/],
    ["claims.a.startsWith('a',)", 24, /another argument/],
    ["claims.", 7, /the name of a claim or of a function/],
    ["claims.?a", 7, /the name of a claim or of a function/],
    [".claims.a", 0, /expected a value/],
    ["claims.a ? claims.b", 19, /the `:` of the condition/],
    ["claims.in == 1", 7, /keyword; write \["in"\]/],
    ["claims.true", 7, /keyword; write \["true"\]/],
    ["package == 1", 0, /reserved word/],
    ["in == 1", 0, /expected a value/],
    ["claims.a == {}", 12, /maps are not available/],
    ['claims.a == {"a": 1}', 12, /maps are not available/],
    ["Message{a: 1} == 1", 7, /messages are not available/],
    ["claims.a + 1 == 2", 9, /arithmetic is not available/],
    ["claims.a * 2 == 2", 9, /arithmetic is not available/],
    ["-claims.a == 1", 0, /arithmetic is not available/],
    ["claims.a == - 1", 12, /without a space/],
    ["claims.a == --1", 12, /without a space/],
    // Names.
    ["email == 1", 0, /unknown name `email`; available here: `claims`/],
    ["claims.groups.all(g, h == 1)", 21, /available here: `claims` and `g`/],
    ["claims.groups.all(g, true) && g == 1", 30, /unknown name `g`/],
    ["claims.a == int", 12, /unknown name `int`/],
    ["__proto__ == 1", 0, /unknown name/],
    ["constructor == 1", 0, /unknown name/],
    ["google.protobuf.Value == 1", 0, /unknown name `google`/],
    ["claims.groups.all(claims, true)", 14, /would hide `claims`/],
    ["claims.groups.all(truth, true) && claims.groups.all(truely, true)", 52, /cannot begin with true or false/],
    // Functions.
    ["claims.a.replace('a', 'b') == 'b'", 9, /`replace` is not available; available: has, size/],
    ["claims.a.join() == 'b'", 9, /`join` is not available/],
    ["claims.a.format([1]) == 'b'", 9, /`format` is not available/],
    ["timestamp(claims.a) == 1", 0, /`timestamp` is not available/],
    ["claims.a == 1 && duration('1h') == 1", 17, /`duration` is not available/],
    ["type(claims.a) == 1", 0, /`type` is not available/],
    ["dyn(claims.a)", 0, /`dyn` is not available/],
    ["claims.a.toString() == 1", 9, /`toString` is not available/],
    ["constructor(claims)", 0, /`constructor` is not available/],
    ["claims.a.__proto__()", 9, /`__proto__` is not available/],
    ["claims.a . \n trim() == 1", 13, /`trim` is not available/],
    ["claims.groups.existsOne(g, true)", 14, /`existsOne` is not available/],
    ["startsWith(claims.a, 'x')", 0, /written as claims\.email\.startsWith/],
    ["claims.a.startsWith()", 9, /written as claims\.email\.startsWith/],
    ["claims.a.split(' ', 2) == []", 9, /written as claims\.scope\.split/],
    ["claims.a.string() == ''", 9, /written as string\(claims\.level\)/],
    ["has(claims)", 0, /written as has\(claims\.name\)/],
    ["has(claims['a'])", 0, /written as has\(claims\.name\)/],
    ["has(claims.a, claims.b)", 0, /written as has\(claims\.name\)/],
    ["claims.groups.exists('g', true)", 14, /written as claims\.groups\.exists/],
    ["claims.groups.all(g.h, true)", 14, /written as claims\.groups\.all/],
    ["claims.groups.exists(g)", 14, /written as claims\.groups\.exists/],
    ["exists(claims.groups, true)", 0, /written as claims\.groups\.exists/],
    ["claims.a.all(x, claims.b.exists(y, y == x))", 25, /macros cannot be nested/],
    ["claims.a.all(x, x.filter(y, true) == [])", 18, /macros cannot be nested/],
    // Patterns.
    ["claims.a.matches(claims.b)", 23, /must be a literal string/],
    ["claims.a.matches('a' == 'b' ? 'c' : 'd')", 17, /must be a literal string/],
    ["claims.a.matches(1)", 17, /must be a literal string/],
    ['claims.a.matches("(")', 17, /RE2's syntax: missing closing \)/],
    ['claims.a.matches("(?=a)")', 17, /RE2's syntax: invalid or unsupported Perl syntax/],
    ['claims.a.matches(r"(a)\\1")', 17, /RE2's syntax: invalid escape/],
    [`claims.a.matches("${"a".repeat(257)}")`, 17, /pattern is too long; at most 256/],
    ['claims.a.matches("a{300}")', 17, /pattern is too large/],
    ['claims.a.matches("(a{1000}){1000}")', 17, /RE2's syntax: invalid repeat count/],
    // What can never be true or false.
    ["claims", 0, /the expression must be true or false/],
    ["1", 0, /the expression must be true or false/],
    ["null", 0, /the expression must be true or false/],
    ["claims.groups.size()", 0, /must be true or false/],
    [" claims.groups.map(g, g)", 1, /must be true or false/],
    ["claims.a && 'b'", 12, /what `&&` takes must be true or false/],
    ["claims.a || [1]", 12, /what `\|\|` takes must be true or false/],
    ["!claims.a.lowerAscii()", 1, /what `!` takes must be true or false/],
    ["claims.a.size() ? true : false", 0, /what `\?:` takes must be true or false/],
    ["claims.a ? claims.b : 'no'", 0, /must be true or false/],
    ["claims.a.exists(x, x.size())", 19, /the condition of `exists` must be/],
    ["claims.a.map(x, 'x', x) == []", 16, /the condition of `map` must be/],
    // Limits.
    [`claims.a == "${"x".repeat(4096)}"`, 4096, /at most 4096 characters/],
    [`${"(".repeat(33)}true${")".repeat(33)}`, 32, /at most 32 levels/],
    [`${"(".repeat(2000)}true`, 32, /at most 32 levels/],
    [`${"[".repeat(2000)}`, 32, /at most 32 levels/],
    [`claims${"[claims".repeat(500)}`, 6 + 32 * 7, /at most 32 levels/],
    [`${"size(".repeat(500)}`, 32 * 5 + 4, /at most 32 levels/],
    [`${"!".repeat(300)}true`, 256, /at most 256 operands and operators/],
    [`claims${".a".repeat(300)}`, 6 + 255 * 2 + 1, /at most 256 operands and operators/],
    [`true${" ? true : true".repeat(100)}`, 4 + 14 * 85 + 3, /at most 256 operands and operators/],
    [`claims.a in [${"1,".repeat(1000)}]`, 13 + 2 * 252, /at most 256 operands and operators/],
  ];

  test.each(
    refused.map(([source, offset, reason]) => ({ title: JSON.stringify(source).slice(0, 60), source, offset, reason })),
  )("$title at $offset", ({ source, offset, reason }) => {
    expect(refusal(source)).toEqual({ offset, reason: expect.stringMatching(reason) });
  });

  test("offsets count code points, not UTF-16 code units or bytes", () => {
    expect(refusal('"😀😀" == claims.é')).toMatchObject({ offset: 15 });
  });
});

describe("claimPaths", () => {
  test.each([
    ["claims.email_verified && claims.email.endsWith('@x') && claims.email != ''", ["email_verified", "email"]],
    ["claims.address.country == 'DE'", ["address.country"]],
    [
      'claims["https://example.com/roles"].exists(r, r.name == claims["b c"])',
      ["https://example.com/roles", "https://example.com/roles[].name", "b c"],
    ],
    ["has(claims.a) && claims.b[0].c == claims[claims.k]", ["a", "b[0].c", "k"]],
    ["claims.groups.filter(g, g != '').size() > 0", ["groups"]],
    ["claims.size() > 0 && claims.all(name, name != 'x')", []],
  ])("%s", (source, paths) => {
    const result = compileClaimsExpression(source);
    expect(result.ok && result.expression.claimPaths).toEqual(paths);
  });
});
