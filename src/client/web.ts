import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { OrganizationService } from "../../gen/client/gitpod/v1/organization_service_pb.ts";
import { type ClientsOf, clientsOver } from "./client.ts";
import { type ClientOptions, interceptorsOf } from "./options.ts";
import { createReliableTransport } from "./reliable-transport.ts";

export type { ServiceClients } from "./client.ts";
export { errorDetail, type FieldViolation, fieldViolations, isReason, Reason } from "./errors.ts";
export type { ClientOptions, TokenSource } from "./options.ts";
export { type ItemOf, items, itemsOf, type ListMethod, type ListRequest, type ListResponse, pages } from "./pages.ts";
export type { ReliabilityOptions, RetryOptions } from "./reliable-transport.ts";

/** How a client for browsers calls. */
export interface WebClientOptions extends ClientOptions {
  /** Default `grpc-web`. `connect` speaks JSON, which the network panel of a browser shows. */
  readonly protocol?: "grpc-web" | "connect" | undefined;
  /** Whether cookies go along. Default `same-origin`: pages of the server itself act with the session of whoever signed in. */
  readonly credentials?: "omit" | "same-origin" | "include" | undefined;
  /** What makes requests, in place of the browser's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** A client of OrganizationService by name, and of the other services by `service(…)`, so that a bundle has no more than is used. */
export type OrganizationClient = ClientsOf<{ readonly organization: typeof OrganizationService }>;

/** A client for browsers. */
export function createOrganizationClient(options: WebClientOptions): OrganizationClient {
  const transport = createReliableTransport(createTransport(options), options);
  return clientsOver({ organization: OrganizationService }, transport);
}

function createTransport(options: WebClientOptions): Transport {
  const create = options.protocol === "connect" ? createConnectTransport : createGrpcWebTransport;
  return create({ baseUrl: options.baseUrl, interceptors: interceptorsOf(options), fetch: createFetch(options) });
}

/** Adds the credentials mode, and gives a server that cannot be reached the code that says so. */
function createFetch({ fetch, credentials = "same-origin" }: WebClientOptions): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      return await (fetch ?? globalThis.fetch)(input, { ...init, credentials });
    } catch (error) {
      // Fetch standard, "fetch method": a network error is a TypeError, and an aborted call is none.
      if (!(error instanceof TypeError)) throw error;
      throw new ConnectError(error.message, Code.Unavailable, undefined, undefined, error);
    }
  };
}
