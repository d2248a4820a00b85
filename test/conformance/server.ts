/**
 * The server under test: reads on standard input what it is to be, starts it, and says on standard output where it is.
 * Run by the suite's runner, once for every combination of protocol, HTTP version and TLS.
 */
import { createServer, type Server } from "node:http";
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
} from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createTransport, type Transport } from "../../src/transport/index.ts";
import { createRoutes } from "./service.ts";
import { loadSuite, type ServerRequest } from "./suite.ts";

/**
 * Above every answer of the suite. Node takes a request for malformed (HPE_PAUSED) when it comes on a connection whose
 * last answer was larger than this and is not flushed in Node's own books, though the client has read it to its end.
 */
const highWaterMark = 1024 * 1024;

/** Longer than any client of the suite pauses: one that sends at the moment when its idle connection is closed gets no answer. */
const keepAliveTimeout = 75_000;

const folder = process.argv[2];
if (folder === undefined) {
  throw new Error("usage: node server.ts <folder of the generated code>");
}
const suite = await loadSuite(folder);
const wanted = fromBinary(suite.serverRequest, unframe(await buffer(process.stdin))) as ServerRequest;
const handler = createTransport({
  routes: createRoutes(suite),
  jsonOptions: { registry: suite.registry },
  ...(wanted.messageReceiveLimit > 0 && { readMaxBytes: wanted.messageReceiveLimit }),
});
const server = createListener(wanted, handler);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const pemCert = wanted.serverCreds?.cert ?? new Uint8Array(0);
  const response = create(suite.serverResponse, { host: "127.0.0.1", port, pemCert } as Record<string, unknown>);
  process.stdout.write(frame(toBinary(suite.serverResponse, response)));
});
process.on("SIGTERM", () => process.exit(0));

function createListener(request: ServerRequest, listener: Transport): Server | Http2Server | Http2SecureServer {
  const isHttp1 = request.httpVersion === suite.http1;
  if (!request.useTls || request.serverCreds === undefined) {
    return isHttp1 ? createServer({ highWaterMark, keepAliveTimeout }, listener) : createHttp2Server(listener);
  }
  const clientCert = request.clientTlsCert;
  const options = {
    cert: Buffer.from(request.serverCreds.cert),
    key: Buffer.from(request.serverCreds.key),
    ...(clientCert.byteLength > 0 && { ca: Buffer.from(clientCert), requestCert: true, rejectUnauthorized: true }),
  };
  return isHttp1
    ? createHttpsServer({ ...options, highWaterMark, keepAliveTimeout }, listener)
    : createSecureServer({ ...options, allowHTTP1: true }, listener);
}

/** Messages between runner and server follow their length, in four bytes. */
function unframe(input: Buffer): Uint8Array {
  return input.subarray(4, 4 + input.readUInt32BE(0));
}

function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(message.byteLength);
  return Buffer.concat([head, message]);
}
