/**
 * What the protocols of unary calls have in common.
 */
import type { Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import { type BodyRule, checkBody } from "./body.ts";
import type { UnaryCall } from "./call.ts";
import { type Payload, payloadLength } from "./codec.ts";
import { type FieldList, fieldsOf } from "./headers.ts";
import type { Maybe } from "./maybe.ts";

/** How one protocol carries a unary call over HTTP. */
export interface UnaryProtocol {
  /** Reads what the headers say of deadline and compression. What they got wrong is left in `call.refusal`. */
  open(call: UnaryCall): void;
  /** What must hold before the body is read, besides `call.refusal`. @throws ConnectError */
  check(call: UnaryCall): void;
  /** Reads and decodes the request message. @throws ConnectError for anything wrong with it */
  receive(call: UnaryCall): Maybe<Message>;
  /** Sends the message. */
  succeed(call: UnaryCall, message: Payload): Maybe<void>;
  /** Sends the error, with the response headers and trailers as far as they were set. */
  fail(call: UnaryCall, error: ConnectError): Maybe<void>;
}

/** Refuses the call when its headers were wrong. @throws ConnectError */
export function checkRefusal(call: UnaryCall): void {
  if (call.refusal !== undefined) {
    for (let i = 0; i + 1 < call.refusalFields.length; i += 2) {
      call.responseHeader.set(call.refusalFields[i] ?? "", call.refusalFields[i + 1] ?? "");
    }
    throw call.refusal;
  }
}

/** The refusal of a call that took longer than its client allows. */
export function deadlineError(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}

/** Keeps the timeout in `call`; one that is malformed, too long, or over before it began becomes its refusal. */
export function takeTimeout(call: UnaryCall, parsed: { timeoutMs?: number; error?: ConnectError | undefined }): void {
  const { timeoutMs, error } = parsed;
  call.timeoutMs = timeoutMs;
  call.refusal ??= error;
  if (timeoutMs !== undefined && timeoutMs <= 0) {
    call.refusal ??= deadlineError();
  }
}

/** Keeps the compressions of both directions in `call`; an unknown one becomes its refusal and is answered with those known. */
export function negotiateCompression(
  call: UnaryCall,
  requested: string | null | undefined,
  accepted: string | undefined,
  acceptHeader: string,
): void {
  const { compressions } = call.route;
  const ofRequest = compressions.ofRequest(requested ?? undefined);
  if (ofRequest instanceof ConnectError) {
    call.refusal = ofRequest;
    call.refusalFields = [acceptHeader, compressions.names];
  } else {
    call.requestCompression = ofRequest;
  }
  call.responseCompression = compressions.ofResponse(accepted, call.requestCompression);
}

/** The compression that `payload` leaves in; undefined when the client takes none, or it is too small to be worth it. */
export function compressionFor(call: UnaryCall, payload: Payload): Compression | undefined {
  const compression = call.responseCompression;
  return compression !== undefined && payloadLength(payload) >= call.route.options.compressMinBytes
    ? compression
    : undefined;
}

/** The response headers as a list, with the content type of the answer. */
export function headOf(call: UnaryCall, contentType: string): FieldList {
  const { responseHeader } = call;
  if (!responseHeader.isBuilt) {
    return ["content-type", contentType];
  }
  if (!responseHeader.has("content-type")) {
    responseHeader.set("content-type", contentType);
  }
  responseHeader.delete("content-length");
  return fieldsOf(responseHeader);
}

/** The value of a header of the request that appears once; undefined when it is missing. */
export function requestField(call: UnaryCall, name: string): string | undefined {
  const value = call.exchange.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** Content-Length of the request; undefined when it has none. */
export function contentLengthOf(call: UnaryCall): number | undefined {
  const value = call.exchange.headers["content-length"];
  return value === undefined ? undefined : Number.parseInt(value, 10);
}

/** The whole body, as long as the call is not over. */
export function readWhole(call: UnaryCall, framing: BodyRule["framing"]): Maybe<Uint8Array> {
  const rule = { readMaxBytes: call.route.options.readMaxBytes, framing, contentLength: contentLengthOf(call) };
  // As nearly always: nothing has to listen to its stream then.
  const arrived = call.exchange.takeArrived();
  if (arrived === undefined) {
    return waitForBody(call, rule);
  }
  checkBody(arrived, rule);
  call.bytesIn = arrived.byteLength;
  return arrived;
}

async function waitForBody(call: UnaryCall, rule: BodyRule): Promise<Uint8Array> {
  const reading = call.exchange.read(rule);
  call.startReading(reading);
  try {
    const bytes = await reading.bytes;
    call.bytesIn = bytes.byteLength;
    return bytes;
  } finally {
    call.stopReading();
  }
}
