import * as oidc from "openid-client";
import type { Clock } from "../../lib/clock.ts";
import { systemClock } from "../../lib/clock.ts";
import type { GuardedFetch } from "../../lib/guarded-fetch.ts";
import type { IdentityProvider } from "../identity-providers.ts";
import { fetchFrom, type JsonObject, readObject } from "./fetch-json.ts";
import { ALGORITHMS, checkIdToken, TOLERANCE } from "./id-token.ts";
import type { ProviderMetadata } from "./provider-metadata.ts";
import { findRefusal, quote, type RefusalReason, SignInRefusal } from "./reasons.ts";

/** Who we are at an identity provider. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Beside `openid email profile`. */
  readonly additionalScopes: readonly string[];
}

/** What belongs to one sign-in alone. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  /** The PKCE code verifier (RFC 7636). */
  readonly verifier: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What a code was good for. */
export interface RedeemedCode {
  /** The claims of the verified ID token. */
  readonly claims: JsonObject;
  /**
   * The claims of the userinfo endpoint, or undefined when the provider has none.
   * @throws SignInRefusal of the step `userinfo`.
   */
  fetchUserinfo(): Promise<JsonObject | undefined>;
}

/** Seconds: keys that the library takes as neither new nor old, so that it asks for others when one is missing. */
const AGE_OF_KNOWN_KEYS = 120;

/** A new state, nonce and verifier of 256 random bits each. */
export function createFlow(clock: Clock): Flow {
  return {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    startedAt: clock.now(),
  };
}

/** The relying party's half of the authorization code flow (OpenID Connect Core 1.0, section 3.1). */
export function createRelyingParty({ fetch, clock }: { readonly fetch: GuardedFetch; readonly clock: Clock }) {
  /** The library's configuration: a new one for each sign-in, so that none sees what another one has left. */
  function configure(provider: IdentityProvider, client: Client): oidc.Configuration {
    const { metadata } = provider;
    const authenticate =
      metadata.clientAuthentication === "client_secret_basic" ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
    const configuration = new oidc.Configuration(
      toServerMetadata(metadata),
      client.clientId,
      {
        [oidc.clockSkew]: Math.round((clock.now() - systemClock.now()) / 1000),
        [oidc.clockTolerance]: TOLERANCE,
      },
      authenticate(client.clientSecret),
    );
    // The guarded fetch decides about schemes and time limits, for every URL alike.
    oidc.allowInsecureRequests(configuration);
    configuration.timeout = 0;
    oidc.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  return {
    /** Where the browser goes (OpenID Connect Core 1.0, section 3.1.2.1; PKCE with S256). */
    async authorizationUrl(provider: IdentityProvider, client: Client, flow: Flow): Promise<string> {
      const url = oidc.buildAuthorizationUrl(configure(provider, client), {
        redirect_uri: client.redirectUri,
        scope: [...new Set(["openid", "email", "profile", ...client.additionalScopes])].join(" "),
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: "S256",
      });
      return url.href;
    },

    /**
     * Exchanges the code of a response and verifies what comes for it.
     * @throws SignInRefusal of the steps `response` to `signature`.
     */
    async redeem(
      provider: IdentityProvider,
      client: Client,
      flow: Flow,
      response: URLSearchParams,
    ): Promise<RedeemedCode> {
      checkResponse(provider.metadata, response);
      const configuration = configure(provider, client);
      const { jwksUri, tokenEndpoint } = provider.metadata;
      configuration[oidc.customFetch] = async (url, init) => {
        if (url === jwksUri) return Response.json(await provider.freshKeys());
        if (url === tokenEndpoint) return exchange(provider.metadata, client, flow, url, init as RequestInit);
        return fetchFrom(fetch, "userinfo", url, init as RequestInit);
      };
      const uat = Math.floor(systemClock.now() / 1000) - AGE_OF_KNOWN_KEYS;
      oidc.setJwksCache(configuration, { jwks: structuredClone(await provider.keys()) as never, uat });
      const currentUrl = new URL(client.redirectUri);
      currentUrl.search = response.toString();
      const checks = { expectedState: flow.state, expectedNonce: flow.nonce, pkceCodeVerifier: flow.verifier };
      const tokens = await oidc
        .authorizationCodeGrant(configuration, currentUrl, checks)
        .catch((error: unknown) => refuseGrant(error));
      const claims = tokens.claims();
      if (!claims) throw new SignInRefusal("id_token_missing", "the token endpoint sent no ID token");
      return {
        claims,
        fetchUserinfo: () => fetchUserinfo(configuration, provider.metadata, tokens.access_token, claims.sub),
      };
    },
  };

  /** The token request, and every check of the answer that the library would not name, or not make. */
  async function exchange(
    metadata: ProviderMetadata,
    client: Client,
    flow: Flow,
    url: string,
    init: RequestInit,
  ): Promise<Response> {
    const response = await fetchFrom(fetch, "token", url, init);
    const text = await response.text();
    if (response.status !== 200) refuseToken(response.status, text);
    const body = readObject("token", text);
    const { access_token: accessToken, token_type: type, id_token: idToken } = body;
    if (typeof accessToken !== "string" || accessToken === "" || String(type).toLowerCase() !== "bearer") {
      throw new SignInRefusal("token_response_invalid", "the token endpoint sent no access token of the type Bearer");
    }
    if (typeof idToken !== "string" || idToken === "") {
      throw new SignInRefusal("id_token_missing", "the token endpoint sent no ID token");
    }
    checkIdToken(idToken, {
      issuer: metadata.issuer,
      clientId: client.clientId,
      nonce: flow.nonce,
      algorithms: metadata.algorithms,
      accessToken,
      startedAt: Math.floor(flow.startedAt / 1000),
      now: Math.floor(clock.now() / 1000),
    });
    return Response.json(body);
  }
}

export type RelyingParty = ReturnType<typeof createRelyingParty>;

function toServerMetadata(metadata: ProviderMetadata): oidc.ServerMetadata {
  return {
    issuer: metadata.issuer,
    authorization_endpoint: metadata.authorizationEndpoint,
    token_endpoint: metadata.tokenEndpoint,
    jwks_uri: metadata.jwksUri,
    id_token_signing_alg_values_supported: [...metadata.algorithms],
    userinfo_signing_alg_values_supported: [...ALGORITHMS],
    authorization_response_iss_parameter_supported: metadata.namesIssuerInResponse,
    ...(metadata.userinfoEndpoint !== undefined && { userinfo_endpoint: metadata.userinfoEndpoint }),
  };
}

/** Before anything is sent: a response of somebody else must not cost the code (RFC 9207, RFC 9700, section 4.4). */
function checkResponse(metadata: ProviderMetadata, response: URLSearchParams): void {
  for (const name of new Set(response.keys())) {
    if (response.getAll(name).length > 1) refuse("response_invalid", `the response has ${quote(name)} more than once`);
  }
  if (response.has("response") || response.has("id_token") || response.has("token")) {
    refuse("response_invalid", "the response is one of another flow");
  }
  const issuer = response.get("iss");
  if (issuer !== null && issuer !== metadata.issuer) {
    refuse("response_issuer_mismatch", `the response names the issuer ${quote(issuer)}, not ${metadata.issuer}`);
  }
  if (issuer === null && metadata.namesIssuerInResponse) {
    refuse("response_issuer_missing", "the response does not name its issuer, as the metadata promises");
  }
  const error = response.get("error");
  if (error !== null) {
    const description = response.get("error_description");
    const detail = `the identity provider answered ${quote(error)}${description ? `: ${quote(description)}` : ""}`;
    refuse(error === "access_denied" ? "access_denied" : "provider_error", detail);
  }
  if (!response.get("code")) refuse("code_missing", "the response holds neither a code nor an error");
}

/** RFC 6749, section 5.2. */
function refuseToken(status: number, text: string): never {
  const { error } = /^\s*\{/.test(text) ? readObject("token", text) : {};
  if (typeof error !== "string") {
    throw new SignInRefusal("token_status", `the token endpoint answered with status ${status}`);
  }
  const detail = `the token endpoint answered ${quote(error)}`;
  if (error === "invalid_client") refuse("client_rejected", `${detail}: it does not accept client id and secret`);
  if (error === "invalid_grant") refuse("code_rejected", detail);
  refuse("token_error", detail);
}

/** What the library found: a signature or a key, or what the checks of ours let pass. */
function refuseGrant(error: unknown): never {
  const known = findRefusal(error);
  if (known) throw known;
  const failure = failureOf(error);
  if (failure.code === "OAUTH_KEY_SELECTION_FAILED") {
    const several = Array.isArray(failure.cause?.candidates) && failure.cause.candidates.length > 1;
    if (several) refuse("signing_key_ambiguous", "several keys fit the ID token, and it does not name one");
    refuse("signing_key_unknown", "no key of the identity provider fits the ID token");
  }
  if (failure.message === "JWT signature verification failed") {
    refuse("signature_invalid", "the signature of the ID token is not right");
  }
  if (failure.code === "OAUTH_UNSUPPORTED_OPERATION" || failure.isKeyError) {
    refuse("signing_key_unusable", `the key of the ID token cannot be used: ${quote(failure.message)}`);
  }
  throw new SignInRefusal("id_token_invalid", `the ID token is refused: ${quote(failure.message)}`, { cause: error });
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly cause: Readonly<Record<string, unknown>> | undefined;
  /** Whether a key could not be imported. */
  readonly isKeyError: boolean;
}

/** The innermost error of the library, which says most. */
function failureOf(error: unknown): Failure {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const { code, message, cause, name } = inner as Record<string, unknown>;
  return {
    code: String(code ?? (error as { code?: unknown }).code ?? ""),
    message: String(message ?? inner),
    cause: cause as Failure["cause"],
    isKeyError: name === "DataError" || name === "SyntaxError" || name === "NotSupportedError",
  };
}

async function fetchUserinfo(
  configuration: oidc.Configuration,
  metadata: ProviderMetadata,
  accessToken: string,
  subject: string,
): Promise<JsonObject | undefined> {
  if (metadata.userinfoEndpoint === undefined) return undefined;
  return oidc.fetchUserInfo(configuration, accessToken, subject).catch((error: unknown) => refuseUserinfo(error));
}

/** The same for userinfo (OpenID Connect Core 1.0, section 5.3). */
function refuseUserinfo(error: unknown): never {
  const known = findRefusal(error);
  if (known) throw known;
  if (error instanceof oidc.WWWAuthenticateChallengeError) {
    refuse("userinfo_rejected", "the userinfo endpoint does not accept the access token");
  }
  const failure = failureOf(error);
  const { code, message, cause } = failure;
  if (code === "OAUTH_RESPONSE_IS_NOT_CONFORM") refuse("userinfo_status", "userinfo came with another status than 200");
  if (code === "OAUTH_PARSE_ERROR" || code === "OAUTH_RESPONSE_IS_NOT_JSON") {
    refuse("userinfo_content", "userinfo is no JSON object");
  }
  if (code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" && cause?.attribute === "sub") {
    refuse("userinfo_subject", "userinfo is about another person than the ID token");
  }
  throw new SignInRefusal("userinfo_invalid", `userinfo is refused: ${quote(message)}`, { cause: error });
}

function refuse(reason: RefusalReason, detail: string): never {
  throw new SignInRefusal(reason, detail);
}
