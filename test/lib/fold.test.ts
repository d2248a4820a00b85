import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText } from "../../src/lib/fold.ts";

describe("foldText", () => {
  it.each([
    ["Ada LOVELACE", "ada lovelace"],
    ["ÅNGSTRÖM", "ångström"],
    ["A\u030angstro\u0308m", "ångström"],
    ["ΣΊΣΥΦΟΣ", "σίσυφοσ"],
    ["Straße", "straße"],
    ["", ""],
  ])("folds %s", (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it("folds what is folded to itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
    );
  });

  it("folds a part of Greek, Cyrillic and Latin text to a part of the folded text", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."ΑΣςσάЖжİıßSs 😀-".split(/(?:)/u)), maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, letters, (before, part, after) => {
        expect(foldText(before + part + after)).toContain(foldText(part));
      }),
    );
  });
});
