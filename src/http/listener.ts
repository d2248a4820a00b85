import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { atNextTurn } from "../lib/turns.ts";
import { answerJson } from "./answers.ts";
import { type Connection, closeGently, createConnections } from "./connections.ts";
import { createHttp1 } from "./http1.ts";
import { createHttp2 } from "./http2.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import type { NodeHandler, NodeRequest, NodeResponse } from "./node-http.ts";
import { closeAfter, createRequests, type Flight } from "./requests.ts";
import { type Protocol, sniffProtocol } from "./sniff.ts";
import { type CertificateSource, createEncryption } from "./tls.ts";

/** After how many seconds a refused caller may come back. */
const retryAfterSeconds = 1;

/** What a listener needs. */
export type ListenerOptions = {
  /** Answers the requests. */
  readonly handler: NodeHandler;
  /**
   * Answers a request that there is no room for, at once; the `retry-after` header is set already. Without it, the
   * answer is a 503 with a JSON body.
   */
  readonly overloaded?: NodeHandler;
  /**
   * Whether a request may stay open for long, such as a stream in both directions: the limits on the time to send it do
   * not apply over HTTP/2, and it is counted apart from the others.
   */
  readonly isLong?: (req: NodeRequest) => boolean;
  /** Whether the handler takes an HTTP/2 request as {@link BareRequest}: cheaper, for what answers on its stream. */
  readonly isBare?: (headers: IncomingHttpHeaders) => boolean;
  /** With it the port speaks TLS only, without it cleartext only. */
  readonly certificate?: CertificateSource;
  /** Each one that is absent has the value of {@link defaultLimits}. */
  readonly limits?: Partial<Limits>;
  /**
   * Told what should not happen, and ends neither the port nor the process: a connection that cannot be accepted, a
   * handler that throws (its connection is cut).
   */
  readonly onError?: (error: unknown) => void;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
};

/** One TCP port that speaks HTTP/1.1 and HTTP/2. */
export type Listener = {
  /** Begins to listen. Rejects when the address cannot be had or the certificate is unusable. */
  listen(port: number, host?: string): Promise<AddressInfo>;
  /** Reads the certificate again. Rejects, and keeps the old one, when it is unusable. */
  reloadCertificate(): Promise<void>;
  /** Stops accepting, lets what is in progress finish for `graceMs`, cuts the rest. Resolves when no socket is left. */
  close(options: { readonly graceMs: number }): Promise<void>;
};

/**
 * Makes a listener that serves HTTP/1.1 and HTTP/2 on one port: over TLS by ALPN (RFC 7301), in cleartext by prior
 * knowledge (RFC 9113, section 3.3), told apart by the first bytes. An `Upgrade: h2c` is ignored, as RFC 9113 advises.
 */
export function createListener(options: ListenerOptions): Listener {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const now = options.now ?? (() => performance.now());
  const isLong = options.isLong ?? (() => false);
  const overloaded = options.overloaded ?? answerOverloaded;
  const onError = options.onError ?? (() => {});
  const connections = createConnections(limits, now);
  const requests = createRequests(limits, connections, now);

  function onRequest(connection: Connection, req: NodeRequest, res: NodeResponse): void {
    const flight = requests.begin(req, res, connection, isLong(req));
    res.on("close", () => requests.end(flight));
    if (connections.draining || connection.surplus) closeAfter(res);
    if (!flight.admitted) {
      res.setHeader("retry-after", String(retryAfterSeconds));
      answer(flight, overloaded);
    } else {
      atNextTurn(() => {
        // A caller that has gone by then is not worth the work.
        if (!flight.ended) answer(flight, options.handler);
      });
    }
    if (connection.surplus && connection.session !== undefined) closeGently(connection);
  }

  function answer({ req, res, connection }: Flight, handler: NodeHandler): void {
    try {
      handler(req, res);
    } catch (error) {
      onError(error);
      connection.socket.destroy();
    }
  }

  const http1 = createHttp1(limits, connections, now, (req, res) => {
    const connection = connections.of(req.socket);
    if (connection !== undefined) onRequest(connection, req, res);
  });
  const http2 = createHttp2(limits, onRequest, options.isBare ?? (() => false));

  function hand(connection: Connection, protocol: Protocol): void {
    if (connection.closingSince !== undefined) return;
    connection.protocol = protocol;
    if (protocol === "h2") http2.accept(connection);
    else http1.accept(connection.socket);
  }

  function onSecure(accepted: Socket, encrypted: Socket, protocol: Protocol): void {
    const connection = connections.of(accepted);
    if (connection === undefined) return;
    connections.secure(connection, encrypted);
    hand(connection, protocol);
  }

  const encryption = options.certificate && createEncryption(options.certificate, limits.headersMs, onSecure);

  function accept(socket: Socket): void {
    // Every failure of a socket ends in its "close", which is where it is dealt with.
    socket.on("error", () => {});
    const connection = connections.open(socket, encryption !== undefined);
    if (encryption) encryption.accept(socket);
    else sniffProtocol(socket, (protocol) => hand(connection, protocol));
  }

  const tcp = createTcpServer({ allowHalfOpen: true, noDelay: true }, accept);
  // Room to tell some of those over the limit why, in their protocol; the rest is dropped at once.
  tcp.maxConnections = limits.connections + Math.ceil(Math.min(limits.connections, 1_024) / 4);
  tcp.on("error", onError);
  const checks = setInterval(() => {
    connections.check();
    requests.check();
  }, limits.checkMs).unref();

  return {
    async listen(port, host) {
      await encryption?.reload();
      tcp.listen(port, host);
      await once(tcp, "listening");
      return tcp.address() as AddressInfo;
    },
    async reloadCertificate() {
      await encryption?.reload();
    },
    async close({ graceMs }) {
      tcp.close();
      http1.stop();
      requests.drain();
      connections.drain();
      const cut = setTimeout(() => connections.destroy(), graceMs);
      await connections.empty();
      clearTimeout(cut);
      clearInterval(checks);
    },
  };
}

function answerOverloaded(_req: NodeRequest, res: NodeResponse): void {
  answerJson(res, 503, { code: "unavailable", message: "the server is busy; try again after a second" });
}
