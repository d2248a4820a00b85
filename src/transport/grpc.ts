/**
 * Unary calls of gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), over HTTP/2 and HTTP/1.1.
 */
import type { ConnectError } from "@connectrpc/connect";
import { parseTimeout, setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import type { UnaryCall } from "./call.ts";
import { packEnvelope, readOnlyMessage } from "./envelope.ts";
import { type FieldList, fieldsOf } from "./headers.ts";
import { andThen } from "./maybe.ts";
import { headOf, negotiateCompression, readWhole, requestField, takeTimeout, type UnaryProtocol } from "./protocol.ts";

/** gRPC. */
export const grpcProtocol: UnaryProtocol = {
  open: openGrpc,

  check() {},

  receive(call) {
    return andThen(readWhole(call, "envelope"), (bytes) => readOnlyMessage(call, bytes));
  },

  succeed(call, message) {
    const trailers = successTrailers(call);
    return andThen(packEnvelope(call, 0, message), (body) => answer(call, body, trailers, undefined));
  },

  fail(call, error) {
    answer(call, undefined, errorTrailers(call, error), error);
  },
};

/** Reads deadline and compression; the same in gRPC and gRPC-Web. */
export function openGrpc(call: UnaryCall): void {
  const encoding = requestField(call, "grpc-encoding");
  const accepted = requestField(call, "grpc-accept-encoding");
  negotiateCompression(call, encoding, accepted, "grpc-accept-encoding");
  const timeout = requestField(call, "grpc-timeout");
  if (timeout !== undefined) {
    takeTimeout(call, parseTimeout(timeout, call.route.options.maxTimeoutMs));
  }
}

/** The response headers, with the compression that messages may use. */
export function grpcHead(call: UnaryCall): FieldList {
  const head = headOf(call, call.wire.header["content-type"]);
  if (call.responseCompression !== undefined) {
    head.push("grpc-encoding", call.responseCompression.name);
  }
  return head;
}

/** The trailers of a success. */
export function successTrailers(call: UnaryCall): FieldList {
  if (!call.responseTrailer.isBuilt) {
    return ["grpc-status", "0"];
  }
  setTrailerStatus(call.responseTrailer, undefined);
  return fieldsOf(call.responseTrailer);
}

/** The trailers of a failure: status, message, details, and the metadata of the error. */
export function errorTrailers(call: UnaryCall, error: ConnectError): FieldList {
  setTrailerStatus(call.responseTrailer, error);
  call.responseTrailer.set("grpc-message", encodeGrpcMessage(error.rawMessage));
  return fieldsOf(call.responseTrailer);
}

/**
 * A message as `grpc-message` carries it: what is no printable ASCII, and the percent sign, as percent-encoded UTF-8
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Percent-Encoded). Clients that decode no more than
 * that would show whatever else is encoded.
 */
export function encodeGrpcMessage(message: string): string {
  return message.toWellFormed().replace(/^ +| +$|[^\x20-\x24\x26-\x7e]+/g, encodeURIComponent);
}

function answer(call: UnaryCall, body: Buffer | undefined, trailers: FieldList, error: ConnectError | undefined): void {
  call.answer({ status: 200, head: grpcHead(call), body, sized: false, trailers }, error);
}
