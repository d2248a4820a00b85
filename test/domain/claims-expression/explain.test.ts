import { expect, test } from "vitest";
import {
  type Claims,
  compileClaimsExpression,
  type ExplainedStep,
  evaluateClaimsExpression,
} from "../../../src/domain/claims-expression.ts";

function explain(source: string, claims: Claims): readonly ExplainedStep[] {
  const result = compileClaimsExpression(source);
  if (!result.ok) {
    throw new Error(`${source} at ${result.offset}: ${result.reason}`);
  }
  const evaluation = evaluateClaimsExpression(result.expression, claims, { explain: true });
  const { steps, ...plain } = evaluation;
  expect(evaluateClaimsExpression(result.expression, claims)).toEqual(plain);
  return steps!;
}

/** One line for each step, such as `7 claims.a = 1`. */
function lines(source: string, claims: Claims): readonly string[] {
  return explain(source, claims).map(({ offset, text, outcome }) => {
    const shown =
      outcome.kind === "value" ? outcome.value : outcome.kind === "error" ? `! ${outcome.reason}` : "skipped";
    return `${offset} ${text} = ${shown}`;
  });
}

test("every sub-expression in the order of evaluation, with its place in the source", () => {
  expect(
    lines(` claims.ok && (claims.email.lowerAscii() . endsWith("@x") || !claims.no)`, {
      ok: true,
      email: "A@X",
      no: false,
    }),
  ).toEqual([
    "1 claims.ok = true",
    '15 claims.email = "A@X"',
    '15 claims.email.lowerAscii() = "a@x"',
    '15 claims.email.lowerAscii().endsWith("@x") = true',
    "62 claims.no = skipped",
    "61 !claims.no = skipped",
    '15 claims.email.lowerAscii().endsWith("@x") || !claims.no = true',
    '1 claims.ok && (claims.email.lowerAscii().endsWith("@x") || !claims.no) = true',
  ]);
});

test("what is behind a decided operand, in the other branch, or behind an error is skipped", () => {
  expect(lines("false && claims.a", { a: 1 })).toEqual(["9 claims.a = skipped", "0 false && claims.a = false"]);
  expect(lines("claims.a ? claims.b : claims.c", { a: true, b: true, c: true })).toEqual([
    "0 claims.a = true",
    "11 claims.b = true",
    "22 claims.c = skipped",
    "0 claims.a ? claims.b : claims.c = true",
  ]);
  expect(lines("claims.a == claims.b", { b: 1 })).toEqual([
    "0 claims.a = ! the claim `a` is missing",
    "12 claims.b = skipped",
    "0 claims.a == claims.b = ! the claim `a` is missing",
  ]);
});

test("an error does not stop the operands of && and ||", () => {
  expect(lines("claims.a || claims.b", { b: true })).toEqual([
    "0 claims.a = ! the claim `a` is missing",
    "12 claims.b = true",
    "0 claims.a || claims.b = true",
  ]);
});

test("errors name the missing claim", () => {
  expect(explain("claims.a.b == 1", { a: {} }).map(({ outcome }) => outcome)).toEqual([
    { kind: "value", value: "{}" },
    { kind: "error", reason: "the claim `a.b` is missing", missingClaim: "a.b" },
    { kind: "error", reason: "the claim `a.b` is missing", missingClaim: "a.b" },
  ]);
});

test("a macro shows what its body came to for the first twenty elements", () => {
  const groups = ["dev", 7, ...Array.from({ length: 30 }, (_, index) => `g${index}`)];
  const step = explain("claims.groups.exists(g, g.startsWith('a'))", { groups }).at(-1)!;
  expect(step.elements).toHaveLength(20);
  expect(step.elements!.slice(0, 3)).toEqual([
    { element: '"dev"', outcome: { kind: "value", value: "false" } },
    {
      element: "7",
      outcome: { kind: "error", reason: 'g.startsWith("a"): `startsWith` does not take int and string' },
    },
    { element: '"g0"', outcome: { kind: "value", value: "false" } },
  ]);
});

test("a macro over an object shows its keys, and one over something else shows none", () => {
  expect(explain("claims.o.all(k, k != 'b')", { o: { a: 1, b: 2 } }).at(-1)!.elements).toEqual([
    { element: '"a"', outcome: { kind: "value", value: "true" } },
    { element: '"b"', outcome: { kind: "value", value: "false" } },
  ]);
  expect(explain("claims.o.all(k, k != 'b')", { o: 1 }).at(-1)!.elements).toEqual([]);
});

test("values are JSON, shortened", () => {
  const claims = {
    text: "é".repeat(500),
    list: Array.from({ length: 900 }, (_, index) => index),
    deep: [[[[[[1]]]]]],
    odd: { n: null, t: true, d: 1.5, s: 'a"b' },
  };
  const [text, list, deep, odd] = ["text", "list", "deep", "odd"].map(
    (name) => explain(`claims.${name} == 1`, claims)[0]!.outcome,
  );
  expect(text).toEqual({ kind: "value", value: `"${"é".repeat(199)}…` });
  expect(list).toMatchObject({ value: expect.stringMatching(/^\[0,1,2,.*…$/) });
  expect(deep).toEqual({ kind: "value", value: '[[[["…"]]]]' });
  expect(odd).toEqual({ kind: "value", value: '{"n":null,"t":true,"d":1.5,"s":"a\\"b"}' });
});

test("an explanation has a budget of its own, and what is over it is skipped", () => {
  const a = Array.from({ length: 1000 }, (_, index) => `a${index}`);
  const steps = explain("claims.a.all(x, x in claims.a) && claims.a == claims.a && claims.b", { a, b: true });
  expect(steps.some(({ outcome }) => outcome.kind === "skipped")).toBe(true);
  expect(steps.map(({ text }) => text)).toContain("claims.b");
});

test("the text of a sub-expression is shortened", () => {
  const list = Array.from({ length: 200 }, (_, index) => index);
  const [step] = explain(`1 in [${list}]`, {});
  expect(step).toMatchObject({
    text: expect.stringMatching(/^1 in \[0, 1, .*…$/),
    outcome: { kind: "value", value: "true" },
  });
  expect(step!.text).toHaveLength(201);
});

test("claims that are over the limits are shown without their members", () => {
  const claims = { flag: true, large: Array.from({ length: 1001 }, () => 1) };
  const steps = explain("(claims.flag ? claims : claims).flag", claims);
  expect(steps.map(({ outcome }) => outcome)).toEqual([
    { kind: "value", value: "true" },
    { kind: "value", value: "{…}" },
    { kind: "value", value: "true" },
  ]);
  expect(explain("[claims].exists(each, each.flag)", claims)[0]!.elements).toEqual([
    { element: "{…}", outcome: { kind: "skipped" } },
  ]);
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`c${index}`, index]));
  expect(explain("claims.all(name, true)", many)).toMatchObject([{ outcome: { kind: "skipped" }, elements: [] }]);
});
