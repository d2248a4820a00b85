/**
 * Text that arrives: member names that appear twice, base64 in pieces, request targets as URLs.
 */
import { fromJsonString } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64Pieces } from "../../src/transport/base64.ts";
import { hasDuplicateKeys } from "../../src/transport/json-keys.ts";
import { originOf, urlOf } from "../../src/transport/origin.ts";

// No escapes in names: JSON.parse of Node 24 takes {"\\u0061":1} for {"\\":1} once it has seen objects with that name.
const key = fc.constantFrom('"a"', '"b"', '"ä"', '"a:"', '":"', '"{a:1}"', '"__proto__"', '""');
const inner = fc.constantFrom("1", "null", "true", '"x\\\\\\": "', '"\\""', '"\\\\"', '"{\\"a\\":1}"', '"a"');
const space = fc.constantFrom("", " ", "\n\t");
const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, inner, tie("object"), tie("array")),
  object: fc
    .array(fc.tuple(space, key, space, space, tie("value"), space), { maxLength: 4 })
    .map((members) => `{${members.map(([a, k, b, c, v, d]) => `${a}${k}${b}:${c}${v}${d}`).join(",")}}`),
  array: fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(" , ")}]`),
}));

describe("duplicate member names", () => {
  test("are found where protobuf-es finds them", () => {
    let found = 0;
    fc.assert(
      fc.property(value, (text) => {
        const has = hasDuplicateKeys(text, JSON.parse(text));
        found += Number(has);
        expect(has).toBe(/duplicate object key/.test(refusal(`{"v":${text}}`)));
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(50);
  });

  function refusal(text: string): string {
    try {
      fromJsonString(StructSchema, text);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }
});

describe("base64 in pieces", () => {
  test("is what was encoded, however it was cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { maxLength: 6 }), (pieces) => {
        const text = pieces.map((piece) => Buffer.from(piece).toString("base64")).join("");
        expect(decodeBase64Pieces(Buffer.from(text))).toEqual(Buffer.concat(pieces));
      }),
    );
  });

  test("is nothing else", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("A", "b", "=", "-", " ", "/", "\n", "é"), maxLength: 9 }),
        (text) => {
          const isBase64 = /^(?:(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)*$/.test(text);
          expect(decodeBase64Pieces(Buffer.from(text)) !== undefined).toBe(isBase64);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("URLs", () => {
  test("are spelled as the URL standard spells them", () => {
    const targets = fc.string({
      unit: fc.constantFrom("a", "?", "&", "%", "'", '"', "<", "#", "|", "{", "é", ":", "[", "\\", "^", "`"),
      maxLength: 9,
    });
    fc.assert(
      fc.property(targets, (query) => {
        const target = `/a.b.C/D?${query}`;
        expect(urlOf("http://localhost:8080", target)).toBe(new URL(target, "http://localhost:8080").toString());
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["http", "LOCALHOST:80", "http://localhost"],
    ["https", "a.example:443", "https://a.example"],
    ["https", "a.example:8443", "https://a.example:8443"],
    ["http", "[::1]:1", "http://[::1]:1"],
    ["http", undefined, "http://localhost"],
    ["http", "a b", "http://localhost"],
    ["http", "", "http://localhost"],
  ] as const)("%s, %s: %s", (scheme, authority, origin) => {
    expect(originOf(scheme, authority)).toBe(origin);
    expect(originOf(scheme, authority)).toBe(origin);
  });
});
