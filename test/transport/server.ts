/**
 * Servers on ports of their own.
 */
import { createServer, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import {
  attachToHttp2,
  createTransport,
  type NodeHandlerFn,
  type TransportOptions,
} from "../../src/transport/index.ts";

/** The doors of a transport: HTTP/1.1, HTTP/2 through Node's request objects, and HTTP/2 on bare streams. */
export type Door = "http1" | "http2" | "streams";

/** Every door. */
export const doors: readonly Door[] = ["http1", "http2", "streams"];

/** A server that listens. */
export interface Listening {
  readonly port: number;
  readonly url: string;
  readonly server: Server | Http2Server;
  close(): Promise<void>;
}

/** Starts a server for any handler. */
export async function listen(version: "http1" | "http2", handler: NodeHandlerFn): Promise<Listening> {
  const server = version === "http1" ? createServer({ keepAliveTimeout: 60_000 }, handler) : createHttp2Server(handler);
  return start(server);
}

/** Starts a server on a transport. */
export async function serve(door: Door, options: TransportOptions): Promise<Listening> {
  const transport = createTransport(options);
  const listening = await listen(door === "http1" ? "http1" : "http2", transport);
  if (door === "streams") {
    attachToHttp2(listening.server as Http2Server, transport);
  }
  return listening;
}

async function start(server: Server | Http2Server): Promise<Listening> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket: { destroy(): void }) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    server,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}
