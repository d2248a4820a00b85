import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Protocol } from "./sniff.ts";

/** A certificate chain and its private key, both PEM. */
export type Certificate = { readonly cert: string | Buffer; readonly key: string | Buffer };

/** Reads the certificate, at the start and again whenever it is to be reloaded. */
export type CertificateSource = () => Certificate | Promise<Certificate>;

/** The server side of TLS. */
export type Encryption = {
  /** Begins the handshake on an accepted socket; what becomes of it shows on the socket. */
  accept(socket: Socket): void;
  /** Reads the certificate again; handshakes from then on use it. Rejects, and keeps the old one, when it is unusable. */
  reload(): Promise<void>;
};

/**
 * Makes the server side of TLS with ALPN (RFC 7301) for HTTP/2 and HTTP/1.1. {@link Encryption.reload} must succeed
 * once before the first socket comes. `ready` is called after each handshake, with the accepted socket, the encrypted
 * one, and the protocol agreed on.
 */
export function createEncryption(
  source: CertificateSource,
  handshakeMs: number,
  ready: (accepted: Socket, encrypted: TLSSocket, protocol: Protocol) => void,
): Encryption {
  const handshakes = new Map<string, Socket>();
  const server = createServer({ ALPNProtocols: ["h2", "http/1.1"], handshakeTimeout: handshakeMs });
  server.on("secureConnection", (encrypted) => {
    encrypted.on("error", () => {});
    const accepted = handshakes.get(peerOf(encrypted));
    if (accepted !== undefined) ready(accepted, encrypted, encrypted.alpnProtocol === "h2" ? "h2" : "h1");
  });
  return {
    accept(socket) {
      // Node tells which socket is ready, not which one it was made from: the peer's address ties the two together.
      const peer = peerOf(socket);
      handshakes.set(peer, socket);
      socket.once("close", () => handshakes.delete(peer));
      server.emit("connection", socket);
    },
    async reload() {
      server.setSecureContext(await source());
    },
  };
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
