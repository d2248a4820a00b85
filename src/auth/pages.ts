import { html, raw } from "hono/html";
import type { Login } from "../domain/logins.ts";
import type { TestResult } from "../domain/sign-ins/test-results.ts";
import type { Explanation } from "./sentences.ts";
import { STYLESHEET } from "./stylesheet.ts";

/** A page, or a part of one: everything that is put into it is escaped. */
export type Html = ReturnType<typeof html>;

/** What goes along from the sign-in page to the identity provider. */
export interface Destination {
  readonly returnTo?: string | undefined;
  /** Never logged. */
  readonly inviteId?: string | undefined;
}

/** The pages, whose links begin with the path of the public URL. */
export function createPages(base: string) {
  const signInPage = `${base}/auth/sign-in`;
  return {
    /** Asks for the email. `problem` says why the last one did not help. */
    signIn(destination: Destination, email = "", problem?: string): Html {
      return page(
        "Sign in",
        html`
          <h1>Sign in</h1>
          <p class="quiet" id="hint">With your work email address, we find where your organization signs you in.</p>
          ${problem === undefined ? "" : html`<p class="alert" role="alert" id="problem">${problem}</p>`}
          <form action="${signInPage}" method="get">
            <label for="email">Email address</label>
            <input
              id="email"
              name="email"
              type="email"
              value="${email}"
              autocomplete="username"
              inputmode="email"
              autocapitalize="none"
              spellcheck="false"
              maxlength="320"
              placeholder="name@example.com"
              aria-describedby="${problem === undefined ? "hint" : "problem"}"
              ${problem === undefined ? "" : raw('aria-invalid="true"')}
              required
              autofocus
            />
            ${hidden("return_to", destination.returnTo)}${hidden("invite", destination.inviteId)}
            <button>Continue</button>
          </form>
        `,
      );
    },

    /** Where the person may sign in, when there are several places. */
    choose(logins: readonly Login[], email: string): Html {
      return page(
        "Choose where to sign in",
        html`
          <h1>Choose where to sign in</h1>
          ${email === "" ? "" : html`<p class="quiet">For ${email}, there are several ways.</p>`}
          <nav aria-label="Ways to sign in">
            <ul>
              ${logins.map(({ displayName, loginUrl }) => html`<li><a class="button second" href="${loginUrl}">${displayName}</a></li>`)}
            </ul>
          </nav>
          <footer><a href="${signInPage}">Use another email address</a></footer>
        `,
      );
    },

    /**
     * Goes on to the one place. A redirect would be held against the form that led here: browsers apply `form-action` to where a
     * form ends up.
     */
    goOn({ displayName, loginUrl }: Login): Html {
      return page(
        "One moment",
        html`
          <h1>One moment</h1>
          <p class="quiet">You are being taken to ${displayName} to sign in.</p>
          <a class="button" href="${loginUrl}">Continue to ${displayName}</a>
        `,
        html`<meta http-equiv="refresh" content="0;url=${loginUrl}" />`,
      );
    },

    /** Tells who is signed in, and where. */
    signedIn(name: string, organization: string): Html {
      return page(
        "You are signed in",
        html`
          <h1>You are signed in</h1>
          <p class="quiet">As ${name}, to ${organization}. You can close this page.</p>
          ${signOutForm(base, "Sign out")}
        `,
      );
    },

    /** Asks before it signs out: only a form of ours can. */
    signOut(): Html {
      return page(
        "Sign out",
        html`
          <h1>Sign out?</h1>
          <p class="quiet">You are signed out here. At your organization's sign-in service you may stay signed in.</p>
          ${signOutForm(base, "Sign out")}
        `,
      );
    },

    signedOut(): Html {
      return page(
        "You are signed out",
        html`
          <h1>You are signed out</h1>
          <p class="quiet">
            On a computer that others use, also sign out at your organization's sign-in service, or close the browser.
          </p>
          <a class="button" href="${signInPage}">Sign in again</a>
        `,
      );
    },

    /** What went wrong, and what the person can do. */
    failure({ title, sentence, advice }: Explanation, requestId: string, retryUrl: string): Html {
      return page(
        title,
        html`
          <h1>${title}</h1>
          <p role="alert">${sentence}</p>
          <p class="quiet">${advice}</p>
          <a class="button" href="${retryUrl}">Try again</a>
          ${retryUrl === signInPage ? "" : html`<a class="button second" href="${signInPage}">Sign in another way</a>`}
          <footer>Request id <code>${requestId}</code></footer>
        `,
      );
    },

    /** What a test of a configuration came to. Nobody is signed in. */
    tested({ allowed, steps }: TestResult, requestId: string): Html {
      const title = allowed ? "The test succeeded" : "The test was refused";
      return page(
        title,
        html`
          <h1>${title}</h1>
          <p class="quiet">Nobody was signed in. The whole result is where the test was started.</p>
          <ol class="steps">
            ${steps.map(({ step, outcome }) => html`<li><span>${step.replaceAll("_", " ")}</span><span>${outcome}</span></li>`)}
          </ol>
          ${steps.map(({ detail, outcome }) => (outcome === "failed" ? html`<p class="alert">${detail}</p>` : ""))}
          <footer>Request id <code>${requestId}</code></footer>
        `,
      );
    },
  };
}

export type Pages = ReturnType<typeof createPages>;

/** A whole page. `head` adds to its head. */
export function page(title: string, content: Html, head: Html | string = ""): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="noindex" />
<meta name="color-scheme" content="light dark" />
<title>${title}</title>
${head}
<style>${raw(STYLESHEET)}</style>
</head>
<body>
<main>${content}</main>
</body>
</html>`;
}

function hidden(name: string, value: string | undefined): Html | string {
  return value === undefined ? "" : html`<input type="hidden" name="${name}" value="${value}" />`;
}

function signOutForm(base: string, label: string): Html {
  return html`<form action="${base}/auth/sign-out" method="post"><button>${label}</button></form>`;
}
