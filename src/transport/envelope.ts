/**
 * Messages in envelopes: one byte of flags, four of length, the message. Shared by gRPC and gRPC-Web.
 */
import type { Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag } from "@connectrpc/connect/protocol";
import { trailerFlag } from "@connectrpc/connect/protocol-grpc-web";
import { envelopeHeadLength } from "./body.ts";
import type { UnaryCall } from "./call.ts";
import { type Payload, payloadBytes, payloadLength, readSizeError } from "./codec.ts";
import type { Maybe } from "./maybe.ts";
import { compressionFor } from "./protocol.ts";

interface Envelope {
  readonly flags: number;
  readonly data: Uint8Array;
  /** Offset behind the envelope. */
  readonly end: number;
}

/** `payload` in an envelope, compressed when the client takes that and it is worth it. */
export function packEnvelope(call: UnaryCall, flags: number, payload: Payload): Maybe<Buffer> {
  const compression = compressionFor(call, payload);
  if (compression === undefined) {
    return writeEnvelope(flags, payload);
  }
  return compression.compress(payloadBytes(payload)).then((bytes) => writeEnvelope(flags | compressedFlag, bytes));
}

/**
 * The one message of a request body.
 * @throws ConnectError `unimplemented` for none and for more than one, `invalid_argument` for a truncated envelope,
 *   `resource_exhausted` above readMaxBytes, and what decompression and codec throw
 */
export function readOnlyMessage(call: UnaryCall, bytes: Uint8Array): Maybe<Message> {
  const first = bytes.byteLength === 0 ? undefined : readEnvelope(bytes, 0, call.route.options.readMaxBytes);
  return first?.flags === 0 && first.end === bytes.byteLength
    ? call.route.codecs[call.wire.codec].parse(first.data)
    : readEnvelopes(call, bytes);
}

async function readEnvelopes(call: UnaryCall, bytes: Uint8Array): Promise<Message> {
  let message: Message | undefined;
  for (let at = 0; at < bytes.byteLength; ) {
    const envelope = readEnvelope(bytes, at, call.route.options.readMaxBytes);
    at = envelope.end;
    const isCompressed = (envelope.flags & compressedFlag) !== 0;
    const data = isCompressed ? await decompress(call, envelope.data) : envelope.data;
    if (call.wire.protocol === "grpc-web" && (envelope.flags & trailerFlag) !== 0) {
      continue;
    }
    const parsed = call.route.codecs[call.wire.codec].parse(data);
    if (message !== undefined) {
      throw new ConnectError("protocol error: received extra input message for unary method", Code.Unimplemented);
    }
    message = parsed;
  }
  if (message === undefined) {
    throw new ConnectError("protocol error: missing input message for unary method", Code.Unimplemented);
  }
  return message;
}

function writeEnvelope(flags: number, payload: Payload): Buffer {
  const length = payloadLength(payload);
  const bytes = Buffer.allocUnsafe(envelopeHeadLength + length);
  bytes[0] = flags;
  bytes.writeUInt32BE(length, 1);
  if (typeof payload === "string") {
    bytes.write(payload, envelopeHeadLength);
  } else {
    bytes.set(payload, envelopeHeadLength);
  }
  return bytes;
}

function readEnvelope(bytes: Uint8Array, at: number, readMaxBytes: number): Envelope {
  const start = at + envelopeHeadLength;
  if (start > bytes.byteLength) {
    throw incompleteError();
  }
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at + 1], bytes[at + 2], bytes[at + 3], bytes[at + 4]];
  const size = a * 2 ** 24 + ((b << 16) | (c << 8) | d);
  if (size > readMaxBytes) {
    throw readSizeError(size, readMaxBytes);
  }
  const end = start + size;
  if (end > bytes.byteLength) {
    throw incompleteError();
  }
  return { flags: bytes[at] ?? 0, data: bytes.subarray(start, end), end };
}

function decompress(call: UnaryCall, data: Uint8Array): Promise<Uint8Array> {
  if (call.requestCompression === undefined) {
    throw new ConnectError("received compressed envelope, but do not know how to decompress", Code.Internal);
  }
  return call.requestCompression.decompress(data, call.route.options.readMaxBytes);
}

function incompleteError(): ConnectError {
  return new ConnectError("protocol error: incomplete envelope", Code.InvalidArgument);
}
