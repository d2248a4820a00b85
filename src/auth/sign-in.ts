import { Hono } from "hono";
import type { Login } from "../domain/logins.ts";
import { checkReturnTo } from "../domain/return-to.ts";
import { SignInRefusal } from "../domain/sign-ins/reasons.ts";
import { ServiceError } from "../lib/errors.ts";
import { canonicalUuid } from "../lib/ids.ts";
import type { Destination } from "./pages.ts";
import { type AuthDoor, type AuthEnv, show } from "./routes.ts";

/** More ways than this are not offered: nobody reads so many. */
const MAX_LOGINS = 50;

const UNKNOWN =
  "No organization signs people with this email address in. Check how it is spelled, or ask an administrator of your organization.";

/** The page that asks for an email, and the choice among several ways. */
export function signInRoutes(door: AuthDoor): Hono<AuthEnv> {
  const { pages, base } = door;
  const app = new Hono<AuthEnv>();

  app.get("/auth", (c) => c.redirect(`${base}/auth/sign-in`, 302));
  app.get("/auth/", (c) => c.redirect(`${base}/auth/sign-in`, 302));

  app.get("/auth/sign-in", async (c) => {
    const { email: given, return_to: returnTo, invite: inviteId } = c.req.query();
    const destination = { returnTo, inviteId };
    const email = given?.trim();
    if (!email && inviteId === undefined) return show(c, pages.signIn(destination));
    const refused = door.limit(c);
    if (refused) return refused;
    const logins = await findLogins(door, email ?? "", destination);
    const [login] = logins;
    if (!login) return c.html(pages.signIn(destination, email ?? "", email ? UNKNOWN : undefined), email ? 404 : 200);
    return show(c, logins.length === 1 ? pages.goOn(login) : pages.choose(logins, email ?? ""));
  });

  return app;
}

/**
 * The ways in which an email (or whoever has the invite) signs in, each with where it is to lead.
 * @throws SignInRefusal `return_to_refused`.
 */
export async function findLogins(
  { domain, publicUrl, returnToAllowList }: AuthDoor,
  email: string,
  { returnTo, inviteId }: Destination,
): Promise<readonly Login[]> {
  if (returnTo !== undefined) requireReturnTo({ publicUrl, returnToAllowList }, returnTo);
  const invite = inviteId === undefined ? undefined : canonicalUuid(inviteId);
  const filter = { inviteId: invite, email: email === "" ? undefined : email };
  const { items } = await domain.logins.listProviders(filter, { limit: MAX_LOGINS });
  const along = query({ return_to: returnTo, invite });
  return items.map((login) => ({ ...login, loginUrl: `${login.loginUrl}${along === "" ? "" : `&${along}`}` }));
}

/** The sign-in page, with what it was to lead to. */
export function signInUrl(base: string, { returnTo, inviteId }: Destination, email?: string): string {
  const along = query({ email, return_to: returnTo, invite: inviteId });
  return `${base}/auth/sign-in${along === "" ? "" : `?${along}`}`;
}

/** Where a sign-in through the configuration begins again. */
export function retryUrl(base: string, configurationId: string | undefined): string {
  if (configurationId === undefined) return `${base}/auth/sign-in`;
  return `${base}/auth/oidc/start?configuration=${configurationId}`;
}

function requireReturnTo(settings: Parameters<typeof checkReturnTo>[0], returnTo: string): void {
  try {
    checkReturnTo(settings, returnTo);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new SignInRefusal("return_to_refused", "return_to leads to another origin");
  }
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const present = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(present).toString();
}
