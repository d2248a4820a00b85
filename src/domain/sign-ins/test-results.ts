import type { Evaluation } from "../claims-expression.ts";
import type { MappedClaims } from "../claims-mapping.ts";
import type { CollectedClaims } from "./claims.ts";
import { type RefusalReason, SIGN_IN_STEPS, type SignInRefusal, type SignInStep, stepOf } from "./reasons.ts";
import { redactText, type ShownClaim } from "./redaction.ts";

/** How far a test came. Steps after one that failed are skipped. */
export interface TestStep {
  readonly step: SignInStep;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Why it failed; empty otherwise. */
  readonly reason: RefusalReason | "";
  /** For an admin; empty when there is nothing to say. */
  readonly detail: string;
}

/** What the mapping made of the claims, redacted. */
export interface ShownAttribute {
  readonly attribute: string;
  readonly claim: string;
  /** Whether the mapping names the claim, or it is the standard one. */
  readonly mapped: boolean;
  readonly state: "found" | "missing" | "invalid";
  /** The value, or what is wrong with it. */
  readonly value: string;
}

/** What a test came to. */
export interface TestResult {
  readonly finishedAt: number;
  /** Whether the person would have been signed in. */
  readonly allowed: boolean;
  readonly steps: readonly TestStep[];
  /** Empty when no token was verified. */
  readonly claims: readonly ShownClaim[];
  readonly attributes: readonly ShownAttribute[];
  /** Absent when there is no expression, or the test did not come that far. */
  readonly evaluation: Evaluation | undefined;
}

/** What is said of a step that passed. */
export type Details = { -readonly [Step in SignInStep]?: string };

/** What is said of userinfo. */
export const USERINFO: Readonly<Record<CollectedClaims["userinfo"], string>> = {
  fetched: "asked for what the ID token lacks",
  not_needed: "not asked: the ID token has everything",
  not_offered: "the identity provider has no userinfo endpoint",
};

/** The result of a test that was refused, or was not, as far as its steps tell. */
export function toResult(finishedAt: number, refusal: SignInRefusal | undefined, details: Details = {}): TestResult {
  const failedAt = refusal ? SIGN_IN_STEPS.indexOf(stepOf(refusal.reason)) : SIGN_IN_STEPS.length;
  const steps = SIGN_IN_STEPS.map((step, index): TestStep => {
    if (refusal && index === failedAt)
      return { step, outcome: "failed", reason: refusal.reason, detail: refusal.detail };
    return { step, outcome: index < failedAt ? "passed" : "skipped", reason: "", detail: details[step] ?? "" };
  });
  return { finishedAt, allowed: !refusal, steps, claims: [], attributes: [], evaluation: undefined };
}

/** What the mapping found, redacted. */
export function showAttributes(mapped: MappedClaims): readonly ShownAttribute[] {
  return Object.entries(mapped).map(([attribute, result]) => {
    const { claim, mapped: named, state } = result;
    return { attribute, claim, mapped: named, state, value: showAttribute(result) };
  });
}

function showAttribute(result: MappedClaims[keyof MappedClaims]): string {
  if (result.state === "missing") return "";
  if (result.state === "invalid") return result.problem;
  if (typeof result.value === "string") return redactText(result.value);
  return typeof result.value === "boolean"
    ? String(result.value)
    : result.value.slice(0, 20).map(redactText).join(", ");
}
