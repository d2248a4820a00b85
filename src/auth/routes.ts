import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context as HonoContext } from "hono";
import { SignInRefusal } from "../domain/sign-ins/reasons.ts";
import type { SignInRequest } from "../domain/sign-ins.ts";
import type { NodeRequest } from "../http/node-http.ts";
import { requestRecord } from "../http/record.ts";
import { createRateLimiter } from "../lib/rate-limit.ts";
import { StorageUnavailableError } from "../storage/storage.ts";
import { cliLoginRoutes } from "./cli-login.ts";
import { createCookies } from "./cookies.ts";
import type { AuthDoorOptions } from "./door.ts";
import { oidcRoutes } from "./oidc.ts";
import { createPages, type Html } from "./pages.ts";
import { type Explanation, explain, NO_PAGE, TOO_MANY, UNAVAILABLE } from "./sentences.ts";
import { sessionRoutes } from "./session.ts";
import { signInRoutes } from "./sign-in.ts";
import { STYLESHEET_SOURCE } from "./stylesheet.ts";

/** What the handlers of the door share. */
export interface AuthDoor extends AuthDoorOptions {
  readonly cookies: ReturnType<typeof createCookies>;
  readonly pages: ReturnType<typeof createPages>;
  /** The path of the public URL, before `/auth`; empty for most. */
  readonly base: string;
  /** Refuses when the address has asked too often. */
  limit(c: AuthContext): Response | Promise<Response> | undefined;
  /** A page that says what went wrong. */
  fail(c: AuthContext, explanation: Explanation, retryUrl?: string): Response | Promise<Response>;
}

export type AuthEnv = { Bindings: HttpBindings };
export type AuthContext = HonoContext<AuthEnv>;

/** Addresses that are remembered by the rate limit. */
const MAX_ADDRESSES = 100_000;

/** Every page of the door, and what surrounds them all. Answers a request. */
export function createRoutes(
  options: AuthDoorOptions,
): (request: Request, env: HttpBindings) => Response | Promise<Response> {
  const { clock, publicUrl, signInsPerMinute } = options;
  const base = new URL(publicUrl).pathname.replace(/\/$/, "");
  const pages = createPages(base);
  const rate = { burst: signInsPerMinute, perSecond: signInsPerMinute / 60, keys: MAX_ADDRESSES };
  const limiter = createRateLimiter(clock, rate);
  const door: AuthDoor = {
    ...options,
    base,
    pages,
    cookies: createCookies(publicUrl),
    limit(c) {
      const seconds = limiter.take(requestRecord(incoming(c)).clientAddress ?? "");
      if (seconds === 0) return undefined;
      c.header("retry-after", String(Math.ceil(seconds)));
      return door.fail(c, TOO_MANY);
    },
    fail(c, explanation, retryUrl = `${base}/auth/sign-in`) {
      return c.html(pages.failure(explanation, requestRecord(incoming(c)).id, retryUrl), explanation.status);
    },
  };

  const app = new Hono<AuthEnv>();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headersOf(publicUrl))) c.res.headers.set(name, value);
  });
  app.route("/", oidcRoutes(door));
  app.route("/", signInRoutes(door));
  app.route("/", sessionRoutes(door));
  app.route("/", cliLoginRoutes(door));
  app.notFound((c) => door.fail(c, NO_PAGE));
  app.onError((error, c) => {
    if (error instanceof SignInRefusal) return door.fail(c, explain(error));
    // Whole into the log line, and not into the page.
    requestRecord(incoming(c)).error = error;
    if (error instanceof StorageUnavailableError) {
      c.header("retry-after", "5");
      return door.fail(c, UNAVAILABLE);
    }
    return door.fail(c, explain({ reason: "internal", missingClaim: undefined }));
  });

  return (request, env) => answer(app, request, env);
}

/** Nothing here answers HEAD: a program that looks at a link must not use up the sign-in in it. */
function answer(app: Hono<AuthEnv>, request: Request, env: HttpBindings): Response | Promise<Response> {
  if (request.method === "GET" || request.method === "POST") return app.fetch(request, env);
  return new Response(null, { status: 405, headers: { allow: "GET, POST" } });
}

/** The request as the server knows it. */
export function incoming(c: AuthContext): NodeRequest {
  return c.env.incoming as NodeRequest;
}

/** A request of a browser, as the domain wants to know it. */
export function signInRequest(c: AuthContext): SignInRequest {
  const { id, clientAddress } = requestRecord(incoming(c));
  return { requestId: id, browser: { userAgent: c.req.header("user-agent") ?? "", ipAddress: clientAddress ?? "" } };
}

/** A page with status 200. */
export function show(c: AuthContext, content: Html): Response | Promise<Response> {
  return c.html(content);
}

/**
 * `form-action` is for the forms alone: they end on pages of ours. Browsers would hold a redirect of theirs against it, so a
 * sign-in begins by a link.
 */
function headersOf(publicUrl: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    `style-src ${STYLESHEET_SOURCE}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    ...(publicUrl.startsWith("https:") && { "strict-transport-security": "max-age=31536000" }),
  };
}
