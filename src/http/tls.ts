import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Protocol } from "./sniff.ts";

/** A certificate chain and its private key, both PEM. */
export type Certificate = { readonly cert: string | Buffer; readonly key: string | Buffer };

/** Reads the certificate, at the start and again whenever it is to be reloaded. */
export type CertificateSource = () => Certificate | Promise<Certificate>;

/** Turns accepted sockets into encrypted ones. */
export type Encryption = {
  /** Begins the handshake; `ready` is called once it is done, with the protocol that was agreed on (RFC 7301). */
  wrap(socket: Socket, ready: (protocol: Protocol) => void): TLSSocket;
  /** Reads the certificate again; handshakes from then on use it. Rejects, and keeps the old one, when it is unusable. */
  reload(): Promise<void>;
};

/** Makes the server side of TLS with ALPN for HTTP/2 and HTTP/1.1. {@link Encryption.reload} must succeed once first. */
export function createEncryption(source: CertificateSource): Encryption {
  let secureContext: SecureContext | undefined;
  return {
    wrap(socket, ready) {
      if (secureContext === undefined) throw new Error("the certificate has not been loaded");
      const encrypted = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ["h2", "http/1.1"] });
      encrypted.once("secure", () => ready(encrypted.alpnProtocol === "h2" ? "h2" : "h1"));
      return encrypted;
    },
    async reload() {
      secureContext = createSecureContext(await source());
    },
  };
}
