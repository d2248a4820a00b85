import type { Records, ScimConfigurationRecord } from "../../storage/storage.ts";
import type { Environment } from "../environment.ts";
import type { Context } from "../principals.ts";

/** A request that a SCIM configuration's token was accepted for. */
export interface ScimSession {
  readonly configuration: ScimConfigurationRecord;
  readonly requestId: string;
  /** SCIM base URL of the configuration, without a slash at its end. */
  readonly baseUrl: string;
}

/** What an operation works with: a session, and the records of its transaction or of reading. */
export interface Work extends ScimSession {
  readonly environment: Environment;
  readonly records: Records;
}

/** The SCIM base URL of a configuration. */
export function scimBaseUrl(publicUrl: string, configurationId: string): string {
  return `${publicUrl}/scim/v2/${configurationId}`;
}

/** The context in which the configuration changes something. */
export function contextOf({ configuration, requestId }: ScimSession, action: string): Context {
  const { id: configurationId, organizationId } = configuration;
  return { caller: { kind: "scim", configurationId, organizationId }, requestId, action };
}
