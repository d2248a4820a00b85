import { ServiceError } from "../lib/errors.ts";
import {
  BrokenLinkError,
  DuplicateError,
  EVERY_ORGANIZATION,
  type ReceivedClaimsRecord,
  type Records,
  type UserRecord,
} from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import type { IdentityProviders } from "./identity-providers.ts";
import type { Caller, Context } from "./principals.ts";
import { checkReturnTo } from "./return-to.ts";
import { type Browser, type OpenedSession, openSession } from "./sessions.ts";
import { admit } from "./sign-ins/admission.ts";
import { clientOf, collectClaims } from "./sign-ins/claims.ts";
import { decide, type Profile } from "./sign-ins/decision.ts";
import {
  createPendingSignIns,
  type OpenedConfiguration,
  openConfiguration,
  type PendingSignIn,
  type StartedSignIn,
} from "./sign-ins/pending.ts";
import { findRefusal, type RefusalReason, type SignInReason, SignInRefusal } from "./sign-ins/reasons.ts";
import { createReceivedClaims, RECEIVED_LIFETIME_MS } from "./sign-ins/received.ts";
import { createFlow, createRelyingParty } from "./sign-ins/relying-party.ts";
import type { SsoConfiguration, SsoConfigurations } from "./sso-configurations.ts";
import { createTestSignIns, type FinishedTest } from "./test-sign-ins.ts";

/** A request of a browser that signs in. */
export interface SignInRequest {
  readonly requestId: string;
  readonly browser: Browser;
}

/** How a sign-in is to begin. */
export type SignInStart = { readonly testId: string } | SignInStartOf;
interface SignInStartOf {
  readonly configurationId: string;
  /** Where the browser goes afterwards. */
  readonly returnTo?: string | undefined;
  /** The invite that lets the person in. */
  readonly inviteId?: string | undefined;
}

/** The answer of an identity provider, as the browser brings it. */
export interface SignInResponse {
  /** The configuration whose redirect URI it came to. */
  readonly configurationId: string;
  readonly parameters: URLSearchParams;
  /** What the browser keeps since the start; undefined when it keeps nothing for this state. */
  readonly browserSecret: string | undefined;
}

/** What a sign-in came to. */
export type FinishedSignIn =
  | (OpenedSession & { readonly kind: "signed_in"; readonly user: UserRecord; readonly returnTo: string | undefined })
  | ({ readonly kind: "tested" } & FinishedTest);

/** Sign-ins through the identity providers of organizations. */
export function createSignIns(
  environment: Environment,
  providers: IdentityProviders,
  ssoConfigurations: SsoConfigurations,
) {
  const { storage, clock, settings, signInCounter, log } = environment;
  const relyingParty = createRelyingParty(environment);
  const pending = createPendingSignIns(environment);
  const received = createReceivedClaims(environment);
  const tests = createTestSignIns(environment, { providers, ssoConfigurations, relyingParty, pending, received });

  /** The way of every sign-in: how it ends is counted, and a refusal is in the audit log before anybody is told. */
  async function attempt<T>(
    request: SignInRequest,
    configurationId: string,
    run: (note: Note) => Promise<T>,
  ): Promise<T> {
    const note: Note = { configuration: undefined, profile: undefined, received: undefined };
    try {
      note.configuration = await storage.read.ssoConfigurations.get(EVERY_ORGANIZATION, configurationId);
      return await run(note);
    } catch (error) {
      const refusal = error instanceof BrokenLinkError ? deletedMeanwhile() : findRefusal(error);
      signInCounter.count(note.configuration?.id ?? "", refusal?.reason ?? "internal");
      if (!refusal) throw error;
      await recordRefusal(request, note, refusal);
      throw refusal;
    }
  }

  async function recordRefusal(request: SignInRequest, note: Note, { reason, detail }: SignInRefusal): Promise<void> {
    const { configuration, profile } = note;
    log.info({ requestId: request.requestId, configuration: configuration?.id, reason, detail }, "sign-in refused");
    if (!configuration) return;
    const { id, organizationId } = configuration;
    await storage.write(async (records) => {
      // It may have been deleted meanwhile, with its organization.
      if (!(await records.ssoConfigurations.get(organizationId, id))) return;
      if (note.received) await records.receivedClaims.put(note.received);
      await recordChange(environment, records, contextOf(request, "sign_in.refuse", { kind: "system" }), {
        organizationId,
        subjectType: "sso_config",
        subjectId: id,
        operation: "update_status",
        after: { ...view(request, id, reason), detail, ...(profile && identityView(profile)) },
      });
    });
  }

  function requireActive(configuration: SsoConfiguration | undefined): SsoConfiguration {
    if (!configuration) throw new SignInRefusal("configuration_unknown", "there is no such configuration");
    if (configuration.state === "active") return configuration;
    throw new SignInRefusal("configuration_inactive", "the configuration is inactive");
  }

  async function begin(configuration: SsoConfiguration, start: SignInStartOf): Promise<StartedSignIn> {
    const returnTo = start.returnTo === undefined ? undefined : normalizeReturnTo(start.returnTo);
    const opened = await openConfiguration(environment, configuration);
    const provider = await providers.open(configuration);
    const flow = createFlow(clock);
    const browserSecret = await pending.put({
      organizationId: configuration.organizationId,
      configurationId: configuration.id,
      fingerprint: opened.fingerprint,
      flow,
      returnTo,
      inviteId: start.inviteId,
    });
    const url = await relyingParty.authorizationUrl(provider, clientOf(opened, settings.publicUrl), flow);
    return { url, state: flow.state, browserSecret };
  }

  function normalizeReturnTo(returnTo: string): string {
    try {
      checkReturnTo(settings, returnTo);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new SignInRefusal("return_to_refused", "return_to leads to another origin");
    }
    // As it was understood: a browser may read odd spellings of a URL in another way.
    return new URL(returnTo).href;
  }

  async function takePending(response: SignInResponse): Promise<PendingSignIn> {
    const state = response.parameters.get("state");
    if (!state) throw new SignInRefusal("state_missing", "the response has no state");
    if (response.browserSecret === undefined) {
      throw new SignInRefusal("browser_unknown", "the browser did not begin this sign-in, or has finished it");
    }
    const signIn = await pending.take(state, response.browserSecret);
    if (signIn.configurationId === response.configurationId) return signIn;
    throw new SignInRefusal("redirect_uri_mismatch", "the response came to the redirect URI of another configuration");
  }

  /** The end of a sign-in that is no test. */
  async function finish(
    request: SignInRequest,
    note: Note,
    signIn: PendingSignIn,
    response: SignInResponse,
  ): Promise<FinishedSignIn> {
    const configuration = requireActive(note.configuration);
    const opened = await openConfiguration(environment, configuration);
    requireUnchanged(opened, signIn);
    const provider = await providers.open(configuration);
    const { parameters } = response;
    const collected = await collectClaims(relyingParty, provider, opened, signIn, parameters, settings.publicUrl);
    const { claims } = collected;
    note.received = await received.seal(configuration, claims);
    await received.compare(configuration, claims);
    const { outcome } = decide(configuration, claims);
    if (outcome instanceof SignInRefusal) throw outcome;
    note.profile = outcome;
    const finished = await commit(request, opened, outcome, signIn, note.received);
    signInCounter.count(configuration.id, "signed_in");
    return { kind: "signed_in", ...finished, returnTo: signIn.returnTo };
  }

  /** Two first sign-ins of one person at the same moment: the second finds what the first has made. */
  async function commit(...parameters: Parameters<typeof commitOnce>) {
    try {
      return await commitOnce(...parameters);
    } catch (error) {
      if (!(error instanceof DuplicateError)) throw error;
      return commitOnce(...parameters);
    }
  }

  async function commitOnce(
    request: SignInRequest,
    opened: OpenedConfiguration,
    profile: Profile,
    { inviteId }: PendingSignIn,
    receivedClaims: ReceivedClaimsRecord | undefined,
  ): Promise<OpenedSession & { readonly user: UserRecord }> {
    const { configuration } = opened;
    const { id, organizationId } = configuration;
    return storage.write(async (records) => {
      // In this order, which is that of whatever else holds both.
      await records.organizations.lock(organizationId);
      await requireStillUnchanged(records, opened);
      const system = contextOf(request, "sign_in.succeed", { kind: "system" });
      const user = await admit(environment, records, system, configuration, profile, inviteId);
      const session = await openSession(environment, records, user, id, request.browser);
      if (receivedClaims) await records.receivedClaims.put(receivedClaims);
      await recordChange(environment, records, contextOf(request, "sign_in.succeed", callerOf(user, session)), {
        organizationId,
        subjectType: "session",
        subjectId: session.session.id,
        operation: "create",
        after: { ...view(request, id, "signed_in"), userId: user.id, ...identityView(profile) },
      });
      return { ...session, user };
    });
  }

  /** Held until the end: who deactivates the configuration and then ends its sessions, ends this one too. */
  async function requireStillUnchanged(records: Records, opened: OpenedConfiguration): Promise<void> {
    const { id, organizationId } = opened.configuration;
    const current = requireActive(await records.ssoConfigurations.lock(organizationId, id));
    if (JSON.stringify(current) === JSON.stringify(opened.configuration)) return;
    const { fingerprint } = await openConfiguration(environment, current);
    requireUnchanged(opened, { fingerprint });
  }

  return {
    tests: tests.methods,
    received,

    /**
     * Begins a sign-in.
     * @throws SignInRefusal of the steps `start` and `discovery`; it is in the audit log already.
     */
    async start(request: SignInRequest, start: SignInStart): Promise<StartedSignIn> {
      if ("testId" in start) return tests.begin(start.testId);
      return attempt(request, start.configurationId, (note) => begin(requireActive(note.configuration), start));
    },

    /**
     * Ends a sign-in: on success account, membership and session are there.
     * @throws SignInRefusal of any step; it is in the audit log already.
     */
    async finish(request: SignInRequest, response: SignInResponse): Promise<FinishedSignIn> {
      return attempt(request, response.configurationId, async (note) => {
        if (!note.configuration) requireActive(undefined);
        const signIn = await takePending(response);
        if (signIn.testId === undefined) return finish(request, note, signIn, response);
        return { kind: "tested", ...(await tests.finish(signIn, response.parameters)) };
      });
    },

    /** Deletes what nobody can use any more: sign-ins and tests that ran out, old claims, sessions that ended. */
    async deleteExpired(): Promise<void> {
      const now = clock.now();
      await storage.write(async (records) => {
        await records.pendingSignIns.deleteExpired(now);
        await records.testSignIns.deleteExpired(now);
        await records.receivedClaims.deleteReceivedBefore(now - RECEIVED_LIFETIME_MS);
        await records.sessions.deleteExpired(now, now - settings.sessionIdleMs);
      });
    },
  };
}

export type SignIns = ReturnType<typeof createSignIns>;

/** What is known of a sign-in so far, for the case that it ends here. */
interface Note {
  configuration: SsoConfiguration | undefined;
  profile: Profile | undefined;
  received: ReceivedClaimsRecord | undefined;
}

function requireUnchanged(opened: OpenedConfiguration, { fingerprint }: Pick<PendingSignIn, "fingerprint">): void {
  if (opened.fingerprint === fingerprint) return;
  throw new SignInRefusal("configuration_changed", "the configuration was changed while the sign-in was in progress");
}

function deletedMeanwhile(): SignInRefusal {
  return new SignInRefusal("configuration_unknown", "the configuration was deleted at this moment");
}

function contextOf({ requestId }: SignInRequest, action: string, caller: Caller): Context {
  return { caller, requestId, action };
}

/** The person who has just signed in. */
function callerOf(user: UserRecord, { session }: OpenedSession): Caller {
  const { id: userId, accountId, organizationId, role } = user;
  const credential = { credential: "session", credentialId: session.id } as const;
  return { kind: "user", userId, accountId, organizationId, role, readOnly: false, ...credential };
}

function view({ browser }: SignInRequest, ssoConfigurationId: string, reason: SignInReason | RefusalReason) {
  return { reason, ssoConfigurationId, ipAddress: browser.ipAddress, userAgent: browser.userAgent.slice(0, 256) };
}

function identityView({ email, subject, issuer }: Profile) {
  return { email, subject, issuer };
}
