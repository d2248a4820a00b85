import {
  type ClaimsExpression,
  compileClaimsExpression,
  type Evaluation,
  evaluateClaimsExpression,
} from "../claims-expression.ts";
import { applyClaimsMapping, type MappedClaims, missingClaims } from "../claims-mapping.ts";
import { domainOfEmail } from "../email-domains.ts";
import type { SsoConfiguration } from "../sso-configurations.ts";
import type { JsonObject } from "./fetch-json.ts";
import { quote, SignInRefusal } from "./reasons.ts";

/** A person as the claims of one sign-in describe them. */
export interface Profile {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
  /** Whether the identity provider vouches for the email. */
  readonly emailVerified: boolean;
  readonly name: string;
  readonly avatarUrl: string;
  /** What a directory may know the person by as externalId: Entra's object id, which its `sub` is not, and the `sub`. */
  readonly directoryIds: readonly string[];
}

/** What a configuration makes of claims. What comes after a refusal is not looked at. */
export interface Decision {
  readonly mapped: MappedClaims;
  /** Absent when there is no expression, or the sign-in was refused before it. */
  readonly evaluation: Evaluation | undefined;
  readonly outcome: Profile | SignInRefusal;
}

const MAX_KEPT = 500;
const compiled = new Map<string, ClaimsExpression>();

/**
 * Decides about claims that are verified: the mapping, the domain of the email, the expression.
 * @param explain also evaluate every sub-expression.
 */
export function decide(
  configuration: Pick<SsoConfiguration, "claims" | "emailDomains" | "claimsExpression" | "issuerUrl">,
  claims: JsonObject,
  explain = false,
): Decision {
  const mapped = applyClaimsMapping(configuration.claims, claims);
  const refusal = checkEmail(mapped) ?? checkDomain(mapped, configuration.emailDomains);
  if (refusal) return { mapped, evaluation: undefined, outcome: refusal };
  const source = configuration.claimsExpression;
  const evaluation = source === "" ? undefined : evaluateClaimsExpression(compile(source), claims, { explain });
  return { mapped, evaluation, outcome: checkEvaluation(evaluation) ?? toProfile(configuration, claims, mapped) };
}

/** Whether userinfo may hold something that the configuration uses and the claims lack. */
export function needsUserinfo(
  { claims: mapping, claimsExpression }: Pick<SsoConfiguration, "claims" | "claimsExpression">,
  claims: JsonObject,
): boolean {
  if (missingClaims(applyClaimsMapping(mapping, claims)).length > 0) return true;
  return expressionClaims(claimsExpression).some((name) => !isSent(claims, name));
}

/** The top-level claims that a configuration uses: those that the mapping names, and those in the expression. */
export function usedClaims({ claims, claimsExpression }: Pick<SsoConfiguration, "claims" | "claimsExpression">) {
  return [...new Set([...Object.values(claims), ...expressionClaims(claimsExpression)])];
}

/** Whether a claim, or the claim at the beginning of a dotted path, was sent. */
export function isSent(claims: JsonObject, path: string): boolean {
  const name = Object.hasOwn(claims, path) ? path : (path.split(".")[0] as string);
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return value !== undefined && value !== null && value !== "";
}

function expressionClaims(source: string): readonly string[] {
  return source === "" ? [] : compile(source).claimPaths.map((path) => path.split(/[.[]/)[0] as string);
}

/** Expressions are compiled when they are written, so a source that does not compile is a fault of ours. */
function compile(source: string): ClaimsExpression {
  const known = compiled.get(source);
  if (known) return known;
  const result = compileClaimsExpression(source);
  if (!result.ok) throw new SignInRefusal("expression_error", `the expression does not compile: ${result.reason}`);
  if (compiled.size >= MAX_KEPT) compiled.delete(compiled.keys().next().value as string);
  compiled.set(source, result.expression);
  return result.expression;
}

function checkEmail({ email }: MappedClaims): SignInRefusal | undefined {
  if (email.state === "missing") {
    const missingClaim = quote(email.claim);
    return new SignInRefusal("email_missing", `the identity provider sent no claim ${missingClaim}`, { missingClaim });
  }
  return email.state === "invalid" ? new SignInRefusal("email_invalid", quote(email.problem)) : undefined;
}

function checkDomain({ email }: MappedClaims, accepted: readonly string[]): SignInRefusal | undefined {
  const domain = email.state === "found" ? domainOfEmail(email.value) : undefined;
  if (accepted.length === 0 || (domain !== undefined && accepted.includes(domain))) return undefined;
  return new SignInRefusal("email_domain_refused", `the domain ${quote(domain)} is none of ${accepted.join(", ")}`);
}

function checkEvaluation(evaluation: Evaluation | undefined): SignInRefusal | undefined {
  if (evaluation === undefined || evaluation.decision === "allow") return undefined;
  const reason = evaluation.decision === "refuse" ? "expression_refused" : "expression_error";
  return new SignInRefusal(reason, quote(evaluation.reason), { missingClaim: evaluation.missingClaim });
}

function toProfile(
  { issuerUrl }: Pick<SsoConfiguration, "issuerUrl">,
  claims: JsonObject,
  mapped: MappedClaims,
): Profile {
  const email = foundOf(mapped.email) ?? "";
  return {
    issuer: issuerUrl,
    subject: String(claims.sub),
    email,
    emailVerified: foundOf(mapped.email_verified) === true,
    name: cleanName(mapped) || (email.split("@")[0] as string),
    avatarUrl: foundOf(mapped.picture) ?? "",
    directoryIds: [claims.oid, claims.sub].filter((id) => typeof id === "string" && id !== "") as string[],
  };
}

/** One line of text; a name that cannot be read is none. */
function cleanName(mapped: MappedClaims): string {
  const parts = [foundOf(mapped.given_name), foundOf(mapped.family_name)];
  const name = foundOf(mapped.name) ?? parts.filter(Boolean).join(" ");
  return name
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim();
}

function foundOf<T>(claim: { readonly state: string; readonly value?: T }): T | undefined {
  return claim.state === "found" ? claim.value : undefined;
}
