import type { Evaluation, ExplainedStep, StepOutcome } from "../claims-expression.ts";
import type { JsonObject } from "./fetch-json.ts";

/** Claims that tell of the sign-in and not of a person. */
const OPEN: ReadonlySet<string> = new Set([
  ...["iss", "aud", "azp", "exp", "iat", "nbf", "auth_time", "acr", "amr", "tid", "typ", "ver", "at_hash"],
]);

const MAX_SHOWN = 20;
const MAX_TEXT = 200;

/** A claim as it is shown: the name, and a value that tells its kind and shape, and little of the person. */
export interface ShownClaim {
  readonly name: string;
  readonly value: string;
}

/** Claims as they are shown, by name. */
export function redactClaims(claims: JsonObject): readonly ShownClaim[] {
  return Object.entries(claims)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value: cut(JSON.stringify(OPEN.has(name) ? value : redactValue(value)) ?? "") }));
}

/** The beginning of a text, and the domain of an email address. */
export function redactText(text: string): string {
  const at = text.lastIndexOf("@");
  const [head, tail] = at > 0 ? [text.slice(0, at), text.slice(at)] : [text, ""];
  const characters = [...head];
  return `${characters.length > 4 ? characters.slice(0, 2).join("") : ""}…${cut(tail)}`;
}

/** An evaluation without what its values tell of a person. */
export function redactEvaluation({ steps, ...evaluation }: Evaluation): Evaluation {
  return steps === undefined ? evaluation : { ...evaluation, steps: steps.map(redactStep) };
}

function redactStep({ elements, ...step }: ExplainedStep): ExplainedStep {
  const redacted = { ...step, outcome: redactOutcome(step.outcome) };
  if (elements === undefined) return redacted;
  const shown = elements.map(({ element, outcome }) => ({
    element: redactQuoted(element),
    outcome: redactOutcome(outcome),
  }));
  return { ...redacted, elements: shown };
}

function redactOutcome(outcome: StepOutcome): StepOutcome {
  return outcome.kind === "value" ? { ...outcome, value: redactQuoted(outcome.value) } : outcome;
}

/** The texts within a value that is written as CEL or JSON; the last one may have been cut off. */
function redactQuoted(value: string): string {
  return value.replaceAll(/"((?:[^"\\]|\\.)*)("|$)/gs, (_match, text: string) => `"${redactText(text)}"`);
}

function redactValue(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "number") return "(number)";
  if (Array.isArray(value)) return value.slice(0, MAX_SHOWN).map(redactValue);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).slice(0, MAX_SHOWN);
  return Object.fromEntries(entries.map(([name, member]) => [name, redactValue(member)]));
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT).join("")}…` : text;
}
