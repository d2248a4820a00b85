import { createServer } from "node:http";
import type { Socket } from "node:net";
import { answerRaw, type Connections } from "./connections.ts";
import type { Limits } from "./limits.ts";
import type { NodeHandler } from "./node-http.ts";
import { CountingHttp1Response } from "./responses.ts";

/**
 * Makes the server of HTTP/1.1 connections. It listens nowhere: the listener hands it sockets. `stop` ends its checks.
 */
export function createHttp1(
  limits: Limits,
  connections: Connections,
  now: () => number,
  onRequest: NodeHandler,
): { accept(socket: Socket): void; stop(): void } {
  const server = createServer({
    ServerResponse: CountingHttp1Response,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    // Idle connections are closed where all limits are checked: two timers of Node's for each request would show in its cost.
    keepAliveTimeout: 0,
    connectionsCheckingInterval: limits.checkMs,
  });
  server.on("request", onRequest);
  server.on("clientError", (error, socket) => answerClientError(error, socket as Socket, limits, connections, now()));
  // A node server begins to check its timeouts when it listens, which this one never does by itself.
  server.emit("listening");
  return {
    accept(socket) {
      server.emit("connection", socket);
      socket.resume();
    },
    stop() {
      server.close(() => {});
    },
  };
}

function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  limits: Limits,
  connections: Connections,
  time: number,
): void {
  const connection = connections.of(socket);
  // More bytes of a request that was refused already: they change nothing.
  if (connection?.closingSince !== undefined && socket.writableEnded) return;
  if (connection === undefined || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, message] = describe(error, limits);
  answerRaw(connection, status, message, time);
}

function describe(error: NodeJS.ErrnoException, limits: Limits): [status: number, message: string] {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return [431, `the header section must not be larger than ${limits.headerBytes} bytes`];
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return [413, "the extensions of a chunk are too large"];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [408, "the request was not complete in time"];
    default:
      return [400, "this is not a well-formed HTTP/1.1 request"];
  }
}
