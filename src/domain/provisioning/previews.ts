import { notFound } from "../../lib/errors.ts";
import type { Environment } from "../environment.ts";
import { type Context, scopeOf } from "../principals.ts";
import { readPath } from "./bulk.ts";
import type { Changes, ScimResult } from "./changes.ts";
import { DeprovisioningHeld } from "./deprovisioning-guard.ts";
import { ScimError } from "./errors.ts";
import type { ScimOperation } from "./operations.ts";
import { type ScimSession, scimBaseUrl } from "./session.ts";

/** What a request would do, and would be answered with, if it came now. */
export interface ScimPreview {
  readonly status: number;
  readonly detail: string;
  readonly scimType: string;
  readonly normalizations: readonly { readonly code: string; readonly path: string }[];
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

/** A request as somebody pastes it. */
export interface PreviewedRequest {
  readonly scimConfigurationId: string;
  readonly method: string;
  /** Below the base URL, such as `/Users/<id>`. */
  readonly path: string;
  readonly body: unknown;
}

/**
 * Makes the function that tells what a change would do.
 * @returns one that throws ServiceError `not_found` (configuration).
 */
export function createPreviews({ storage, settings }: Environment, changes: Changes) {
  return async function preview(context: Context, request: PreviewedRequest): Promise<ScimPreview> {
    const { scimConfigurationId, method } = request;
    const configuration = await storage.read.scimConfigurations.get(scopeOf(context.caller), scimConfigurationId);
    if (!configuration) throw notFound("SCIM configuration");
    const baseUrl = scimBaseUrl(settings.publicUrl, configuration.id);
    const session: ScimSession = { configuration, requestId: context.requestId, baseUrl };
    try {
      return toPreview(method, await changes.rehearse(session, toOperation(request)));
    } catch (error) {
      if (error instanceof ScimError) return toFailure(error);
      if (error instanceof DeprovisioningHeld)
        return toFailure(new ScimError(429, "An admin would have to approve it."));
      throw error;
    }
  };
}

const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

function toOperation({ method, path, body }: PreviewedRequest): ScimOperation {
  const name = method.toUpperCase();
  if (!METHODS.has(name)) throw new ScimError(400, "A preview takes POST, PUT, PATCH and DELETE.");
  const { type, id } = readPath(path.split("?")[0], name);
  return { method: name as ScimOperation["method"], type, id, data: body, ifMatch: undefined };
}

function toPreview(method: string, { normalizations, before, after, body }: ScimResult): ScimPreview {
  const status = method.toUpperCase() === "POST" ? 201 : body ? 200 : 204;
  return { status, detail: "", scimType: "", normalizations, before, after };
}

function toFailure(error: ScimError): ScimPreview {
  const { status, message: detail, scimType = "" } = error;
  return { status, detail, scimType, normalizations: [], before: undefined, after: undefined };
}
