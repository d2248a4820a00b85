import type { Clock } from "../lib/clock.ts";
import type { TxtResolver } from "../lib/dns.ts";
import type { GuardedFetch } from "../lib/guarded-fetch.ts";
import type { Keyring } from "../lib/keyring.ts";
import type { Logger } from "../lib/log.ts";
import type { Storage } from "../storage/storage.ts";
import type { IssuerPolicy } from "./issuer-url.ts";
import type { GuardSettings } from "./provisioning/deprovisioning-guard.ts";
import type { ExpiringTokens } from "./provisioning/token-expiry.ts";
import type { SignInReason } from "./sign-ins/reasons.ts";

/** What the operator decided, as far as the rules depend on it. */
export interface Settings {
  /** Base URL under which people and identity providers reach this server; no trailing slash. */
  readonly publicUrl: string;
  /** Which issuers may be configured and fetched. */
  readonly issuers: IssuerPolicy;
  /** Origins beside the public URL's to which a sign-in may return. */
  readonly returnToAllowList: readonly string[];
  /** Whether any signed-in person may create an organization; the operator always may. */
  readonly allowCreateOrganization: boolean;
  /** How long a session lives without being used, and at most; milliseconds. */
  readonly sessionIdleMs: number;
  readonly sessionLifetimeMs: number;
  readonly scim: ScimSettings;
  /** Days after which audit entries are deleted. */
  readonly auditRetentionDays: number;
  /** Days after which the next key for ID tokens is made. */
  readonly idTokenKeyDays: number;
}

/** What the operator decided about SCIM. */
export interface ScimSettings {
  /** How much one configuration may send: requests a second, and at once after a pause. */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  readonly guard: GuardSettings;
  /** How long requests stay in the log. */
  readonly requestRetentionMs: number;
}

/** Is told how every sign-in ended. */
export interface SignInCounter {
  /** @param configurationId of a configuration that exists, or empty. */
  count(configurationId: string, reason: SignInReason): void;
}

/** Is told how the tokens of directories run out. */
export interface ScimTokenMetrics {
  expiring(tokens: ExpiringTokens): void;
  /** @param count requests that came with an expired token since the last time. */
  expiredUses(count: number): void;
}

/** What the domain works with. Time, secrets, DNS, the network and the database are parameters. */
export interface Environment {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly resolver: TxtResolver;
  /** Fetches what organizations configured: from where the operator allows alone. */
  readonly fetch: GuardedFetch;
  readonly signInCounter: SignInCounter;
  readonly scimTokenMetrics: ScimTokenMetrics;
  readonly log: Logger;
  readonly settings: Settings;
}
