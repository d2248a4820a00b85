/**
 * Headers that are made late must be what the web's Headers are.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsOf, LazyHeaders, replaceHeaders } from "../../src/transport/headers.ts";

const names = fc.constantFrom("accept", "x-a", "x-b", "set-cookie", "cookie", "Content-Type", "X-A");
const odd = fc.constantFrom("", "a b", ":path", "x-a:", "é", "__proto__", "constructor");
const values = fc.oneof(fc.stringMatching(/^[\x21-\x7e]{0,6}$/), fc.constantFrom("a, b", "caf\u00e9", ""));
const source = fc.dictionary(fc.constantFrom("accept", "x-a", "x-b", "cookie", "content-type", "__proto__"), values);
const cookies = fc.array(values, { minLength: 1, maxLength: 3 });

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom("get", "has", "delete"), name: fc.oneof(names, odd) }),
    fc.record({
      do: fc.constantFrom("set", "append"),
      name: fc.oneof(names, odd),
      value: fc.oneof(values, fc.constantFrom("a\nb", "\u0000", "€")),
    }),
    fc.record({
      do: fc.constantFrom("keys", "values", "entries", "getSetCookie", "forEach", "iterate"),
      name: fc.constant(""),
    }),
  ),
  { maxLength: 12 },
);

type Step = { do: string; name: string; value?: string };

function run(headers: Headers, step: Step): unknown {
  try {
    switch (step.do) {
      case "set":
        return headers.set(step.name, step.value ?? "");
      case "append":
        return headers.append(step.name, step.value ?? "");
      case "get":
        return headers.get(step.name);
      case "has":
        return headers.has(step.name);
      case "delete":
        return headers.delete(step.name);
      case "forEach": {
        const seen: unknown[] = [];
        headers.forEach(function (this: unknown, value, key, parent) {
          seen.push([this, value, key, parent === headers]);
        }, "this");
        return seen;
      }
      case "iterate":
        return [...headers];
      default:
        return Array.from(headers[step.do as "keys"]());
    }
  } catch (error) {
    return (error as Error).name;
  }
}

test("every sequence of operations gives what it gives on the web's Headers", () => {
  fc.assert(
    fc.property(source, fc.option(cookies), steps, (fields, setCookie, sequence) => {
      const headers = { ...fields, ...(setCookie && { "set-cookie": setCookie }), ":path": "/" };
      const real = new Headers();
      for (const [name, value] of Object.entries(headers)) {
        for (const one of name === ":path" ? [] : [value].flat()) {
          real.append(name, one);
        }
      }
      const lazy = new LazyHeaders(headers);
      for (const step of sequence) {
        expect(run(lazy, step)).toEqual(run(real, step));
      }
      expect([...lazy]).toEqual([...real]);
    }),
    { numRuns: 500 },
  );
});

test("they are taken for the web's Headers", () => {
  const lazy = new LazyHeaders({ "x-a": "1" });
  expect(lazy).toBeInstanceOf(Headers);
  expect(new Headers(lazy).get("x-a")).toBe("1");
  expect(new Request("http://a/", { headers: lazy }).headers.get("x-a")).toBe("1");
  expect(Object.prototype.toString.call(lazy)).toBe("[object Headers]");
});

test("reading builds nothing, writing does", () => {
  const lazy = new LazyHeaders({ "x-a": "1" });
  expect([lazy.get("X-A"), lazy.has("x-b"), lazy.isBuilt]).toEqual(["1", false, false]);
  lazy.set("x-b", "2");
  expect([lazy.isBuilt, [...lazy]]).toEqual([
    true,
    [
      ["x-a", "1"],
      ["x-b", "2"],
    ],
  ]);
});

test("the fields of headers as a list", () => {
  const headers = new Headers([
    ["b", "1"],
    ["a", "2"],
    ["set-cookie", "x"],
    ["set-cookie", "y"],
  ]);
  expect(fieldsOf(headers, "trailer-")).toEqual([
    "trailer-a",
    "2",
    "trailer-b",
    "1",
    "trailer-set-cookie",
    "x",
    "trailer-set-cookie",
    "y",
  ]);
  expect(() => fieldsOf(new Headers({ a: "\u0001" }))).toThrow(/header a holds a character/);
});

test("headers are replaced by others, or by themselves", () => {
  const target = new Headers({ a: "1", b: "2", c: "3", d: "4" });
  replaceHeaders(target, target);
  expect([...target.keys()]).toEqual(["a", "b", "c", "d"]);
  replaceHeaders(
    target,
    new Headers([
      ["set-cookie", "x"],
      ["set-cookie", "y"],
    ]),
  );
  expect([...target]).toEqual([
    ["set-cookie", "x"],
    ["set-cookie", "y"],
  ]);
});
