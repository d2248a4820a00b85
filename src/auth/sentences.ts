import { type RefusalReason, type SignInRefusal, type SignInStep, stepOf } from "../domain/sign-ins/reasons.ts";

/** What a person is told: what happened, and what they can do about it. */
export interface Explanation {
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
  /** HTTP status of the page. */
  readonly status: 400 | 403 | 404 | 429 | 500 | 502 | 503;
}

const AGAIN = "Begin again from the sign-in page.";
const ADMIN = "Ask an administrator of your organization, and give them the request id below.";
const LATER = `Try again in a few minutes. If it stays like this: ${ADMIN.toLowerCase()}`;
const EXPIRED = "That sign-in is over";

/** Reasons that a person can do something about, or should be told apart. */
const EXPLANATIONS: { readonly [Reason in RefusalReason]?: Explanation } = {
  configuration_unknown: {
    title: "This way to sign in does not exist",
    sentence: "The link is wrong, or your organization has removed this way to sign in.",
    advice: AGAIN,
    status: 404,
  },
  configuration_inactive: {
    title: "This way to sign in is switched off",
    sentence: "An administrator of your organization has switched it off.",
    advice: `Use another way to sign in, if there is one. ${ADMIN}`,
    status: 403,
  },
  return_to_refused: {
    title: "The link leads elsewhere",
    sentence: "After signing in, this link would take you to a website that is not allowed here.",
    advice: "Begin at the application that you want to use, or from the sign-in page.",
    status: 400,
  },
  invite_invalid: {
    title: "This invite does not work",
    sentence: "It was replaced by a newer one, or it is for another organization.",
    advice: "Ask the person who invited you for the current invite.",
    status: 403,
  },
  test_unknown: {
    title: "This test does not exist",
    sentence: "The link is wrong, or the test was started more than an hour ago.",
    advice: "Start a new test where you started this one.",
    status: 404,
  },
  test_finished: {
    title: "This test is finished",
    sentence: "It has its result already, and a test runs once.",
    advice: "Start a new test where you started this one.",
    status: 400,
  },
  browser_unknown: {
    title: EXPIRED,
    sentence:
      "This browser has no such sign-in in progress. It may have been finished already, or begun in another browser.",
    advice: `Cookies must be allowed for this website. ${AGAIN}`,
    status: 400,
  },
  state_unknown: {
    title: EXPIRED,
    sentence: "It was finished already, or took too long. A sign-in can be finished once.",
    advice: AGAIN,
    status: 400,
  },
  state_expired: { title: EXPIRED, sentence: "It took longer than ten minutes.", advice: AGAIN, status: 400 },
  configuration_changed: {
    title: "Please sign in once more",
    sentence: "An administrator changed the way to sign in just now, while you were signing in.",
    advice: AGAIN,
    status: 400,
  },
  access_denied: {
    title: "Your organization did not let you in",
    sentence: "The sign-in was cancelled, or your organization's sign-in service did not allow it.",
    advice: `Try again. If you did not cancel it: ${ADMIN.toLowerCase()}`,
    status: 403,
  },
  email_missing: {
    title: "Your email address is missing",
    sentence: "Your organization's sign-in service did not tell us your email address.",
    advice: ADMIN,
    status: 403,
  },
  email_domain_refused: {
    title: "This email address cannot sign in here",
    sentence: "Your organization accepts only email addresses of certain domains for this way to sign in.",
    advice: `Sign in with your work account. ${ADMIN}`,
    status: 403,
  },
  expression_refused: {
    title: "You do not have access",
    sentence: "Your organization has a rule about who may sign in here, and it does not admit you.",
    advice: ADMIN,
    status: 403,
  },
  member_suspended: {
    title: "Your membership is suspended",
    sentence: "An administrator, or your organization's directory, has suspended it.",
    advice: ADMIN,
    status: 403,
  },
  membership_ended: {
    title: "You have left this organization",
    sentence: "Your membership has ended, and signing in does not begin it again.",
    advice: "Ask an administrator of the organization for an invite.",
    status: 403,
  },
  provisioning_required: {
    title: "You are not a member yet",
    sentence: "This organization admits only people who are in its directory.",
    advice: "Ask an administrator of the organization to add you there.",
    status: 403,
  },
  account_ambiguous: {
    title: "We cannot tell who you are",
    sentence: "Several members of the organization have your email address.",
    advice: ADMIN,
    status: 403,
  },
  internal: {
    title: "Something went wrong here",
    sentence: "This is our fault, and it has been noted.",
    advice: LATER,
    status: 500,
  },
};

const UNREACHABLE: Explanation = {
  title: "The sign-in service does not answer",
  sentence: "Your organization's sign-in service cannot be used at the moment.",
  advice: LATER,
  status: 502,
};

const UNACCEPTABLE: Explanation = {
  title: "We could not verify the sign-in",
  sentence: "Your organization's sign-in service gave an answer that we cannot accept. You are not signed in.",
  advice: `Try again. If it happens again: ${ADMIN.toLowerCase()}`,
  status: 502,
};

const REFUSED: Explanation = {
  title: "You do not have access",
  sentence: "What your organization's sign-in service told us about you does not suffice.",
  advice: ADMIN,
  status: 403,
};

const BROKEN: Explanation = {
  title: EXPIRED,
  sentence: "The answer of your organization's sign-in service is not complete, or does not belong to a sign-in.",
  advice: AGAIN,
  status: 400,
};

const OF_STEP: Readonly<Record<SignInStep, Explanation>> = {
  start: BROKEN,
  discovery: UNREACHABLE,
  response: BROKEN,
  exchange: UNACCEPTABLE,
  id_token: UNACCEPTABLE,
  signature: UNACCEPTABLE,
  userinfo: UNACCEPTABLE,
  mapping: REFUSED,
  email_domain: REFUSED,
  expression: REFUSED,
  membership: REFUSED,
};

/** Somebody asks too often. */
export const TOO_MANY: Explanation = {
  title: "Too many attempts",
  sentence: "From your network, too many sign-ins were begun within a short time.",
  advice: "Wait a minute, then try again.",
  status: 429,
};

/** The database does not answer. */
export const UNAVAILABLE: Explanation = {
  title: "Signing in is not possible just now",
  sentence: "This server is busy with itself. Nothing is wrong with your account.",
  advice: LATER,
  status: 503,
};

/** Nothing is at this address. */
export const NO_PAGE: Explanation = {
  title: "There is no such page",
  sentence: "The address may be mistyped.",
  advice: AGAIN,
  status: 404,
};

/** A form of another website. */
export const CROSS_SITE: Explanation = {
  title: "That did not come from here",
  sentence: "Another website asked to sign you out. You are still signed in.",
  advice: "If you want to sign out, do it from this website.",
  status: 403,
};

/** What a person is told of a refusal. It names a claim that is missing, and nothing else of what was received. */
export function explain({ reason, missingClaim }: Pick<SignInRefusal, "reason" | "missingClaim">): Explanation {
  const explanation = EXPLANATIONS[reason] ?? OF_STEP[stepOf(reason)];
  if (missingClaim === undefined) return explanation;
  return { ...explanation, sentence: `${explanation.sentence} The claim “${missingClaim}” is missing.` };
}
