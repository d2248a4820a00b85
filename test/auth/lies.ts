import { createHmac } from "node:crypto";
import type { SignInReason } from "../../src/domain/sign-ins/reasons.ts";
import { createKey, encode, type Lie, signToken } from "../support/lying-provider.ts";
import type { TestConfiguration } from "./world.ts";

/** One way of lying or failing, and what it is refused with. */
export interface Case {
  readonly name: string;
  readonly lie: Lie;
  readonly reason: SignInReason;
  /** What the configuration is like, where it matters. */
  readonly configuration?: TestConfiguration;
  /** What the provider says about the person instead. */
  readonly person?: Readonly<Record<string, unknown>>;
}

type Json = Record<string, unknown>;

const OTHER_KEY = createKey("first");
const WEAK_KEY = createKey("weak", "RS256", 1024);
const SECOND_KEY = createKey("second");
const ELLIPTIC_KEY = createKey("elliptic", "ES256");
const HUGE = "x".repeat(1_100_000);

const metadata =
  (changes: Json): NonNullable<Lie["metadata"]> =>
  (document) => ({ ...document, ...changes });
const claims = (changes: Json): Lie => ({ claims: (honest) => ({ ...honest, ...changes }) });
const without = (name: string): Lie => ({
  claims: ({ [name]: _dropped, ...rest }) => rest,
});
const response = (change: (parameters: URLSearchParams) => void): Lie => ({
  response: (url) => change(url.searchParams),
});
const lateness = (seconds: (now: number) => Json): Lie => ({
  claims: (honest) => ({ ...honest, ...seconds(Number(honest.iat)) }),
});
const part = (index: number, value: string): Lie => ({
  idToken: (honest) => honest.split(".").with(index, value).join("."),
});
/** Signed with a shared secret, as if the verifier took its algorithm from the token. */
const withSecret = (secret: string): Lie => ({
  idToken: (honest) => {
    const input = `${encode({ alg: "HS256", kid: "first" })}.${honest.split(".")[1]}`;
    return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
  },
});
const redirect = { status: 302, headers: { location: "/elsewhere" } };
/** Without email in the ID token, userinfo is asked. */
const bare = { sub: "ada", name: "Ada" };
const askUserinfo = (userinfo: NonNullable<Lie["userinfo"]>): Lie => ({
  claims: ({ email: _email, ...rest }) => rest,
  userinfo,
});

/** The table. */
export const CASES: readonly Case[] = [
  // Metadata.
  { name: "metadata with status 500", lie: { metadata: () => ({ status: 500 }) }, reason: "metadata_status" },
  { name: "metadata with status 404", lie: { metadata: () => ({ status: 404 }) }, reason: "metadata_status" },
  { name: "metadata that are no JSON", lie: { metadata: () => ({ body: "<html>" }) }, reason: "metadata_content" },
  { name: "metadata that are a list", lie: { metadata: () => ({ body: [] }) }, reason: "metadata_content" },
  { name: "metadata elsewhere, by redirect", lie: { metadata: () => redirect }, reason: "metadata_redirect" },
  { name: "metadata without end", lie: { metadata: () => ({ body: HUGE }) }, reason: "metadata_too_large" },
  { name: "metadata that never come", lie: { metadata: () => ({ instead: "silence" }) }, reason: "metadata_timeout" },
  { name: "metadata that break off", lie: { metadata: () => ({ instead: "break" }) }, reason: "metadata_network" },
  {
    name: "metadata of another issuer",
    lie: { metadata: metadata({ issuer: "https://idp.example.com" }) },
    reason: "metadata_issuer_mismatch",
  },
  {
    name: "metadata of nearly the issuer",
    lie: { metadata: (document) => ({ ...document, issuer: `${document.issuer}/` }) },
    reason: "metadata_issuer_mismatch",
  },
  {
    name: "metadata without a token endpoint",
    lie: { metadata: metadata({ token_endpoint: undefined }) },
    reason: "metadata_incomplete",
  },
  {
    name: "metadata without keys",
    lie: { metadata: metadata({ jwks_uri: undefined }) },
    reason: "metadata_incomplete",
  },
  {
    name: "metadata with a text where a list belongs",
    lie: { metadata: metadata({ response_types_supported: "code" }) },
    reason: "metadata_incomplete",
  },
  {
    name: "an authorization endpoint that is a script",
    lie: { metadata: metadata({ authorization_endpoint: "javascript:alert(1)" }) },
    reason: "metadata_endpoint_invalid",
  },
  {
    name: "a token endpoint over http",
    lie: { metadata: metadata({ token_endpoint: "http://idp.example.com/token" }) },
    reason: "metadata_endpoint_invalid",
  },
  {
    name: "a userinfo endpoint with a password",
    lie: { metadata: metadata({ userinfo_endpoint: "https://user:password@idp.example.com/" }) },
    reason: "metadata_endpoint_invalid",
  },
  {
    name: "a key set in a file",
    lie: { metadata: metadata({ jwks_uri: "file:///etc/passwd" }) },
    reason: "metadata_endpoint_invalid",
  },
  {
    name: "no code flow",
    lie: { metadata: metadata({ response_types_supported: ["id_token"] }) },
    reason: "code_flow_unsupported",
  },
  {
    name: "unsigned and symmetric tokens only",
    lie: { metadata: metadata({ id_token_signing_alg_values_supported: ["none", "HS256"] }) },
    reason: "algorithms_unsupported",
  },
  {
    name: "no client secret at the token endpoint",
    lie: { metadata: metadata({ token_endpoint_auth_methods_supported: ["private_key_jwt"] }) },
    reason: "client_authentication_unsupported",
  },

  // The response that the browser brings.
  { name: "no state", lie: response((parameters) => parameters.delete("state")), reason: "state_missing" },
  { name: "another state", lie: response((parameters) => parameters.set("state", "other")), reason: "browser_unknown" },
  { name: "no code", lie: response((parameters) => parameters.delete("code")), reason: "code_missing" },
  { name: "two codes", lie: response((parameters) => parameters.append("code", "other")), reason: "response_invalid" },
  {
    name: "another issuer in the response",
    lie: response((parameters) => parameters.set("iss", "https://idp.example.com")),
    reason: "response_issuer_mismatch",
  },
  {
    name: "no issuer, although it is promised",
    lie: response((parameters) => parameters.delete("iss")),
    reason: "response_issuer_missing",
  },
  {
    name: "a person who says no",
    lie: response((parameters) => parameters.set("error", "access_denied")),
    reason: "access_denied",
  },
  {
    name: "an error of the provider",
    lie: response((parameters) => parameters.set("error", "server_error")),
    reason: "provider_error",
  },
  {
    name: "an ID token past the token endpoint",
    lie: response((parameters) => parameters.set("id_token", "a.b.c")),
    reason: "response_invalid",
  },
  {
    name: "a response that is a token",
    lie: response((parameters) => parameters.set("response", "a.b.c")),
    reason: "response_invalid",
  },

  // The token endpoint.
  { name: "no tokens, status 500", lie: { token: () => ({ status: 500 }) }, reason: "token_status" },
  { name: "tokens elsewhere, by redirect", lie: { token: () => redirect }, reason: "token_redirect" },
  { name: "tokens that never come", lie: { token: () => ({ instead: "silence" }) }, reason: "token_timeout" },
  { name: "tokens that break off", lie: { token: () => ({ instead: "break" }) }, reason: "token_network" },
  { name: "tokens without end", lie: { token: () => ({ body: HUGE }) }, reason: "token_too_large" },
  { name: "tokens that are no JSON", lie: { token: () => ({ body: "access_token=a" }) }, reason: "token_content" },
  {
    name: "a client that is not accepted",
    lie: {
      token: () => ({ status: 401, headers: { "www-authenticate": "Basic" }, body: { error: "invalid_client" } }),
    },
    reason: "client_rejected",
  },
  {
    name: "a code that is not accepted",
    lie: { token: () => ({ status: 400, body: { error: "invalid_grant" } }) },
    reason: "code_rejected",
  },
  {
    name: "another error of the token endpoint",
    lie: { token: () => ({ status: 400, body: { error: "unsupported_grant_type" } }) },
    reason: "token_error",
  },
  {
    name: "no access token",
    lie: { token: ({ access_token: _token, ...rest }) => ({ body: rest }) },
    reason: "token_response_invalid",
  },
  {
    name: "an access token of another type",
    lie: { token: (honest) => ({ body: { ...honest, token_type: "mac" } }) },
    reason: "token_response_invalid",
  },
  {
    name: "no ID token",
    lie: { token: ({ id_token: _token, ...rest }) => ({ body: rest }) },
    reason: "id_token_missing",
  },
  {
    name: "an ID token that is no text",
    lie: { token: (honest) => ({ body: { ...honest, id_token: {} } }) },
    reason: "id_token_missing",
  },
  {
    name: "a token endpoint in a private network",
    lie: { metadata: metadata({ token_endpoint: "https://10.0.0.1/token" }) },
    reason: "token_address",
  },
  {
    name: "a token endpoint in a private network, as one number",
    lie: { metadata: metadata({ token_endpoint: "https://167772161/token" }) },
    reason: "token_address",
  },
  {
    name: "a token endpoint in a private network, as IPv6",
    lie: { metadata: metadata({ token_endpoint: "https://[::ffff:169.254.169.254]/token" }) },
    reason: "token_address",
  },

  // What the ID token says.
  { name: "an ID token of one part", lie: { idToken: () => "token" }, reason: "id_token_malformed" },
  { name: "a header that is no JSON", lie: part(0, "e30x"), reason: "id_token_malformed" },
  { name: "claims that are a list", lie: part(1, encode([])), reason: "id_token_malformed" },
  { name: "claims that are not base64url", lie: part(1, "a+b="), reason: "id_token_malformed" },
  { name: "an encrypted ID token", lie: { idToken: (honest) => `${honest}.a.b` }, reason: "id_token_encrypted" },
  {
    name: "an unsigned ID token",
    lie: { idToken: (honest) => `${encode({ alg: "none" })}.${honest.split(".")[1]}.` },
    reason: "id_token_algorithm",
  },
  { name: "an ID token signed with the client secret", lie: withSecret("secret"), reason: "id_token_algorithm" },
  {
    name: "an ID token signed with the public key as a secret",
    lie: withSecret(JSON.stringify(OTHER_KEY.publicJwk)),
    reason: "id_token_algorithm",
  },
  {
    name: "an algorithm that the metadata do not name",
    lie: { signWith: ELLIPTIC_KEY },
    reason: "id_token_algorithm",
  },
  {
    name: "a critical header that nobody knows",
    lie: { header: (header) => ({ ...header, crit: ["b64"], b64: true }) },
    reason: "id_token_critical_header",
  },
  { name: "another issuer", lie: claims({ iss: "https://idp.example.com" }), reason: "id_token_issuer" },
  {
    name: "nearly the issuer",
    lie: { claims: (honest) => ({ ...honest, iss: `${honest.iss}/` }) },
    reason: "id_token_issuer",
  },
  { name: "no issuer", lie: without("iss"), reason: "id_token_issuer" },
  { name: "another audience", lie: claims({ aud: "other" }), reason: "id_token_audience" },
  { name: "no audience", lie: without("aud"), reason: "id_token_audience" },
  { name: "audiences without us", lie: claims({ aud: ["other", "third"] }), reason: "id_token_audience" },
  {
    name: "several audiences without a word on which is meant",
    lie: claims({ aud: ["client", "other"] }),
    reason: "id_token_authorized_party",
  },
  {
    name: "several audiences, meant for another",
    lie: claims({ aud: ["client", "other"], azp: "other" }),
    reason: "id_token_authorized_party",
  },
  { name: "meant for another", lie: claims({ azp: "other" }), reason: "id_token_authorized_party" },
  { name: "no expiry", lie: without("exp"), reason: "id_token_expiry_missing" },
  { name: "an expiry that is a text", lie: claims({ exp: "tomorrow" }), reason: "id_token_expiry_missing" },
  { name: "an expired ID token", lie: lateness((now) => ({ exp: now - 31 })), reason: "id_token_expired" },
  { name: "no time of issue", lie: without("iat"), reason: "id_token_issue_time_missing" },
  { name: "issued in the future", lie: lateness((now) => ({ iat: now + 40 })), reason: "id_token_issued_in_future" },
  { name: "issued before the sign-in", lie: lateness((now) => ({ iat: now - 40 })), reason: "id_token_too_old" },
  { name: "not valid yet", lie: lateness((now) => ({ nbf: now + 40 })), reason: "id_token_not_yet_valid" },
  { name: "valid from a text", lie: claims({ nbf: "now" }), reason: "id_token_not_before_invalid" },
  { name: "no nonce", lie: without("nonce"), reason: "id_token_nonce" },
  { name: "another nonce", lie: claims({ nonce: "other" }), reason: "id_token_nonce" },
  { name: "no subject", lie: without("sub"), reason: "id_token_subject" },
  { name: "an empty subject", lie: claims({ sub: "" }), reason: "id_token_subject" },
  { name: "a subject that is a number", lie: claims({ sub: 1 }), reason: "id_token_subject" },
  { name: "a subject that is too long", lie: claims({ sub: "x".repeat(256) }), reason: "id_token_subject" },
  { name: "a subject with a NUL character", lie: claims({ sub: "a\u0000b" }), reason: "id_token_subject" },
  { name: "another access token's hash", lie: claims({ at_hash: "AAAA" }), reason: "id_token_access_token_hash" },
  { name: "a hash that is no text", lie: claims({ at_hash: null }), reason: "id_token_access_token_hash" },
  { name: "a time of sign-in that is a text", lie: claims({ auth_time: "now" }), reason: "id_token_invalid" },

  // Signatures and keys.
  { name: "another key of the same name", lie: { signWith: OTHER_KEY }, reason: "signature_invalid" },
  {
    name: "claims that were changed afterwards",
    lie: {
      idToken(honest) {
        const [header, payload = "", signature] = honest.split(".");
        const changed = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), email: "root@example.com" };
        return [header, encode(changed), signature].join(".");
      },
    },
    reason: "signature_invalid",
  },
  { name: "a signature that is cut off", lie: part(2, "AAAA"), reason: "signature_invalid" },
  { name: "no signature", lie: part(2, ""), reason: "signature_invalid" },
  { name: "a key that nobody has published", lie: { signWith: SECOND_KEY }, reason: "signing_key_unknown" },
  {
    name: "a key of the token itself",
    lie: {
      signWith: SECOND_KEY,
      header: (header) => ({ ...header, jwk: SECOND_KEY.publicJwk, jku: "https://idp.example.com/keys" }),
    },
    reason: "signing_key_unknown",
  },
  {
    name: "a key that is for encryption",
    lie: { keys: (keys) => ({ body: { keys: keys.map((key) => ({ ...key, use: "enc" })) } }) },
    reason: "signing_key_unknown",
  },
  {
    name: "two keys and no name",
    lie: {
      header: ({ kid: _kid, ...rest }) => rest,
      keys: (keys) => ({ body: { keys: [...keys, { ...SECOND_KEY.publicJwk, kid: "second" }] } }),
    },
    reason: "signing_key_ambiguous",
  },
  {
    name: "a key of 1024 bits",
    lie: { signWith: WEAK_KEY, keys: () => ({ body: { keys: [{ ...WEAK_KEY.publicJwk, kid: "weak" }] } }) },
    reason: "signing_key_unusable",
  },
  {
    name: "a key that is none",
    lie: { keys: () => ({ body: { keys: [{ kty: "RSA", kid: "first", n: "AA", e: "" }] } }) },
    reason: "signing_key_unusable",
  },
  { name: "no keys, status 500", lie: { keys: () => ({ status: 500 }) }, reason: "keys_status" },
  { name: "keys that are no list", lie: { keys: () => ({ body: { keys: {} } }) }, reason: "keys_content" },
  { name: "keys that are no objects", lie: { keys: () => ({ body: { keys: ["key"] } }) }, reason: "keys_content" },
  { name: "keys that are no JSON", lie: { keys: () => ({ body: "keys" }) }, reason: "keys_content" },
  { name: "keys elsewhere, by redirect", lie: { keys: () => redirect }, reason: "keys_redirect" },
  { name: "keys that never come", lie: { keys: () => ({ instead: "silence" }) }, reason: "keys_timeout" },
  { name: "keys that break off", lie: { keys: () => ({ instead: "break" }) }, reason: "keys_network" },
  { name: "keys without end", lie: { keys: () => ({ body: HUGE }) }, reason: "keys_too_large" },
  {
    name: "keys in a private network",
    lie: { metadata: metadata({ jwks_uri: "https://192.168.1.1/keys" }) },
    reason: "keys_address",
  },

  // Userinfo.
  {
    name: "userinfo about somebody else",
    lie: askUserinfo((honest) => ({ body: { ...honest, sub: "eve" } })),
    reason: "userinfo_subject",
  },
  {
    name: "userinfo about nobody",
    lie: askUserinfo(({ sub: _sub, ...rest }) => ({ body: rest })),
    reason: "userinfo_invalid",
  },
  { name: "no userinfo, status 500", lie: askUserinfo(() => ({ status: 500 })), reason: "userinfo_status" },
  {
    name: "userinfo that refuses the access token",
    lie: askUserinfo(() => ({ status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } })),
    reason: "userinfo_rejected",
  },
  { name: "userinfo that is no JSON", lie: askUserinfo(() => ({ body: "ada" })), reason: "userinfo_content" },
  { name: "userinfo elsewhere, by redirect", lie: askUserinfo(() => redirect), reason: "userinfo_redirect" },
  { name: "userinfo that never comes", lie: askUserinfo(() => ({ instead: "silence" })), reason: "userinfo_timeout" },
  { name: "userinfo without end", lie: askUserinfo(() => ({ body: HUGE })), reason: "userinfo_too_large" },
  {
    name: "userinfo in a private network",
    lie: {
      ...askUserinfo(() => ({})),
      metadata: metadata({ userinfo_endpoint: "https://[fd00::1]/userinfo" }),
    },
    reason: "userinfo_address",
  },
  {
    name: "userinfo signed with another key",
    lie: askUserinfo((honest) => ({
      headers: { "content-type": "application/jwt" },
      body: signToken({ alg: "RS256", kid: "first" }, honest, OTHER_KEY),
    })),
    reason: "userinfo_invalid",
  },
  {
    name: "userinfo in an unsigned token",
    lie: askUserinfo((honest) => ({
      headers: { "content-type": "application/jwt" },
      body: `${encode({ alg: "none" })}.${encode(honest)}.`,
    })),
    reason: "userinfo_invalid",
  },

  // What is said about the person.
  { name: "no email", lie: {}, person: bare, reason: "email_missing" },
  { name: "an email that is null", lie: {}, person: { ...bare, email: null }, reason: "email_missing" },
  {
    name: "an email that is a list",
    lie: {},
    person: { ...bare, email: ["ada@example.com"] },
    reason: "email_invalid",
  },
  {
    name: "an email with two domains",
    lie: {},
    person: { ...bare, email: "ada@evil.example@example.com" },
    reason: "email_invalid",
  },
  {
    name: "an email of another domain",
    lie: {},
    configuration: { emailDomains: ["example.org"] },
    reason: "email_domain_refused",
  },
  {
    name: "an email of a domain that ends alike",
    lie: {},
    person: { ...bare, email: "ada@notexample.com" },
    configuration: { emailDomains: ["example.com"] },
    reason: "email_domain_refused",
  },
  {
    name: "claims that the expression refuses",
    lie: {},
    configuration: { claimsExpression: 'claims.email == "eve@example.com"' },
    reason: "expression_refused",
  },
  {
    name: "no claim that the expression needs",
    lie: {},
    configuration: { claimsExpression: '"admins" in claims.groups' },
    reason: "expression_error",
  },
  {
    name: "a claim of another type than the expression needs",
    lie: {},
    person: { ...bare, email: "ada@example.com", groups: 7 },
    configuration: { claimsExpression: '"admins" in claims.groups' },
    reason: "expression_error",
  },
];
