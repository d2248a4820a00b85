import { createNetworkPolicy, type NetworkPolicy, type NetworkSettings } from "../../lib/network-policy.ts";
import { isObject, type JsonObject } from "./fetch-json.ts";
import { ALGORITHMS } from "./id-token.ts";
import { quote, type RefusalReason, SignInRefusal } from "./reasons.ts";

/** What a sign-in needs to know of an identity provider, checked. */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly userinfoEndpoint: string | undefined;
  /** Algorithms of ID tokens: ours that the provider names, or all of ours when it names none. */
  readonly algorithms: readonly string[];
  /** How we prove who we are at the token endpoint (RFC 6749, section 2.3.1). */
  readonly clientAuthentication: "client_secret_basic" | "client_secret_post";
  /** Whether every response names the issuer (RFC 9207, section 3). */
  readonly namesIssuerInResponse: boolean;
}

/** A key set (RFC 7517, section 5). */
export interface KeySet {
  readonly keys: readonly JsonObject[];
}

const MAX_KEYS = 100;

/** Where the metadata of an issuer is (OpenID Connect Discovery 1.0, section 4). */
export function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** Reads metadata documents (OpenID Connect Discovery 1.0, section 3). */
export function createMetadataReader(settings: NetworkSettings) {
  const policy = createNetworkPolicy(settings);

  /**
   * @throws SignInRefusal of the step `discovery`.
   */
  return function readMetadata(issuer: string, document: JsonObject): ProviderMetadata {
    // Character by character: what is not the very issuer that was asked is somebody else's metadata (section 4.3).
    if (document.issuer !== issuer) {
      refuse("metadata_issuer_mismatch", `it is of the issuer ${quote(document.issuer)}, not of ${issuer}`);
    }
    checkFlow(document);
    const endpoint = (name: string) => requireEndpoint(policy, document, name);
    return {
      issuer,
      authorizationEndpoint: endpoint("authorization_endpoint"),
      tokenEndpoint: endpoint("token_endpoint"),
      jwksUri: endpoint("jwks_uri"),
      userinfoEndpoint: document.userinfo_endpoint === undefined ? undefined : endpoint("userinfo_endpoint"),
      algorithms: chooseAlgorithms(document),
      clientAuthentication: chooseAuthentication(document),
      namesIssuerInResponse: document.authorization_response_iss_parameter_supported === true,
    };
  };
}

/** @throws SignInRefusal `keys_content`. */
export function readKeySet(document: JsonObject): KeySet {
  const { keys } = document;
  if (Array.isArray(keys) && keys.length <= MAX_KEYS && keys.every(isObject)) return { keys };
  throw new SignInRefusal(
    "keys_content",
    `the key set of the identity provider is no list of at most ${MAX_KEYS} keys`,
  );
}

function checkFlow(document: JsonObject): void {
  const types = listOf(document, "response_types_supported");
  if (types === undefined || types.includes("code")) return;
  refuse("code_flow_unsupported", "it does not offer the response type code");
}

function requireEndpoint(policy: NetworkPolicy, document: JsonObject, name: string): string {
  const value = document[name];
  if (value === undefined) refuse("metadata_incomplete", `it has no ${name}`);
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || url.hash !== "" || url.username !== "" || url.password !== "" || !policy.allowsScheme(url)) {
    refuse("metadata_endpoint_invalid", `its ${name} is no https URL without fragment and user: ${quote(value)}`);
  }
  return url.href;
}

function chooseAlgorithms(document: JsonObject): readonly string[] {
  const offered = listOf(document, "id_token_signing_alg_values_supported");
  const accepted = offered === undefined ? ALGORITHMS : ALGORITHMS.filter((name) => offered.includes(name));
  if (accepted.length > 0) return accepted;
  return refuse("algorithms_unsupported", `it signs with none of ${ALGORITHMS.join(", ")}`);
}

/** Absent means basic (OpenID Connect Discovery 1.0, section 3). */
function chooseAuthentication(document: JsonObject): ProviderMetadata["clientAuthentication"] {
  const offered = listOf(document, "token_endpoint_auth_methods_supported") ?? ["client_secret_basic"];
  if (offered.includes("client_secret_basic")) return "client_secret_basic";
  if (offered.includes("client_secret_post")) return "client_secret_post";
  return refuse("client_authentication_unsupported", "it takes neither client_secret_basic nor client_secret_post");
}

function listOf(document: JsonObject, name: string): readonly unknown[] | undefined {
  const value = document[name];
  if (value === undefined || Array.isArray(value)) return value;
  return refuse("metadata_incomplete", `its ${name} is no list`);
}

function refuse(reason: RefusalReason, problem: string): never {
  throw new SignInRefusal(reason, `the metadata of the identity provider is refused: ${problem}`);
}
