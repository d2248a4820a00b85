import { sessionCookieName } from "../domain/sessions.ts";
import { browserTag, PENDING_LIFETIME_MS } from "../domain/sign-ins/pending.ts";
import { readCookie } from "../lib/cookies.ts";

/** How many sign-ins a browser may have in progress; of more, the oldest are given up. */
const MAX_IN_PROGRESS = 8;

/** The cookies of the door. Each belongs to this very host, and no script can read it. */
export interface Cookies {
  /** The session's token, or undefined. */
  readSession(header: string | undefined): string | undefined;
  setSession(token: string, maxAgeMs: number): string;
  clearSession(): string;
  /** What the browser keeps for the sign-in with this state, or undefined. */
  readSignIn(header: string | undefined, state: string): string | undefined;
  /** Keeps the secret of a new sign-in, beside those of other tabs. @returns one or more cookies to set. */
  setSignIn(header: string | undefined, state: string, secret: string, now: number): readonly string[];
  clearSignIn(state: string): string;
}

/**
 * Makes the cookies. With https they have the `__Host-` prefix (RFC 6265bis, section 4.1.3.2). SameSite is Lax, because the
 * browser comes back from another site.
 */
export function createCookies(publicUrl: string): Cookies {
  const secure = publicUrl.startsWith("https:");
  const session = sessionCookieName(publicUrl);
  const signIn = `${secure ? "__Host-" : ""}organization_sign_in_`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  const set = (name: string, value: string, maxAgeMs: number) =>
    `${name}=${value}; Max-Age=${Math.floor(maxAgeMs / 1000)}; ${attributes}`;
  const clear = (name: string) => set(name, "", 0);

  /** Names of the sign-ins in progress, the oldest first: each value begins with the time of its start. */
  function inProgress(header: string | undefined): readonly string[] {
    return (header ?? "")
      .split(";")
      .map((pair) => pair.trim().split("="))
      .filter(([name = ""]) => name.startsWith(signIn) && /^[\w-]{16}$/.test(name.slice(signIn.length)))
      .sort(([, a = ""], [, b = ""]) => Number.parseInt(a, 36) - Number.parseInt(b, 36))
      .map(([name = ""]) => name);
  }

  return {
    readSession: (header) => readCookie(header, session),
    setSession: (token, maxAgeMs) => set(session, token, maxAgeMs),
    clearSession: () => clear(session),
    readSignIn: (header, state) =>
      /^[0-9a-z]+\.([\w-]{43})$/.exec(readCookie(header, signIn + browserTag(state)) ?? "")?.[1],
    setSignIn(header, state, secret, now) {
      const known = inProgress(header);
      const givenUp = known.slice(0, Math.max(0, known.length - MAX_IN_PROGRESS + 1));
      const value = `${now.toString(36)}.${secret}`;
      return [...givenUp.map(clear), set(signIn + browserTag(state), value, PENDING_LIFETIME_MS)];
    },
    clearSignIn: (state) => clear(signIn + browserTag(state)),
  };
}
