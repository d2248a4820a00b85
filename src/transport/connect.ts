/**
 * Unary calls of the Connect protocol (https://connectrpc.com/docs/protocol), POST and GET.
 */
import { base64Decode } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import { mergeNonProtocolHeaders } from "@connectrpc/connect/protocol";
import { codeToHttpStatus, errorToJson, parseTimeout } from "@connectrpc/connect/protocol-connect";
import type { UnaryCall } from "./call.ts";
import { checkReadSize, type Payload, payloadBytes } from "./codec.ts";
import { type FieldList, fieldsOf } from "./headers.ts";
import { andThen, type Maybe } from "./maybe.ts";
import {
  compressionFor,
  contentLengthOf,
  headOf,
  negotiateCompression,
  readWhole,
  requestField,
  takeTimeout,
  type UnaryProtocol,
} from "./protocol.ts";

const jsonType = "application/json";

/** The Connect protocol. */
export const connectProtocol: UnaryProtocol = {
  open(call) {
    const timeout = requestField(call, "connect-timeout-ms");
    const { query } = call;
    const encoding = query === undefined ? requestField(call, "content-encoding") : query.get("compression");
    negotiateCompression(call, encoding, requestField(call, "accept-encoding"), "accept-encoding");
    if (timeout !== undefined) {
      takeTimeout(call, parseTimeout(timeout, call.route.options.maxTimeoutMs));
    }
  },

  check(call) {
    if (call.route.options.requireConnectProtocolHeader) {
      requireVersion(call);
    }
  },

  receive(call) {
    const raw = call.query === undefined ? readBody(call) : readQuery(call.query);
    const bytes = andThen(raw, (received) => decompress(call, received));
    return andThen(bytes, (decompressed) => call.route.codecs[call.wire.codec].parse(decompressed));
  },

  succeed(call, message) {
    const head = headOf(call, call.wire.header["content-type"]);
    return send(call, 200, head, message, undefined);
  },

  fail(call, error) {
    if (!isWireError(error)) {
      mergeNonProtocolHeaders(call.responseHeader, error.metadata);
    }
    if (call.responseHeader.isBuilt) {
      call.responseHeader.set("content-type", jsonType);
    }
    const body = JSON.stringify(errorToJson(error, call.route.options.jsonOptions));
    return send(call, codeToHttpStatus(error.code), headOf(call, jsonType), body, error);
  },
};

/** Errors that came from another server: their payload is passed on, their metadata is not. */
export function isWireError(error: ConnectError): boolean {
  return "isWireError" in error && error.isWireError === true;
}

function requireVersion(call: UnaryCall): void {
  const { query } = call;
  const [where, expected, actual] =
    query === undefined
      ? ["header: set Connect-Protocol-Version", "1", requestField(call, "connect-protocol-version")]
      : ["parameter: set connect", "v1", query.get("connect") ?? undefined];
  if (actual === undefined) {
    throw new ConnectError(`missing required ${where} to "${expected}"`, Code.InvalidArgument);
  }
  if (actual !== expected) {
    const name = query === undefined ? "Connect-Protocol-Version" : "connect";
    throw new ConnectError(`${name} must be "${expected}": got "${actual}"`, Code.InvalidArgument);
  }
}

function decompress(call: UnaryCall, bytes: Uint8Array): Maybe<Uint8Array> {
  const { requestCompression, route } = call;
  return requestCompression === undefined ? bytes : requestCompression.decompress(bytes, route.options.readMaxBytes);
}

function readBody(call: UnaryCall): Maybe<Uint8Array> {
  checkReadSize(contentLengthOf(call) ?? 0, call.route.options.readMaxBytes);
  return readWhole(call, "bare");
}

function readQuery(query: URLSearchParams): Uint8Array {
  const message = query.get("message") ?? "";
  if (query.get("base64") !== "1") {
    return Buffer.from(message);
  }
  try {
    return base64Decode(message);
  } catch {
    throw new ConnectError("the query parameter message is not base64", Code.InvalidArgument);
  }
}

function send(
  call: UnaryCall,
  status: number,
  head: FieldList,
  body: Payload,
  error: ConnectError | undefined,
): Maybe<void> {
  if (call.responseTrailer.isBuilt) {
    head.push(...fieldsOf(call.responseTrailer, "trailer-"));
  }
  const compression = compressionFor(call, body);
  if (compression === undefined) {
    call.answer({ status, head, body, sized: true, trailers: undefined }, error);
    return;
  }
  head.push("content-encoding", compression.name);
  return compression.compress(payloadBytes(body)).then((bytes) => {
    call.answer({ status, head, body: bytes, sized: true, trailers: undefined }, error);
  });
}
