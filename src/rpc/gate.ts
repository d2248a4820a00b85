import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { type Caller, credentialMissing, type Principals } from "../domain/principals.ts";
import { sessionCookieName } from "../domain/sessions.ts";
import { readCookie } from "../lib/cookies.ts";
import { invalidField, ServiceError } from "../lib/errors.ts";
import { canonicalUuid } from "../lib/ids.ts";
import { connectionOf, setCaller } from "./call.ts";
import { authorize, type Policy } from "./policy.ts";

/** Runs on the headers alone. */
export type Gate = (call: HandlerContext) => Promise<void> | undefined;

const BEARER = /^Bearer +([^\s]+) *$/i;

/**
 * Authenticates before the body is read and decoded, so that a stranger learns nothing about the schema. Methods that
 * anyone may call ignore a credential: clients send the one they have.
 */
export function createGate(principals: Principals, policies: ReadonlyMap<DescMethod, Policy>, publicUrl: string): Gate {
  const cookie = sessionCookieName(publicUrl);
  const origin = new URL(publicUrl).origin;

  // Nearly all calls of a connection carry the same token; hashing it costs as much as the rest of authentication.
  const lastTokens = new WeakMap<object, { readonly header: string; readonly hash: string }>();

  function hashOf(header: string, connection: object | undefined): string {
    const last = connection && lastTokens.get(connection);
    if (last?.header === header) return last.hash;
    const hash = principals.hashOf(bearerToken(header));
    if (connection) lastTokens.set(connection, { header, hash });
    return hash;
  }

  function authenticate(headers: Headers, connection: object | undefined): Promise<Caller> {
    const header = headers.get("authorization");
    if (header !== null) {
      const organization = headers.get("x-organization-id");
      const caller = principals.authenticate(hashOf(header, connection));
      return organization === null ? caller : caller.then((known) => withOrganization(known, organization));
    }
    const session = readCookie(headers.get("cookie"), cookie);
    if (session === undefined) throw credentialMissing();
    refuseCrossSite(headers, origin);
    return principals.authenticateSession(session);
  }

  return (call) => {
    if (call.requestMethod === "GET" && holdsSecret(call.method.input)) throw getRefused();
    const policy = policies.get(call.method);
    if (policy?.caller === "anyone") return undefined;
    return authenticate(call.requestHeader, connectionOf(call.values)).then((caller) => {
      setCaller(call.values, caller);
      // A stream may run without a single message, and messages are what is checked behind the gate.
      if (policy && call.method.methodKind !== "unary") authorize(policy, caller);
    });
  };
}

function bearerToken(header: string): string {
  const token = BEARER.exec(header)?.[1];
  if (token !== undefined) return token;
  throw new ServiceError(
    "credential_invalid",
    "the Authorization header is not understood: send `Authorization: Bearer <token>`",
  );
}

/**
 * A cookie comes along with requests that other sites make, so it counts only for requests of our own pages. Browsers say
 * where a request comes from (https://www.w3.org/TR/fetch-metadata/, and Origin in RFC 6454); one that does not is refused.
 */
function refuseCrossSite(headers: Headers, origin: string): void {
  const site = headers.get("sec-fetch-site");
  const sameOrigin = site === null ? headers.get("origin") === origin : site === "same-origin";
  if (sameOrigin) return;
  throw new ServiceError(
    "cross_site_request",
    "a session counts only for requests of this server's own pages: call with an api token instead",
  );
}

function getRefused(): ServiceError {
  return new ServiceError("unimplemented", "send a POST: the request holds a secret, and URLs end up in logs");
}

const secretive = new Map<DescMessage, boolean>();

/** Whether a message, or one within it, has a field that the schema marks `debug_redact`. */
function holdsSecret(desc: DescMessage): boolean {
  let answer = secretive.get(desc);
  if (answer === undefined) {
    // Before its fields: a message may hold itself.
    secretive.set(desc, false);
    answer = desc.fields.some(
      (field) =>
        field.proto.options?.debugRedact === true || (field.message !== undefined && holdsSecret(field.message)),
    );
    secretive.set(desc, answer);
  }
  return answer;
}

/** The header names the operator's organization; a user has exactly one, and the header changes nothing about that. */
function withOrganization(caller: Caller, header: string): Caller {
  if (caller.kind !== "operator") return caller;
  const organizationId = canonicalUuid(header.trim());
  if (organizationId === undefined) {
    throw invalidField("x-organization-id", "string.uuid", "must be a UUID: the id of an organization");
  }
  return { ...caller, organizationId };
}
