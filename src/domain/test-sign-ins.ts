import { invalidField, notFound, ServiceError } from "../lib/errors.ts";
import { newSecretId } from "../lib/ids.ts";
import { EVERY_ORGANIZATION, type TestSignInRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import { compileClaimsExpression, type Evaluation, evaluateClaimsExpression } from "./claims-expression.ts";
import type { Environment } from "./environment.ts";
import type { IdentityProvider, IdentityProviders } from "./identity-providers.ts";
import { type Context, scopeOf } from "./principals.ts";
import { findAdmission } from "./sign-ins/admission.ts";
import { type CollectedClaims, clientOf, collectClaims } from "./sign-ins/claims.ts";
import { decide } from "./sign-ins/decision.ts";
import { isObject, type JsonObject } from "./sign-ins/fetch-json.ts";
import {
  type OpenedConfiguration,
  openConfiguration,
  type PendingSignIn,
  type PendingSignIns,
  type StartedSignIn,
} from "./sign-ins/pending.ts";
import { findRefusal, SignInRefusal } from "./sign-ins/reasons.ts";
import type { ReceivedClaimsKeeper } from "./sign-ins/received.ts";
import { redactClaims, redactEvaluation, type ShownClaim } from "./sign-ins/redaction.ts";
import { createFlow, type RelyingParty } from "./sign-ins/relying-party.ts";
import { type Details, showAttributes, type TestResult, toResult, USERINFO } from "./sign-ins/test-results.ts";
import type { SsoConfiguration, SsoConfigurationChanges, SsoConfigurations } from "./sso-configurations.ts";

/** Milliseconds for which a test and its result are kept. */
export const TEST_LIFETIME_MS = 60 * 60_000;

/** A test, and what came of it. */
export interface TestSignIn {
  readonly id: string;
  readonly ssoConfigurationId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Undefined as long as nobody has signed in. */
  readonly result: TestResult | undefined;
}

/** A test that has just come to its end. */
export interface FinishedTest {
  readonly result: TestResult;
}

/** What an expression is evaluated against. */
export interface ExpressionTest {
  readonly expression: string;
  /** The configuration of the last sign-in; needed without claims. */
  readonly ssoConfigurationId?: string | undefined;
  /** A JSON object. */
  readonly claimsJson?: string | undefined;
}

/** An evaluation, and the claims that it was made with, redacted unless the caller gave them. */
export interface EvaluatedExpression {
  readonly evaluation: Evaluation;
  readonly claims: readonly ShownClaim[];
  /** When the last sign-in was; undefined for claims of the caller. */
  readonly receivedAt: number | undefined;
}

/** What tests share with sign-ins. */
export interface TestParts {
  readonly providers: IdentityProviders;
  readonly ssoConfigurations: SsoConfigurations;
  readonly relyingParty: RelyingParty;
  readonly pending: PendingSignIns;
  readonly received: ReceivedClaimsKeeper;
}

/** Sign-ins that sign nobody in: an admin sees what a configuration would do before anybody depends on it. */
export function createTestSignIns(environment: Environment, parts: TestParts) {
  const { storage, clock, keyring, settings } = environment;
  const { providers, relyingParty, pending, received } = parts;

  async function openDraft({ id, sealedDraft }: TestSignInRecord): Promise<OpenedConfiguration> {
    const draft = JSON.parse(await keyring.open(sealedDraft, purposeOf(id, "draft"))) as SsoConfiguration;
    return openConfiguration(environment, draft);
  }

  /** @throws SignInRefusal `test_unknown`, `test_finished`. */
  async function requireRunning(testId: string): Promise<TestSignInRecord> {
    const record = await storage.read.testSignIns.get(EVERY_ORGANIZATION, testId);
    if (!record || record.expiresAt <= clock.now()) throw new SignInRefusal("test_unknown", "there is no such test");
    if (record.sealedResult !== undefined) throw new SignInRefusal("test_finished", "the test has its result already");
    return record;
  }

  async function saveResult(testId: string, result: TestResult): Promise<void> {
    const sealed = await keyring.seal(JSON.stringify(result), purposeOf(testId, "result"));
    await storage.write((records) => records.testSignIns.finish(testId, sealed));
  }

  /** Each step, up to the one that fails. */
  async function run(
    opened: OpenedConfiguration,
    signIn: PendingSignIn,
    parameters: URLSearchParams,
  ): Promise<TestResult> {
    const { configuration } = opened;
    let provider: IdentityProvider;
    let collected: CollectedClaims;
    try {
      provider = await providers.inspect(configuration.issuerUrl);
      collected = await collectClaims(relyingParty, provider, opened, signIn, parameters, settings.publicUrl);
    } catch (error) {
      const refusal = findRefusal(error);
      if (!refusal) throw error;
      return toResult(clock.now(), refusal);
    }
    const record = await received.seal(configuration, collected.claims);
    if (record) await storage.write((records) => records.receivedClaims.put(record));
    return judge(configuration, collected);
  }

  async function judge(configuration: SsoConfiguration, { claims, userinfo }: CollectedClaims): Promise<TestResult> {
    const decision = decide(configuration, claims, true);
    const details: Details = { userinfo: USERINFO[userinfo] };
    let refusal = decision.outcome instanceof SignInRefusal ? decision.outcome : undefined;
    if (!(decision.outcome instanceof SignInRefusal)) {
      const membership = await foresee(configuration, decision.outcome);
      if (membership instanceof SignInRefusal) refusal = membership;
      else details.membership = membership;
    }
    if (decision.evaluation) details.expression = decision.evaluation.reason;
    else if (configuration.claimsExpression === "") details.expression = "there is no expression";
    return {
      ...toResult(clock.now(), refusal, details),
      claims: redactClaims(claims),
      attributes: showAttributes(decision.mapped),
      evaluation: decision.evaluation && redactEvaluation(decision.evaluation),
    };
  }

  async function foresee(configuration: SsoConfiguration, profile: Parameters<typeof findAdmission>[2]) {
    try {
      const admission = await findAdmission(storage.read, configuration, profile, undefined);
      if (admission.user) return "would sign in a member";
      return admission.accountId === undefined
        ? "would make an account and a member"
        : "would make a known person a member";
    } catch (error) {
      const refusal = findRefusal(error);
      if (!refusal) throw error;
      return refusal;
    }
  }

  return {
    /**
     * Begins a test in the browser that asks for it.
     * @throws SignInRefusal `test_unknown`, `test_finished`, and of the step `discovery`, which then is the test's result.
     */
    async begin(testId: string): Promise<StartedSignIn> {
      const record = await requireRunning(testId);
      const opened = await openDraft(record);
      const { configuration, fingerprint } = opened;
      const flow = createFlow(clock);
      try {
        const provider = await providers.inspect(configuration.issuerUrl);
        const url = await relyingParty.authorizationUrl(provider, clientOf(opened, settings.publicUrl), flow);
        const { id: configurationId, organizationId } = configuration;
        const browserSecret = await pending.put({ organizationId, configurationId, fingerprint, flow, testId });
        return { url, state: flow.state, browserSecret };
      } catch (error) {
        const refusal = findRefusal(error);
        if (refusal) await saveResult(testId, toResult(clock.now(), refusal));
        throw error;
      }
    },

    /**
     * Ends a test: the result is kept for the admin who asked for it.
     * @throws SignInRefusal `test_unknown`, `test_finished`.
     */
    async finish(signIn: PendingSignIn, parameters: URLSearchParams): Promise<FinishedTest> {
      const testId = signIn.testId ?? "";
      const opened = await openDraft(await requireRunning(testId));
      const result = await run(opened, signIn, parameters);
      await saveResult(testId, result);
      return { result };
    },

    /** What admins call. */
    methods: {
      /**
       * Makes a test of a configuration as it would be with the changes, which are checked and not saved.
       * @returns the test, and the URL that the admin's browser has to open.
       * @throws ServiceError `not_found`, and what an update refuses.
       */
      async start(context: Context, ssoConfigurationId: string, changes: SsoConfigurationChanges) {
        const draft = await parts.ssoConfigurations.preview(context, ssoConfigurationId, changes);
        const id = newSecretId();
        const now = clock.now();
        const { organizationId } = draft;
        const record: TestSignInRecord = {
          id,
          organizationId,
          ssoConfigurationId,
          userId: context.caller.kind === "user" ? context.caller.userId : undefined,
          sealedDraft: await keyring.seal(JSON.stringify(draft), purposeOf(id, "draft")),
          sealedResult: undefined,
          createdAt: now,
          expiresAt: now + TEST_LIFETIME_MS,
        };
        await storage.write(async (records) => {
          if (!(await records.ssoConfigurations.get(organizationId, ssoConfigurationId))) {
            throw notFound("SSO configuration");
          }
          await records.testSignIns.insert(record);
          await recordChange(environment, records, context, {
            organizationId,
            subjectType: "sso_config",
            subjectId: ssoConfigurationId,
            operation: "update_status",
            after: { test: "started" },
          });
        });
        return { test: toTest(record, undefined), url: `${settings.publicUrl}/auth/oidc/start?test=${id}` };
      },

      /** @throws ServiceError `not_found`, also when it is older than an hour. */
      async get(context: Context, id: string): Promise<TestSignIn> {
        const record = await storage.read.testSignIns.get(scopeOf(context.caller), id);
        if (!record || record.expiresAt <= clock.now()) throw notFound("test sign-in");
        if (record.sealedResult === undefined) return toTest(record, undefined);
        const result = JSON.parse(await keyring.open(record.sealedResult, purposeOf(id, "result"))) as TestResult;
        return toTest(record, result);
      },

      /**
       * Evaluates an expression with the evaluator of the login, against claims of the caller or of the last sign-in.
       * @throws ServiceError `claims_expression_invalid`, `request_invalid` (claims), `not_found` (configuration, or claims).
       */
      async evaluate(context: Context, test: ExpressionTest): Promise<EvaluatedExpression> {
        const compiled = compileClaimsExpression(test.expression);
        if (!compiled.ok) {
          const message = `does not compile at offset ${compiled.offset}: ${compiled.reason}`;
          throw new ServiceError("claims_expression_invalid", `expression: ${message}`, {
            metadata: { offset: String(compiled.offset) },
            violations: [{ field: "expression", rule: "claims_expression.compiles", message }],
          });
        }
        const { expression } = compiled;
        if (test.claimsJson !== undefined) {
          const claims = parseClaims(test.claimsJson);
          const evaluation = evaluateClaimsExpression(expression, claims, { explain: true });
          return { evaluation, claims: [], receivedAt: undefined };
        }
        const { claims, receivedAt } = await requireReceived(context, test.ssoConfigurationId);
        const evaluation = redactEvaluation(evaluateClaimsExpression(expression, claims, { explain: true }));
        return { evaluation, claims: redactClaims(claims), receivedAt };
      },
    },
  };

  async function requireReceived(context: Context, ssoConfigurationId: string | undefined) {
    if (ssoConfigurationId === undefined) {
      throw invalidField("claims_json", "required", "give claims, or the configuration whose last sign-in is meant");
    }
    const configuration = await parts.ssoConfigurations.get(context, ssoConfigurationId);
    const found = await received.get(configuration);
    if (found) return found;
    throw new ServiceError(
      "not_found",
      "no claims are kept: nobody has signed in through this configuration for 30 days; sign in once, or give claims",
    );
  }
}

export type TestSignIns = ReturnType<typeof createTestSignIns>["methods"];

function toTest(record: TestSignInRecord, result: TestResult | undefined): TestSignIn {
  const { id, ssoConfigurationId, createdAt, expiresAt } = record;
  return { id, ssoConfigurationId, createdAt, expiresAt, result };
}

function parseClaims(json: string): JsonObject {
  try {
    const claims: unknown = JSON.parse(json);
    if (isObject(claims)) return claims;
  } catch {
    // Said below, like a value that is no object.
  }
  throw invalidField("claims_json", "claims_json.object", 'must be a JSON object, such as {"groups": ["admins"]}');
}

function purposeOf(testId: string, part: "draft" | "result"): string {
  return `test_sign_in/${testId}/${part}`;
}
