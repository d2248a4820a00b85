import { ID_TOKEN_CLAIMS } from "../domain/id-tokens.ts";
import { SIGNING_ALGORITHM } from "../domain/signing-keys.ts";

/** Where the discovery document is (OpenID Connect Discovery 1.0, section 4). */
export const METADATA_PATH = "/.well-known/openid-configuration";
/** Where the keys are, as a JSON Web Key Set (RFC 7517, section 5). */
export const JWKS_PATH = "/.well-known/jwks.json";

/**
 * Tells who issues the ID tokens and where its keys are (OpenID Connect Discovery 1.0, section 3). There is no authorization
 * endpoint: the tokens come from IdentityService.GetIDToken, for those who are signed in already.
 */
export function discoveryDocument(publicUrl: string): Readonly<Record<string, unknown>> {
  return {
    issuer: publicUrl,
    jwks_uri: `${publicUrl}${JWKS_PATH}`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
    scopes_supported: ["openid"],
    claims_supported: ["iss", "sub", "aud", "iat", "exp", "jti", ...ID_TOKEN_CLAIMS],
  };
}
