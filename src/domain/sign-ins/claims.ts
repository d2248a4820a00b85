import type { IdentityProvider } from "../identity-providers.ts";
import { needsUserinfo } from "./decision.ts";
import type { JsonObject } from "./fetch-json.ts";
import type { OpenedConfiguration, PendingSignIn } from "./pending.ts";
import { findRefusal, type RefusalReason, stepOf } from "./reasons.ts";
import type { Client, RelyingParty } from "./relying-party.ts";

/** Where identity providers send a browser back to: one URL per configuration (RFC 9700, section 4.4.2.2). */
export function redirectUri(publicUrl: string, configurationId: string): string {
  return `${publicUrl}/auth/oidc/callback/${configurationId}`;
}

/** Who we are for a configuration. */
export function clientOf({ configuration, clientSecret }: OpenedConfiguration, publicUrl: string): Client {
  const { id, clientId, additionalScopes } = configuration;
  return { clientId, clientSecret, additionalScopes, redirectUri: redirectUri(publicUrl, id) };
}

/** The verified claims of a sign-in, and whether userinfo was asked. */
export interface CollectedClaims {
  readonly claims: JsonObject;
  readonly userinfo: "not_needed" | "not_offered" | "fetched";
}

/**
 * Redeems the code of a response; asks userinfo when the ID token lacks something that the configuration uses. What stands
 * in both counts as the ID token says, because that is signed.
 * @throws SignInRefusal of the steps `response` to `userinfo`.
 */
export async function collectClaims(
  relyingParty: RelyingParty,
  provider: IdentityProvider,
  opened: OpenedConfiguration,
  signIn: PendingSignIn,
  response: URLSearchParams,
  publicUrl: string,
): Promise<CollectedClaims> {
  try {
    const redeemed = await relyingParty.redeem(provider, clientOf(opened, publicUrl), signIn.flow, response);
    const { claims } = redeemed;
    if (!needsUserinfo(opened.configuration, claims)) return { claims, userinfo: "not_needed" };
    const userinfo = await redeemed.fetchUserinfo();
    if (userinfo === undefined) return { claims, userinfo: "not_offered" };
    return { claims: { ...userinfo, ...claims }, userinfo: "fetched" };
  } catch (error) {
    const refusal = findRefusal(error);
    if (refusal && isDoubtful(refusal.reason)) provider.doubt();
    throw error;
  }
}

/** Whether old metadata, or old keys, may be why: an endpoint that is no help, a signature that does not fit. */
function isDoubtful(reason: RefusalReason): boolean {
  return stepOf(reason) === "signature" || /^(token|userinfo)_/.test(reason);
}
