/**
 * Errors as they leave: any value made a `ConnectError`, and the reasons of a stream that the client reset.
 */
import { constants } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";

/** What a client sees of a fault that nobody declared. The value is the cause, for logs. */
export function internalError(cause: unknown): ConnectError {
  return new ConnectError("internal error", Code.Internal, undefined, undefined, cause);
}

/** The error itself when it was meant for the client, an internal one otherwise. */
export function publicError(reason: unknown): ConnectError {
  return reason instanceof ConnectError ? reason : internalError(reason);
}

/** The end of a call whose client left; nobody reads it but logs. */
export function goneError(): ConnectError {
  return new ConnectError("the client closed the connection", Code.Canceled);
}

const codesOfResets: ReadonlyMap<number, Code> = new Map([
  [constants.NGHTTP2_PROTOCOL_ERROR, Code.Internal],
  [constants.NGHTTP2_INTERNAL_ERROR, Code.Internal],
  [constants.NGHTTP2_FLOW_CONTROL_ERROR, Code.Internal],
  [constants.NGHTTP2_SETTINGS_TIMEOUT, Code.Internal],
  [constants.NGHTTP2_FRAME_SIZE_ERROR, Code.Internal],
  [constants.NGHTTP2_COMPRESSION_ERROR, Code.Internal],
  [constants.NGHTTP2_CONNECT_ERROR, Code.Internal],
  [constants.NGHTTP2_REFUSED_STREAM, Code.Unavailable],
  [constants.NGHTTP2_CANCEL, Code.Canceled],
  [constants.NGHTTP2_ENHANCE_YOUR_CALM, Code.ResourceExhausted],
  [constants.NGHTTP2_INADEQUATE_SECURITY, Code.PermissionDenied],
  [constants.NGHTTP2_HTTP_1_1_REQUIRED, Code.PermissionDenied],
]);

/** The error that an HTTP/2 reset stands for, by the table of the gRPC protocol; undefined for one without a meaning. */
export function resetError(rstCode: number): ConnectError | undefined {
  const code = codesOfResets.get(rstCode);
  const hex = rstCode.toString(16);
  return code === undefined ? undefined : new ConnectError(`http/2 stream closed with error code 0x${hex}`, code);
}
