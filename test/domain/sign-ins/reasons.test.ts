import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/auth/sentences.ts";
import {
  findRefusal,
  quote,
  type RefusalReason,
  reasonsOf,
  SIGN_IN_STEPS,
  SignInRefusal,
  stepOf,
} from "../../../src/domain/sign-ins/reasons.ts";
import { CASES } from "../../auth/lies.ts";

const REASONS = SIGN_IN_STEPS.flatMap((step) => reasonsOf(step).map((reason) => [step, reason] as const));
const page = readFileSync(join(import.meta.dirname, "../../../docs/sign-in-reasons.md"), "utf8");

describe("reasons of refused sign-ins", () => {
  it("are in the documentation, each with its step, and nothing else is", () => {
    const rows = [...page.matchAll(/^\| (\w+) \| `(\w+)` \| .+ \|$/gm)].map(([, step, reason]) => [step, reason]);
    expect(rows).toEqual(REASONS);
  });

  it("know their step", () => {
    for (const [step, reason] of REASONS) expect(stepOf(reason)).toBe(step);
    expect(stepOf("metadata_timeout")).toBe("discovery");
    expect(stepOf("keys_status")).toBe("signature");
    expect(stepOf("token_content")).toBe("exchange");
    expect(stepOf("userinfo_redirect")).toBe("userinfo");
  });

  it("of fetching are in the documentation, as endpoint and problem", () => {
    const words = new Set([...page.matchAll(/^\| `(\w+)` \| [^|]+ \|$/gm)].map(([, word]) => word));
    const fetched = CASES.map(({ reason }) => reason).filter(
      (reason) => !REASONS.some(([, known]) => known === reason),
    );
    expect(fetched.length).toBeGreaterThan(0);
    for (const reason of fetched) {
      const [, endpoint, problem] = /^(metadata|keys|token|userinfo)_(\w+)$/.exec(reason) ?? [];
      expect([words.has(endpoint ?? ""), words.has(problem ?? "")]).toEqual([true, true]);
    }
  });

  it("have a page each that says what to do", () => {
    for (const reason of [...REASONS.map(([, each]) => each), "internal", "keys_tls"] as RefusalReason[]) {
      const { title, sentence, advice, status } = explain({ reason, missingClaim: undefined });
      for (const text of [title, sentence, advice]) expect(text.length).toBeGreaterThan(5);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe("a refusal", () => {
  it("is found within what a library made of it", () => {
    const refusal = new SignInRefusal("keys_status", "no");
    expect(findRefusal(new Error("outer", { cause: new Error("inner", { cause: refusal }) }))).toBe(refusal);
    expect(findRefusal(new Error("another"))).toBeUndefined();
  });

  it("quotes others on one line, shortened", () => {
    expect(quote("a\r\nb\u0000c\u202Ed\u2028e")).toBe("a b c d e");
    expect(quote("x".repeat(1000))).toHaveLength(200);
    expect(quote("\uD800")).toBe("\uFFFD");
    expect(quote(undefined)).toBe("undefined");
  });
});
