import { newId } from "../../src/lib/ids.ts";
import { createToken, hashToken } from "../../src/lib/tokens.ts";
import type { ScimConfigurationRecord } from "../../src/storage/storage.ts";
import type { TestServer } from "../support/server.ts";

/** One answer. */
export interface ScimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

/** A directory that provisions: a configuration of an organization and its token. */
export interface ScimClient {
  readonly organizationId: string;
  readonly configurationId: string;
  readonly token: string;
  readonly baseUrl: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<ScimAnswer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
  delete(path: string, headers?: Record<string, string>): Promise<ScimAnswer>;
  /** The same directory, at another replica. */
  at(server: TestServer): ScimClient;
}

/** Adds an enabled configuration to a new organization, or to the given one. */
export async function addDirectory(
  server: TestServer,
  changes: Partial<ScimConfigurationRecord> = {},
): Promise<ScimClient> {
  const organizationId = changes.organizationId ?? (await server.createOrganization());
  const token = createToken("scim");
  const now = server.clock.now();
  const configuration: ScimConfigurationRecord = {
    id: newId(),
    organizationId,
    name: "Directory",
    enabled: true,
    ssoConfigurationId: undefined,
    allowUnverifiedEmailAccountLinking: false,
    tokenHash: hashToken(token),
    tokenExpiresAt: now + 365 * 86_400_000,
    tokenLifetime: 365 * 86_400,
    tokenLastUsedAt: undefined,
    createdAt: now,
    updatedAt: now,
    ...changes,
  };
  await server.storage.write((records) => records.scimConfigurations.insert(configuration));
  return createClient(server, organizationId, configuration.id, token);
}

/** A client of a configuration. */
export function createClient(
  server: TestServer,
  organizationId: string,
  configurationId: string,
  token: string,
): ScimClient {
  const baseUrl = `${server.url}/scim/v2/${configurationId}`;
  async function request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/scim+json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === "" ? undefined : JSON.parse(text),
    };
  }
  return {
    organizationId,
    configurationId,
    token,
    baseUrl,
    request,
    get: (path, headers) => request("GET", path, undefined, headers),
    post: (path, body, headers) => request("POST", path, body, headers),
    put: (path, body, headers) => request("PUT", path, body, headers),
    patch: (path, body, headers) => request("PATCH", path, body, headers),
    delete: (path, headers) => request("DELETE", path, undefined, headers),
    at: (other) => createClient(other, organizationId, configurationId, token),
  };
}

export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** The body of a PATCH. */
export function patchOp(...operations: readonly unknown[]) {
  return { schemas: [PATCH_SCHEMA], Operations: operations };
}

/** The body of a user. */
export function user(userName: string, more: Record<string, unknown> = {}) {
  return { schemas: [USER_SCHEMA], userName, ...more };
}
