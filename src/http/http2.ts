import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { bareExchange } from "./bare.ts";
import type { Connection } from "./connections.ts";
import { CancelableHttp2Request } from "./http2-request.ts";
import type { Limits } from "./limits.ts";
import type { NodeHandler } from "./node-http.ts";
import { CountingHttp2Response } from "./responses.ts";

/**
 * Output that may wait on one connection before it takes no new requests, in megabytes. A proxy puts many callers on one
 * connection, so node's 10 would refuse some of them for the answers of others.
 */
const sessionMegabytes = 64;

/**
 * Makes the server of HTTP/2 connections, cleartext or over TLS alike. It listens nowhere: the listener hands it
 * sockets.
 */
export function createHttp2(
  limits: Limits,
  onRequest: (connection: Connection, ...request: Parameters<NodeHandler>) => void,
  isBare: (headers: IncomingHttpHeaders) => boolean,
): { accept(connection: Connection): void } {
  const owners = new WeakMap<object, Connection>();
  const server = createServer({
    Http2ServerRequest: CancelableHttp2Request,
    Http2ServerResponse: CountingHttp2Response,
    settings: {
      enablePush: false,
      maxConcurrentStreams: limits.streamsPerConnection,
      maxHeaderListSize: limits.headerBytes,
    },
    maxSessionMemory: sessionMegabytes,
    streamResetRate: limits.resetsPerSecond,
    streamResetBurst: limits.resetBurst,
  });
  server.on("request", (req, res) => {
    const connection = req.stream.session && owners.get(req.stream.session);
    if (connection !== undefined) onRequest(connection, req, res);
  });
  // Node's own listener makes its objects for a request, and comes from listening to requests.
  const [makeRequest] = server.listeners("stream") as [(stream: ServerHttp2Stream, ...rest: unknown[]) => void];
  server.removeAllListeners("stream");
  server.on("stream", (stream, headers, ...rest) => {
    // Node's objects know how to answer an expectation.
    if (headers.expect !== undefined || !isBare(headers)) {
      makeRequest.call(server, stream, headers, ...rest);
      return;
    }
    const connection = stream.session && owners.get(stream.session);
    if (connection !== undefined) onRequest(connection, ...bareExchange(stream, headers));
  });
  // A session that fails takes only itself down; its requests see a reset stream.
  server.on("sessionError", () => {});

  return {
    accept(connection) {
      const socket: Socket = connection.socket;
      if (socket.destroyed) return;
      // HTTP/2 has its own way to end one direction: a half-closed socket is a closed one.
      socket.allowHalfOpen = false;
      server.once("session", (session) => {
        connection.session = session;
        owners.set(session, connection);
        session.once("remoteSettings", () => {
          connection.settled = true;
        });
      });
      server.emit("connection", socket);
    },
  };
}
