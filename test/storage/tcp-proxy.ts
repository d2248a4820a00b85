import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What a proxy does with its connections. */
type Mode = "pass" | "cut" | "stall";

/** Stands between a client and a server, and can take the server away. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection, and each new one, until {@link restore}. */
  cut(): void;
  /** Keeps connections and takes new ones, but lets nothing through any more. */
  stall(): void;
  restore(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback interface. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let mode: Mode = "pass";
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };

  const server = createServer((client) => {
    if (mode === "cut") return void client.resetAndDestroy();
    const upstream = connect(targetPort, "127.0.0.1");
    track(client);
    track(upstream);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("data", (chunk) => mode === "pass" && to.write(chunk));
      from.on("close", () => to.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      mode = "cut";
      breakAll();
    },
    stall() {
      mode = "stall";
    },
    restore() {
      mode = "pass";
    },
    async close() {
      breakAll();
      server.close();
      await once(server, "close");
    },
  };
}
