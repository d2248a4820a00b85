import type { Socket } from "node:net";

/** What every HTTP/2 connection begins with (RFC 9113, section 3.4). */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** The protocol of a connection, by its first bytes. */
export type Protocol = "h1" | "h2";

/** The protocol that `bytes`, the beginning of a connection, belong to; undefined while they leave it open. */
export function protocolOf(bytes: Buffer): Protocol | undefined {
  const length = Math.min(bytes.length, preface.length);
  if (preface.compare(bytes, 0, length, 0, length) !== 0) return "h1";
  return length === preface.length ? "h2" : undefined;
}

/**
 * Reads the beginning of a cleartext connection, puts it back, and reports the protocol: at most once, and never when
 * the connection ends before the protocol is clear. The socket is paused when `found` is called.
 */
export function sniffProtocol(socket: Socket, found: (protocol: Protocol) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const protocol = protocolOf(seen);
    if (protocol === undefined) return;
    socket.off("data", onData);
    socket.pause();
    socket.unshift(seen);
    found(protocol);
  };
  socket.on("data", onData);
}
