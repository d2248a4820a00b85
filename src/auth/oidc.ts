import { Hono } from "hono";
import { SignInRefusal } from "../domain/sign-ins/reasons.ts";
import type { SignInStart } from "../domain/sign-ins.ts";
import { requestRecord } from "../http/record.ts";
import { canonicalUuid } from "../lib/ids.ts";
import { type AuthContext, type AuthDoor, type AuthEnv, incoming, show, signInRequest } from "./routes.ts";
import { explain } from "./sentences.ts";
import { findLogins, retryUrl, signInUrl } from "./sign-in.ts";

/** Where a sign-in goes out to an identity provider and comes back. */
export function oidcRoutes(door: AuthDoor): Hono<AuthEnv> {
  const { domain, cookies, clock, base } = door;
  const app = new Hono<AuthEnv>();

  /** Sends the browser to the identity provider, with a secret that it has to come back with. */
  async function start(c: AuthContext, how: SignInStart): Promise<Response> {
    const { url, state, browserSecret } = await domain.signIns.start(signInRequest(c), how);
    for (const cookie of cookies.setSignIn(c.req.header("cookie"), state, browserSecret, clock.now())) {
      c.header("set-cookie", cookie, { append: true });
    }
    return c.redirect(url, 302);
  }

  /** A failure's page begins the same sign-in again. */
  async function guard(c: AuthContext, retry: string, run: () => Promise<Response>): Promise<Response> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof SignInRefusal)) throw error;
      requestRecord(incoming(c)).fields.reason = error.reason;
      return door.fail(c, explain(error), retry);
    }
  }

  app.get("/auth/oidc/start", (c) => {
    const refused = door.limit(c);
    if (refused) return refused;
    const query = c.req.query();
    const destination = { returnTo: query.return_to, inviteId: query.invite };
    return guard(c, signInUrl(base, destination), async () => {
      if (query.test !== undefined) return start(c, { testId: query.test.toLowerCase() });
      if (query.configuration !== undefined) {
        const configurationId = canonicalUuid(query.configuration);
        if (configurationId === undefined) throw new SignInRefusal("configuration_unknown", "the id is no UUID");
        return start(c, { configurationId, ...destination });
      }
      const logins = await findLogins(door, query.email ?? "", destination);
      const only = logins.length === 1 ? logins[0] : undefined;
      // A page decides when there are several ways, or none.
      return c.redirect(only?.loginUrl ?? signInUrl(base, destination, query.email), 302);
    });
  });

  app.get("/auth/oidc/callback/:configuration", (c) => {
    const refused = door.limit(c);
    if (refused) return refused;
    const configurationId = canonicalUuid(c.req.param("configuration"));
    return guard(c, retryUrl(base, configurationId), async () => {
      if (configurationId === undefined) throw new SignInRefusal("configuration_unknown", "the id is no UUID");
      const parameters = new URL(c.req.url).searchParams;
      const state = parameters.get("state") ?? "";
      const browserSecret = cookies.readSignIn(c.req.header("cookie"), state);
      // It is of no use any more, whatever comes of the sign-in.
      if (browserSecret !== undefined) c.header("set-cookie", cookies.clearSignIn(state), { append: true });
      const finished = await domain.signIns.finish(signInRequest(c), { configurationId, parameters, browserSecret });
      if (finished.kind === "tested") return show(c, door.pages.tested(finished.result, requestRecord(incoming(c)).id));
      c.header("set-cookie", cookies.setSession(finished.token, door.sessionLifetimeMs), { append: true });
      return c.redirect(finished.returnTo ?? `${base}/auth/signed-in`, 302);
    });
  });

  return app;
}
