import { type DescMethodUnary, fromJson, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { createOrganizationClient, type OrganizationClient } from "../client/node.ts";

/** Where the calling commands find the server and the credential. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly organization?: string;
}

export const DEFAULT_URL = "http://localhost:8080";

/** A connection to the server's api. */
export class Connection {
  readonly #client: OrganizationClient;
  #organizationId: string | undefined;

  constructor(env: Readonly<Record<string, string | undefined>>, options: ConnectionOptions) {
    this.#organizationId = options.organization;
    this.#client = createOrganizationClient({
      baseUrl: options.url ?? env.ORGANIZATION_SERVICE_URL ?? DEFAULT_URL,
      token: env.ORGANIZATION_SERVICE_TOKEN,
      organizationId: options.organization,
    });
  }

  /** The organization to act in: the one that was named, or else the token's own. */
  async organizationId(): Promise<string> {
    this.#organizationId ??= (await this.#client.identity.getAuthenticatedIdentity({})).organizationId;
    return this.#organizationId;
  }

  /** Calls a method with proto3 JSON in and out. @throws Error when the request does not fit the message. */
  async call(method: DescMethodUnary, request: JsonObject): Promise<JsonValue> {
    const message = fromJson(method.input, request);
    const response = await this.#client.transport.unary(method, undefined, undefined, undefined, message);
    return toJson(method.output, response.message, { alwaysEmitImplicit: false });
  }
}
