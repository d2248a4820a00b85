import { Hono } from "hono";
import { html } from "hono/html";
import type { ProgramSignIn } from "../domain/exchange-tokens.ts";
import type { UserCaller } from "../domain/principals.ts";
import { requestRecord } from "../http/record.ts";
import { comparisonCodeOf, isChallenge } from "../lib/proof-key.ts";
import { type Html, page } from "./pages.ts";
import { type AuthContext, type AuthDoor, type AuthEnv, incoming, show } from "./routes.ts";
import type { Explanation } from "./sentences.ts";
import { isSameOrigin, whileSignedIn } from "./session.ts";
import { signInUrl } from "./sign-in.ts";

/** What a command line asks for, in the query of the URL that it opens. */
interface CliLogin extends ProgramSignIn {
  /** Where it listens on the loopback interface; undefined when its person copies the code. */
  readonly loopback: { readonly port: number; readonly state: string } | undefined;
}

/** Who is asked, and whom they would be in the terminal. */
interface Person {
  readonly name: string;
  readonly email: string;
  readonly organization: string;
}

const AGAIN = "Run `organization-service login` once more, and open the page that it names.";

const BAD_LINK: Explanation = {
  title: "This link is not complete",
  sentence: "It does not say which terminal asks to be signed in.",
  advice: AGAIN,
  status: 400,
};

const NOT_FROM_HERE: Explanation = {
  title: "That did not come from here",
  sentence: "Another website asked to sign a terminal in. Nothing was signed in.",
  advice: "If you want to sign a terminal in, run `organization-service login` in it.",
  status: 403,
};

/**
 * The part of a command line's login that happens in the browser. Whoever is signed in (everybody else signs in first) is shown
 * who asks, and agrees by a form. The code then goes to the loopback interface of their own machine (RFC 8252, section 7.3),
 * or onto the page to be copied, and is of use to the command line alone that made the challenge.
 *
 * A link to this page may come from an attacker, whose command line would be signed in. So the page says to compare its
 * code with the terminal's, the code of the sign-in never leaves for another machine by itself, and nothing happens
 * without the form.
 */
export function cliLoginRoutes(door: AuthDoor): Hono<AuthEnv> {
  const { domain, base, publicUrl } = door;
  const app = new Hono<AuthEnv>();

  /** Comes back to this page. */
  const signInFirst = (c: AuthContext) =>
    c.redirect(signInUrl(base, { returnTo: `${publicUrl}/auth/cli${new URL(c.req.url).search}` }), 303);

  const contextOf = (c: AuthContext, caller: UserCaller) => ({
    caller,
    requestId: requestRecord(incoming(c)).id,
    action: "exchange_token.create",
  });

  async function personOf(c: AuthContext, caller: UserCaller): Promise<Person> {
    const context = contextOf(c, caller);
    const { name, email } = await domain.users.getAuthenticated(context);
    const organization = await domain.organizations.get(context, caller.organizationId);
    return { name, email, organization: organization.name };
  }

  app.get("/auth/cli", async (c) => {
    const login = readLogin(c.req.query());
    if (!login) return door.fail(c, BAD_LINK);
    const person = await whileSignedIn(door, c, (caller) => personOf(c, caller));
    if (!person) return signInFirst(c);
    const action = `${base}/auth/cli${new URL(c.req.url).search}`;
    return show(c, askPage(base, action, login, person));
  });

  app.post("/auth/cli", async (c) => {
    if (!isSameOrigin(c, publicUrl)) return door.fail(c, NOT_FROM_HERE);
    const login = readLogin(c.req.query());
    if (!login) return door.fail(c, BAD_LINK);
    const code = await whileSignedIn(door, c, (caller) => domain.exchangeTokens.create(contextOf(c, caller), login));
    if (code === undefined) return signInFirst(c);
    return show(c, login.loopback ? goOnPage(loopbackUrl(login.loopback, { code })) : copyPage(login, code));
  });

  app.get("/auth/cli/done", (c) => show(c, donePage()));

  return app;
}

function readLogin(query: Readonly<Record<string, string>>): CliLogin | undefined {
  const { challenge = "", port, state = "" } = query;
  if (!isChallenge(challenge)) return undefined;
  const host = (query.host ?? "").replace(/\p{C}/gu, "").trim().slice(0, 100);
  if (port === undefined) return { challenge, host, loopback: undefined };
  // No port below 1024, where the services of the machine itself are.
  if (!/^[1-9]\d{3,4}$/.test(port) || Number(port) < 1024 || Number(port) > 65_535) return undefined;
  if (!/^[\w-]{22,86}$/.test(state)) return undefined;
  return { challenge, host, loopback: { port: Number(port), state } };
}

/** The address and not the name `localhost`, which may mean another interface (RFC 8252, section 8.3). */
function loopbackUrl(
  { port, state }: NonNullable<CliLogin["loopback"]>,
  answer: Readonly<Record<string, string>>,
): string {
  return `http://127.0.0.1:${port}/?${new URLSearchParams({ ...answer, state })}`;
}

function askPage(base: string, action: string, { challenge, host, loopback }: CliLogin, person: Person): Html {
  const cancel = loopback ? loopbackUrl(loopback, { error: "access_denied" }) : `${base}/auth/signed-in`;
  return page(
    "Sign in a terminal",
    html`
      <h1>Sign in a terminal?</h1>
      <p>
        The command line${host && html` on <strong>${host}</strong>`} asks to act as
        <strong>${person.name || person.email}</strong>${person.name && ` (${person.email})`} in
        <strong>${person.organization}</strong>.
      </p>
      <p class="quiet">The terminal has to show this code:</p>
      <p class="compare">${comparisonCodeOf(challenge)}</p>
      <p class="quiet">
        If it does not, or if you did not run <code>organization-service login</code> yourself just now, somebody else asks:
        cancel.
      </p>
      <form action="${action}" method="post"><button>Sign in the terminal</button></form>
      <a class="button second" href="${cancel}">Cancel</a>
      <footer>Not you? <a href="${base}/auth/sign-out">Sign out</a>, and run the command once more.</footer>
    `,
  );
}

/** No redirect, which browsers would hold against the form that led here: they apply `form-action` to where a form ends up. */
function goOnPage(url: string): Html {
  return page(
    "One moment",
    html`
      <h1>One moment</h1>
      <p class="quiet">The terminal is being signed in.</p>
      <a class="button" href="${url}">Continue</a>
    `,
    html`<meta http-equiv="refresh" content="0;url=${url}" />`,
  );
}

function copyPage({ challenge }: CliLogin, code: string): Html {
  return page(
    "Copy this code",
    html`
      <h1>Copy this code</h1>
      <p>Paste it into the terminal that shows <strong>${comparisonCodeOf(challenge)}</strong>, within two minutes.</p>
      <p><code>${code}</code></p>
      <p class="quiet">Give it to nobody. No other terminal can use it, and it works once.</p>
    `,
  );
}

function donePage(): Html {
  return page(
    "The terminal is signed in",
    html`
      <h1>The terminal is signed in</h1>
      <p class="quiet">You can close this page, and go on there. <code>organization-service logout</code> ends it.</p>
    `,
  );
}
