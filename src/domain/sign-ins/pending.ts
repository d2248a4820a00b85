import { createHash, randomBytes } from "node:crypto";
import type { Environment } from "../environment.ts";
import { clientSecretPurpose, type SsoConfiguration } from "../sso-configurations.ts";
import { SignInRefusal } from "./reasons.ts";
import type { Flow } from "./relying-party.ts";

/** Milliseconds that a person has for signing in at the identity provider. */
export const PENDING_LIFETIME_MS = 10 * 60_000;

/** What a sign-in that has begun needs at its end. */
export interface PendingSignIn {
  readonly organizationId: string;
  readonly configurationId: string;
  /** Equal as long as nothing has changed that matters to the sign-in. */
  readonly fingerprint: string;
  readonly flow: Flow;
  /** Where the browser goes afterwards; absent: our own page. */
  readonly returnTo?: string | undefined;
  /** Never logged. */
  readonly inviteId?: string | undefined;
  /** Set when this is a test of a configuration, which signs nobody in. */
  readonly testId?: string | undefined;
}

/** A sign-in that has begun: the browser goes to the URL and keeps the secret until it comes back with the state. */
export interface StartedSignIn {
  readonly url: string;
  readonly state: string;
  readonly browserSecret: string;
}

/** A configuration with its secret opened, and a text that is equal as long as nothing in it changes. */
export interface OpenedConfiguration {
  readonly configuration: SsoConfiguration;
  readonly clientSecret: string;
  readonly fingerprint: string;
}

/** Opens the client secret of a configuration. */
export async function openConfiguration(
  { keyring }: Pick<Environment, "keyring">,
  configuration: SsoConfiguration,
): Promise<OpenedConfiguration> {
  const clientSecret = await keyring.open(configuration.clientSecret, clientSecretPurpose(configuration.id));
  return { configuration, clientSecret, fingerprint: fingerprintOf(configuration, clientSecret) };
}

/** Names do not matter to a sign-in, nor how the secret is sealed; everything else does. */
function fingerprintOf(configuration: SsoConfiguration, clientSecret: string): string {
  const { id, issuerUrl, clientId, claims, emailDomains, additionalScopes, claimsExpression, state } = configuration;
  const mapping = Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [
    id,
    issuerUrl,
    clientId,
    clientSecret,
    mapping,
    emailDomains,
    additionalScopes,
    claimsExpression,
    state,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

/** Sign-ins in progress, which every replica finds. */
export function createPendingSignIns({ storage, keyring, clock }: Pick<Environment, "storage" | "keyring" | "clock">) {
  return {
    /** Keeps a sign-in for {@link PENDING_LIFETIME_MS}. @returns what only the browser may know. */
    async put(signIn: PendingSignIn): Promise<string> {
      const browserSecret = randomBytes(32).toString("base64url");
      const stateHash = hashState(signIn.flow.state, browserSecret);
      const now = clock.now();
      const record = {
        stateHash,
        organizationId: signIn.organizationId,
        ssoConfigurationId: signIn.configurationId,
        sealed: await keyring.seal(JSON.stringify(signIn), purposeOf(stateHash)),
        createdAt: now,
        expiresAt: now + PENDING_LIFETIME_MS,
      };
      await storage.write((records) => records.pendingSignIns.insert(record));
      return browserSecret;
    },

    /**
     * Takes the sign-in out: nobody gets it a second time, on no replica.
     * @throws SignInRefusal `state_unknown`, `state_expired`.
     */
    async take(state: string, browserSecret: string): Promise<PendingSignIn> {
      const stateHash = hashState(state, browserSecret);
      const record = await storage.write((records) => records.pendingSignIns.take(stateHash));
      if (!record) throw new SignInRefusal("state_unknown", "the state is not one of a sign-in in progress");
      const signIn = JSON.parse(await keyring.open(record.sealed, purposeOf(stateHash))) as PendingSignIn;
      if (record.expiresAt <= clock.now()) {
        throw new SignInRefusal("state_expired", `more than ${PENDING_LIFETIME_MS / 60_000} minutes went by`);
      }
      return signIn;
    },
  };
}

export type PendingSignIns = ReturnType<typeof createPendingSignIns>;

/** The name under which a browser keeps its secret of a sign-in: it tells nothing of the state. */
export function browserTag(state: string): string {
  return createHash("sha256").update(`tag ${state}`).digest("base64url").slice(0, 16);
}

function hashState(state: string, browserSecret: string): string {
  return createHash("sha256").update(`${browserSecret} ${state}`).digest("base64url");
}

function purposeOf(stateHash: string): string {
  return `pending_sign_in/${stateHash}`;
}
