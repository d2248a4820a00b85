import type { Interceptor } from "@connectrpc/connect";
import type { ReliabilityOptions } from "./reliable-transport.ts";

/** A bearer token, or what finds the current one before each call; without one, the call carries no credential. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

/** Where the server is, who calls, and how patiently. */
export interface ClientOptions extends ReliabilityOptions {
  /** Such as `https://sso.example.com` or `https://sso.example.com/api`. */
  readonly baseUrl: string;
  /** Who calls. */
  readonly token?: TokenSource | undefined;
  /** For an operator token: the organization of methods whose request names none. */
  readonly organizationId?: string | undefined;
  /** What else happens around each attempt of a call, outermost first: tracing, headers of your own. */
  readonly interceptors?: readonly Interceptor[] | undefined;
}

/** The interceptors that the options ask for: those of the caller, then the one that says who calls. */
export function interceptorsOf(options: ClientOptions): Interceptor[] {
  return [...(options.interceptors ?? []), identify(options)];
}

function identify({ token, organizationId }: ClientOptions): Interceptor {
  return (next) => async (request) => {
    const current = typeof token === "function" ? await token() : token;
    if (current !== undefined) request.header.set("authorization", `Bearer ${current}`);
    if (organizationId !== undefined) request.header.set("x-organization-id", organizationId);
    return next(request);
  };
}
