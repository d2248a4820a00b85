import { Hono } from "hono";
import type { UserCaller } from "../domain/principals.ts";
import { requestRecord } from "../http/record.ts";
import { ServiceError } from "../lib/errors.ts";
import { type AuthContext, type AuthDoor, type AuthEnv, incoming, show } from "./routes.ts";
import { CROSS_SITE } from "./sentences.ts";

/** Who is signed in, and the way out. */
export function sessionRoutes(door: AuthDoor): Hono<AuthEnv> {
  const { domain, cookies, pages, base } = door;
  const app = new Hono<AuthEnv>();

  app.get("/auth/signed-in", async (c) => {
    const person = await whileSignedIn(door, c, async (caller) => {
      const context = { caller, requestId: requestRecord(incoming(c)).id, action: "" };
      const user = await domain.users.getAuthenticated(context);
      const organization = await domain.organizations.get(context, caller.organizationId);
      return { name: user.name || user.email, organization: organization.name };
    });
    if (!person) return c.redirect(`${base}/auth/sign-in`, 302);
    return show(c, pages.signedIn(person.name, person.organization));
  });

  app.get("/auth/sign-out", (c) => show(c, pages.signOut()));

  app.post("/auth/sign-out", async (c) => {
    if (!isSameOrigin(c, door.publicUrl)) return door.fail(c, CROSS_SITE);
    await whileSignedIn(door, c, async (caller) => {
      const context = { caller, requestId: requestRecord(incoming(c)).id, action: "session.sign_out" };
      await domain.sessions.revoke(context, caller.credentialId);
    });
    c.header("set-cookie", cookies.clearSession());
    return c.redirect(`${base}/auth/signed-out`, 303);
  });

  app.get("/auth/signed-out", (c) => show(c, pages.signedOut()));

  return app;
}

/** The person whose browser this is, or undefined. */
async function callerOf({ domain, cookies }: AuthDoor, c: AuthContext): Promise<UserCaller | undefined> {
  const token = cookies.readSession(c.req.header("cookie"));
  if (token === undefined) return undefined;
  try {
    return await domain.principals.authenticateSession(token);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/**
 * What comes of a call for the person whose browser this is; undefined when nobody is signed in, or not any more: the session
 * may be revoked, and its user removed, between the look at the cookie and the call.
 */
export async function whileSignedIn<T>(
  door: AuthDoor,
  c: AuthContext,
  run: (caller: UserCaller) => Promise<T>,
): Promise<T | undefined> {
  const caller = await callerOf(door, c);
  if (!caller) return undefined;
  try {
    return await run(caller);
  } catch (error) {
    if (error instanceof ServiceError && (error.code === "unauthenticated" || error.code === "not_found"))
      return undefined;
    throw error;
  }
}

/** Whether a page of ours sent the form (https://www.w3.org/TR/fetch-metadata/; RFC 6454 for older browsers). */
export function isSameOrigin(c: AuthContext, publicUrl: string): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  return c.req.header("origin") === new URL(publicUrl).origin;
}
