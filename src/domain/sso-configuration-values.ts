import { invalidField, ServiceError } from "../lib/errors.ts";
import { compileClaimsExpression } from "./claims-expression.ts";
import { checkEmailDomains, type EmailDomainChange } from "./email-domains.ts";
import { checkIssuerUrl, type IssuerPolicy } from "./issuer-url.ts";

/** What is checked of an SSO configuration beyond the rules of the schema; undefined and empty texts are not. */
export interface SsoConfigurationValues extends EmailDomainChange {
  readonly issuerUrl?: string | undefined;
  readonly additionalScopes?: readonly string[] | undefined;
  readonly claimsExpression?: string | undefined;
}

/**
 * The facts about the values themselves, whichever call brings them.
 * @param scopesField what the call names the list of scopes.
 * @throws ServiceError `issuer_not_allowed`, `request_invalid` (scope), `claims_expression_invalid`,
 *   `email_domain_duplicate`.
 */
export function checkSsoConfigurationValues(
  issuers: IssuerPolicy,
  values: SsoConfigurationValues,
  scopesField: string,
): void {
  const { issuerUrl, additionalScopes = [], claimsExpression } = values;
  if (issuerUrl !== undefined) checkIssuer(issuers, issuerUrl);
  for (const [index, scope] of additionalScopes.entries()) checkScope(scope, `${scopesField}[${index}]`);
  if (claimsExpression) checkExpression(claimsExpression);
  checkEmailDomains(values);
}

function checkIssuer(issuers: IssuerPolicy, url: string): void {
  const result = checkIssuerUrl(url, issuers);
  if (!result.ok) throw invalidField("issuer_url", `issuer_url.${result.rule}`, result.message, "issuer_not_allowed");
}

/** RFC 6749, section 3.3: a scope token has no space, quote or backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

function checkScope(scope: string, field: string): void {
  if (SCOPE_TOKEN.test(scope)) return;
  throw invalidField(
    field,
    "scope.token",
    "is no OAuth scope (RFC 6749, section 3.3): visible ASCII characters without space, quote and backslash are accepted, one scope per element",
  );
}

function checkExpression(source: string): void {
  const result = compileClaimsExpression(source);
  if (result.ok) return;
  const message = `does not compile at offset ${result.offset}: ${result.reason}`;
  throw new ServiceError("claims_expression_invalid", `claims_expression: ${message}`, {
    metadata: { offset: String(result.offset) },
    violations: [{ field: "claims_expression", rule: "claims_expression.compiles", message }],
  });
}
