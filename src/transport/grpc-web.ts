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
import { readWhole, type UnaryProtocol } from "./protocol.ts";

/** gRPC-Web. */
export const grpcWebProtocol: UnaryProtocol = {
  open: openGrpc,

  check() {},

  async receive(call) {
    if (!call.wire.text) {
      return readOnlyMessage(call, await readWhole(call, "envelope"));
    }
    const bytes = decodeBase64Pieces(await readWhole(call, "base64"));
    if (bytes === undefined) {
      throw new ConnectError("protocol error: the body is not base64", Code.InvalidArgument);
    }
    return readOnlyMessage(call, bytes);
  },

  async succeed(call, message) {
    const data = await packEnvelope(call, 0, message);
    const trailers = await packTrailers(call, successTrailers(call));
    answer(call, Buffer.concat([data, trailers]), undefined);
  },

  async fail(call, error) {
    answer(call, await packTrailers(call, errorTrailers(call, error)), error);
  },
};

/** Trailers are the last envelope of the body, as the lines of a header block. */
function packTrailers(call: UnaryCall, trailers: FieldList): Promise<Buffer> | Buffer {
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
