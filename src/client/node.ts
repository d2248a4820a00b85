import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { type ClientsOf, clientsOver } from "./client.ts";
import { type ClientOptions, interceptorsOf } from "./options.ts";
import { createReliableTransport } from "./reliable-transport.ts";
import { SERVICES } from "./services.ts";

export type { ServiceClients } from "./client.ts";
export { errorDetail, type FieldViolation, fieldViolations, isReason, Reason } from "./errors.ts";
export type { ClientOptions, TokenSource } from "./options.ts";
export { type ItemOf, items, itemsOf, type ListMethod, type ListRequest, type ListResponse, pages } from "./pages.ts";
export type { ReliabilityOptions, RetryOptions } from "./reliable-transport.ts";

/** How a client for Node.js calls. */
export interface NodeClientOptions extends ClientOptions {
  /** Default `connect`, over HTTP/1.1 like `grpc-web`; `grpc` needs HTTP/2 all the way to the server. */
  readonly protocol?: "connect" | "grpc" | "grpc-web" | undefined;
}

/** A client of every service, each under its own name. */
export type OrganizationClient = ClientsOf<typeof SERVICES>;

/** A client for Node.js. */
export function createOrganizationClient(options: NodeClientOptions): OrganizationClient {
  return clientsOver(SERVICES, createReliableTransport(createTransport(options), options));
}

function createTransport(options: NodeClientOptions): Transport {
  const { baseUrl, protocol = "connect" } = options;
  const common = { baseUrl, interceptors: interceptorsOf(options), useBinaryFormat: true };
  if (protocol === "grpc") return createGrpcTransport(common);
  const create = protocol === "grpc-web" ? createGrpcWebTransport : createConnectTransport;
  return create({ ...common, httpVersion: "1.1" });
}
