/**
 * Puts a transport in front of the request objects that Node makes for HTTP/2.
 */
import type { Http2SecureServer, Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Transport } from "./transport.ts";

type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;

/**
 * Lets `transport` take the unary calls of `server` as bare streams. Everything else goes the way it went before: to the
 * request listeners of the server, which must be there already, and have the transport among them for its streaming
 * methods and for HTTP/1.1. What the listeners do around the transport does not happen to the calls that are taken.
 */
export function attachToHttp2(server: Http2Server | Http2SecureServer, transport: Pick<Transport, "onStream">): void {
  const others = server.listeners("stream") as StreamListener[];
  server.removeAllListeners("stream");
  const onStream: StreamListener = (stream, headers, ...rest) => {
    if (!transport.onStream(stream, headers)) {
      for (const other of others) {
        other.call(server, stream, headers, ...rest);
      }
    }
  };
  (server as Http2Server).on("stream", onStream);
}
