import { errorBody, ScimError } from "../domain/provisioning/errors.ts";
import { requestRecord } from "../http/record.ts";
import { StorageUnavailableError } from "../storage/storage.ts";
import type { ScimContext } from "./state.ts";

/** The content type of every answer, without a charset (RFC 7644, section 8.1). */
export const SCIM_JSON = "application/scim+json";

/** An answer with a JSON body. */
export function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headers, "content-type": SCIM_JSON } });
}

/** An answer without a body. */
export function answerNothing(status: 204 | 304, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers });
}

/** The answer to whatever a route has thrown. A fault of ours says no more than the request's id. */
export function answerError(error: unknown, c: ScimContext, headers: Readonly<Record<string, string>> = {}): Response {
  const refusal = toScimError(error, c);
  c.set("failure", { scimType: refusal.scimType ?? "", detail: refusal.message });
  return answer(refusal.status, errorBody(refusal), { ...headers, ...headersOf(refusal) });
}

function toScimError(error: unknown, c: ScimContext): ScimError {
  if (error instanceof ScimError) return error;
  const record = requestRecord(c.env.incoming);
  record.error ??= error;
  if (error instanceof StorageUnavailableError) {
    return new ScimError(503, "The service is not available now: try again.", { retryAfterSeconds: 5 });
  }
  return new ScimError(500, `Internal error; the log has it under request id ${record.id}.`);
}

function headersOf({ status, retryAfterSeconds }: ScimError): Record<string, string> {
  return {
    ...(status === 401 && { "www-authenticate": "Bearer" }),
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  };
}
