import { createConnectTransport } from "@connectrpc/connect-node";
import { type ClientOptions, clientsOver, identify, type OrganizationClient } from "./client.ts";

export type { ClientOptions, OrganizationClient } from "./client.ts";
export { errorDetail, isReason, Reason } from "./errors.ts";
export { pages } from "./pages.ts";

/** A client for Node.js, over Connect. */
export function createOrganizationClient(options: ClientOptions): OrganizationClient {
  return clientsOver(
    createConnectTransport({
      baseUrl: options.baseUrl,
      httpVersion: "1.1",
      interceptors: [identify(options)],
    }),
  );
}
