/**
 * A Connect server as fast as the platform allows: what a host imports.
 */
export type { CallInfo } from "./call.ts";
export { type TransformJson, undecodableJson } from "./codec.ts";
export type { OnError } from "./hooks.ts";
export type { NodeHandlerFn, NodeServerRequest, NodeServerResponse } from "./node.ts";
export type { ProtocolName } from "./protocols.ts";
export { createTransport, type TransportOptions } from "./transport.ts";
