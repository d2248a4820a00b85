import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { type Caller, credentialMissing, type Principals } from "../domain/principals.ts";
import { invalidField, ServiceError } from "../lib/errors.ts";
import { canonicalUuid } from "../lib/ids.ts";
import { setCaller } from "./call.ts";
import type { Policy } from "./policy.ts";

/** Runs on the headers alone. */
export type Gate = (call: HandlerContext) => Promise<void>;

const BEARER = /^Bearer +([^\s]+) *$/i;

/**
 * Authenticates before the body is read and decoded, so that a stranger learns nothing about the schema. Methods that
 * anyone may call ignore a credential: clients send the one they have.
 */
export function createGate(principals: Principals, policies: ReadonlyMap<DescMethod, Policy>): Gate {
  return async (call) => {
    if (call.requestMethod === "GET" && holdsSecret(call.method.input)) throw getRefused();
    if (policies.get(call.method)?.caller === "anyone") return;
    const header = call.requestHeader.get("authorization");
    if (header === null) throw credentialMissing();
    const token = BEARER.exec(header)?.[1];
    if (token === undefined) {
      throw new ServiceError(
        "credential_invalid",
        "the Authorization header is not understood: send `Authorization: Bearer <token>`",
      );
    }
    const caller = await principals.authenticate(token);
    setCaller(call.values, withOrganization(caller, call.requestHeader.get("x-organization-id")));
  };
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
      (field) => field.proto.options?.debugRedact === true || (field.message !== undefined && holdsSecret(field.message)),
    );
    secretive.set(desc, answer);
  }
  return answer;
}

/** The header names the operator's organization; a user has exactly one, and the header changes nothing about that. */
function withOrganization(caller: Caller, header: string | null): Caller {
  if (caller.kind !== "operator" || header === null) return caller;
  const organizationId = canonicalUuid(header.trim());
  if (organizationId === undefined) {
    throw invalidField("x-organization-id", "string.uuid", "must be a UUID: the id of an organization");
  }
  return { ...caller, organizationId };
}
