import { type DescMethodUnary, fromJson, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createOrganizationClient, errorDetail, type OrganizationClient } from "../client/node.ts";
import { DEFAULT_URL, findServer } from "./credentials.ts";
import { UsageError } from "./usage-error.ts";

/** Where the calling commands find the server and the credential. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly organization?: string;
}

/** A connection to the server's api. */
export class Connection {
  readonly #baseUrl: string;
  readonly #client: OrganizationClient;
  #organizationId: string | undefined;

  constructor(env: Readonly<Record<string, string | undefined>>, options: ConnectionOptions) {
    this.#organizationId = options.organization;
    const { url, token } = findServer(env, options);
    this.#baseUrl = url;
    if (!/^https?:\/\//.test(this.#baseUrl) || !URL.canParse(this.#baseUrl)) {
      throw new UsageError(`${this.#baseUrl} is no URL of a server: one such as ${DEFAULT_URL} is accepted`);
    }
    this.#client = createOrganizationClient({
      baseUrl: this.#baseUrl,
      token,
      organizationId: options.organization,
    });
  }

  /**
   * The organization to act in: the one that was named, or else the token's own.
   * @throws UsageError when there is neither.
   */
  async organizationId(): Promise<string> {
    this.#organizationId ??= (await this.#ask(this.#client.identity.getAuthenticatedIdentity({}))).organizationId;
    if (this.#organizationId === "") {
      throw new UsageError("the token belongs to no organization: name one with --organization");
    }
    return this.#organizationId;
  }

  /** Calls a method with proto3 JSON in and out. @throws UsageError when the request does not fit the message. */
  async call(method: DescMethodUnary, request: JsonObject): Promise<JsonValue> {
    const message = decode(method, request);
    const response = await this.#ask(this.#client.transport.unary(method, undefined, undefined, undefined, message));
    return toJson(method.output, response.message, { alwaysEmitImplicit: false });
  }

  /** What goes wrong before a server of ours answers says which one was meant. */
  async #ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof ConnectError) || errorDetail(error)) throw error;
      throw new ConnectError(`${this.#baseUrl}: ${error.rawMessage}`, error.code);
    }
  }
}

function decode(method: DescMethodUnary, request: JsonObject) {
  try {
    return fromJson(method.input, request);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
