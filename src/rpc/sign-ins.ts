import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  ClaimsDecision,
  type ClaimsEvaluationSchema,
  ExpressionOutcomeKind,
  type ExpressionOutcomeSchema,
  MappedAttributeState,
  type SignInService,
  SignInStepName,
  SignInStepOutcome,
  type TestSignInResultSchema,
  type TestSignInSchema,
} from "../../gen/organization/v1/sign_in_service_pb.ts";
import type { Evaluation, StepOutcome } from "../domain/claims-expression.ts";
import type { Domain } from "../domain/domain.ts";
import type { SignInStep } from "../domain/sign-ins/reasons.ts";
import type { ShownAttribute, TestResult, TestStep } from "../domain/sign-ins/test-results.ts";
import type { TestSignIn } from "../domain/test-sign-ins.ts";
import type { ToContext } from "./call.ts";
import { id, timestamp } from "./messages.ts";

const STEPS: Readonly<Record<SignInStep, SignInStepName>> = {
  start: SignInStepName.START,
  discovery: SignInStepName.DISCOVERY,
  response: SignInStepName.RESPONSE,
  exchange: SignInStepName.EXCHANGE,
  id_token: SignInStepName.ID_TOKEN,
  signature: SignInStepName.SIGNATURE,
  userinfo: SignInStepName.USERINFO,
  mapping: SignInStepName.MAPPING,
  email_domain: SignInStepName.EMAIL_DOMAIN,
  expression: SignInStepName.EXPRESSION,
  membership: SignInStepName.MEMBERSHIP,
};

const OUTCOMES: Readonly<Record<TestStep["outcome"], SignInStepOutcome>> = {
  passed: SignInStepOutcome.PASSED,
  failed: SignInStepOutcome.FAILED,
  skipped: SignInStepOutcome.SKIPPED,
};

const STATES: Readonly<Record<ShownAttribute["state"], MappedAttributeState>> = {
  found: MappedAttributeState.FOUND,
  missing: MappedAttributeState.MISSING,
  invalid: MappedAttributeState.INVALID,
};

const DECISIONS: Readonly<Record<Evaluation["decision"], ClaimsDecision>> = {
  allow: ClaimsDecision.ALLOW,
  refuse: ClaimsDecision.REFUSE,
  error: ClaimsDecision.ERROR,
};

const KINDS: Readonly<Record<StepOutcome["kind"], ExpressionOutcomeKind>> = {
  value: ExpressionOutcomeKind.VALUE,
  error: ExpressionOutcomeKind.ERROR,
  skipped: ExpressionOutcomeKind.SKIPPED,
};

/** Tests of sign-ins over rpc: message in, one domain call, message out. */
export function signInMethods({ signIns: { tests } }: Domain, toContext: ToContext): ServiceImpl<typeof SignInService> {
  return {
    async startTestSignIn({ $typeName, ssoConfigurationId, ...changes }, call) {
      const started = await tests.start(toContext(call), id(ssoConfigurationId), {
        ...changes,
        additionalScopes: changes.additionalScopes?.scopes,
      });
      return { test: toMessage(started.test), url: started.url };
    },

    async getTestSignIn(request, call) {
      return { test: toMessage(await tests.get(toContext(call), id(request.testSignInId))) };
    },

    async evaluateClaimsExpression({ expression, ssoConfigurationId, claimsJson }, call) {
      const { evaluation, claims, receivedAt } = await tests.evaluate(toContext(call), {
        expression,
        claimsJson,
        ssoConfigurationId: ssoConfigurationId === undefined ? undefined : id(ssoConfigurationId),
      });
      return {
        evaluation: toEvaluation(evaluation),
        claims: [...claims],
        ...(receivedAt !== undefined && { receivedAt: timestamp(receivedAt) }),
      };
    },
  };
}

function toMessage(test: TestSignIn): MessageInitShape<typeof TestSignInSchema> {
  return {
    id: test.id,
    ssoConfigurationId: test.ssoConfigurationId,
    createdAt: timestamp(test.createdAt),
    expiresAt: timestamp(test.expiresAt),
    ...(test.result && { result: toResult(test.result) }),
  };
}

function toResult(result: TestResult): MessageInitShape<typeof TestSignInResultSchema> {
  return {
    finishedAt: timestamp(result.finishedAt),
    allowed: result.allowed,
    steps: result.steps.map(({ step, outcome, reason, detail }) => ({
      step: STEPS[step],
      outcome: OUTCOMES[outcome],
      reason,
      detail,
    })),
    claims: [...result.claims],
    attributes: result.attributes.map((attribute) => ({ ...attribute, state: STATES[attribute.state] })),
    ...(result.evaluation && { evaluation: toEvaluation(result.evaluation) }),
  };
}

function toEvaluation(evaluation: Evaluation): MessageInitShape<typeof ClaimsEvaluationSchema> {
  return {
    decision: DECISIONS[evaluation.decision],
    reason: evaluation.reason,
    missingClaim: evaluation.missingClaim ?? "",
    cost: evaluation.cost,
    steps: (evaluation.steps ?? []).map(({ offset, text, outcome, elements }) => ({
      offset,
      text,
      outcome: toOutcome(outcome),
      elements: (elements ?? []).map((each) => ({ element: each.element, outcome: toOutcome(each.outcome) })),
    })),
  };
}

function toOutcome(outcome: StepOutcome): MessageInitShape<typeof ExpressionOutcomeSchema> {
  const kind = KINDS[outcome.kind];
  if (outcome.kind === "value") return { kind, value: outcome.value };
  return outcome.kind === "error"
    ? { kind, reason: outcome.reason, missingClaim: outcome.missingClaim ?? "" }
    : { kind };
}
