/**
 * A Connect server as fast as the platform allows: what a host imports.
 */

export { attachToHttp2 } from "./attach.ts";
export type { CallInfo } from "./call.ts";
export { type TransformJson, undecodableJson } from "./codec.ts";
export { encodeGrpcMessage } from "./grpc.ts";
export type { OnError } from "./hooks.ts";
export type { NodeHandlerFn, NodeServerRequest, NodeServerResponse } from "./node.ts";
export type { ProtocolName } from "./protocols.ts";
export { createTransport, type Transport, type TransportOptions } from "./transport.ts";
