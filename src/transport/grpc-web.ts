/**
 * Unary calls of gRPC-Web (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md), binary and text.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import { trailerFlag } from "@connectrpc/connect/protocol-grpc-web";
import { decodeBase64Pieces } from "./base64.ts";
import type { UnaryCall } from "./call.ts";
import { packEnvelope, readOnlyMessage } from "./envelope.ts";
import { errorTrailers, grpcHead, openGrpc, successTrailers } from "./grpc.ts";
import type { FieldList } from "./headers.ts";
import { andThen, type Maybe } from "./maybe.ts";
import { readWhole, type UnaryProtocol } from "./protocol.ts";

/** gRPC-Web. */
export const grpcWebProtocol: UnaryProtocol = {
  open: openGrpc,

  check() {},

  receive(call) {
    return call.wire.text
      ? andThen(readWhole(call, "base64"), (text) => readOnlyMessage(call, fromBase64(text)))
      : andThen(readWhole(call, "envelope"), (bytes) => readOnlyMessage(call, bytes));
  },

  succeed(call, message) {
    return andThen(packEnvelope(call, 0, message), (data) =>
      andThen(packTrailers(call, successTrailers(call)), (trailers) =>
        answer(call, Buffer.concat([data, trailers]), undefined),
      ),
    );
  },

  fail(call, error) {
    return andThen(packTrailers(call, errorTrailers(call, error)), (trailers) => answer(call, trailers, error));
  },
};

function fromBase64(text: Uint8Array): Uint8Array {
  const bytes = decodeBase64Pieces(text);
  if (bytes === undefined) {
    throw new ConnectError("protocol error: the body is not base64", Code.InvalidArgument);
  }
  return bytes;
}

/** Trailers are the last envelope of the body, as the lines of a header block. */
function packTrailers(call: UnaryCall, trailers: FieldList): Maybe<Buffer> {
  let block = "";
  for (let i = 0; i + 1 < trailers.length; i += 2) {
    block += `${trailers[i]}: ${trailers[i + 1]}\r\n`;
  }
  return packEnvelope(call, trailerFlag, block);
}

function answer(call: UnaryCall, bytes: Buffer, error: ConnectError | undefined): void {
  const body = call.wire.text ? bytes.toString("base64") : bytes;
  call.answer({ status: 200, head: grpcHead(call), body, sized: true, trailers: undefined }, error);
}
