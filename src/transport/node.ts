/**
 * The shapes of Node's request listeners, for HTTP/1.1 and HTTP/2 alike, as connect-node has them.
 */
import type { connectNodeAdapter } from "@connectrpc/connect-node";

/** A request listener for `node:http`, `node:https` and `node:http2`. */
export type NodeHandlerFn = ReturnType<typeof connectNodeAdapter>;

/** A request of any of these modules. */
export type NodeServerRequest = Parameters<NodeHandlerFn>[0];

/** A response of any of these modules. */
export type NodeServerResponse = Parameters<NodeHandlerFn>[1];
