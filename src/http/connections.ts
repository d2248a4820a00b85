import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { Chain, type Linked } from "../lib/chain.ts";
import type { Limits } from "./limits.ts";
import type { NodeResponse } from "./node-http.ts";
import type { Protocol } from "./sniff.ts";

/** How long a refused caller may take to read why, before its connection is cut; milliseconds. */
const lingerMs = 2_000;

/** One accepted connection and what it is doing. */
export interface Connection extends Linked<Connection> {
  /** The socket to talk to: once a TLS handshake is done, the encrypted one. */
  socket: Socket;
  readonly openedAt: number;
  /** Accepted over the limit: each of its requests is refused. */
  readonly surplus: boolean;
  /** Undefined until the first bytes (or ALPN) tell. */
  protocol: Protocol | undefined;
  /** Of an HTTP/2 connection; `close` lets its streams finish and takes no new one. */
  session: { close(): void } | undefined;
  /** The peer of an HTTP/2 session has sent its settings. */
  settled: boolean;
  /** Nothing can be said to it before its TLS handshake is done. */
  silent: boolean;
  /** Requests in progress. */
  active: number;
  /** The answer to the latest of them. */
  response: NodeResponse | undefined;
  /** When the last request ended, or the connection was opened. */
  idleSince: number;
  /** Bytes that had arrived when it was first looked at after `idleSince`, which was this then. */
  arrived: number;
  arrivedSince: number;
  /** Set once the connection only waits for its peer to go. */
  closingSince: number | undefined;
}

/** The open connections of a listener, oldest idle first, and the rules about when one has to go. */
export type Connections = {
  /** Takes in a connection; over the limit the longest idle one goes. */
  open(socket: Socket, silent: boolean): Connection;
  /** Goes on with the encrypted socket of a connection. */
  secure(connection: Connection, encrypted: Socket): void;
  /** The connection of a socket; undefined when the socket is not of this listener. */
  of(socket: Socket): Connection | undefined;
  /** A request began, or ended. */
  begin(connection: Connection, response: NodeResponse): void;
  end(connection: Connection): void;
  /** Enforces the time limits. */
  check(): void;
  /** Lets idle connections go and the others finish; from now on each one closes when it falls idle. */
  drain(): void;
  /** Resolves when no connection is left. */
  empty(): Promise<void>;
  /** Cuts all of them. */
  destroy(): void;
  readonly draining: boolean;
};

/** Makes an empty set of connections. `now` is a monotonic clock in milliseconds. */
export function createConnections(limits: Limits, now: () => number): Connections {
  const all = new Set<Connection>();
  const bySocket = new WeakMap<Socket, Connection>();
  const idle = new Chain<Connection>();
  const waiting: (() => void)[] = [];
  let draining = false;

  function open(socket: Socket, silent: boolean): Connection {
    const full = all.size >= limits.connections;
    const openedAt = now();
    const connection: Connection = {
      socket,
      openedAt,
      surplus: full && !evictIdle(idle),
      protocol: undefined,
      session: undefined,
      settled: false,
      silent,
      active: 0,
      response: undefined,
      idleSince: openedAt,
      arrived: 0,
      arrivedSince: Number.NaN,
      closingSince: undefined,
      before: undefined,
      after: undefined,
    };
    all.add(connection);
    bySocket.set(socket, connection);
    idle.add(connection);
    socket.once("close", () => forget(connection));
    return connection;
  }

  function forget(connection: Connection): void {
    all.delete(connection);
    idle.delete(connection);
    if (all.size > 0) return;
    for (const resolve of waiting.splice(0)) resolve();
  }

  function end(connection: Connection): void {
    connection.active -= 1;
    if (connection.active > 0 || !all.has(connection)) return;
    connection.response = undefined;
    connection.idleSince = now();
    idle.add(connection);
    if (draining) closeGently(connection);
  }

  function check(): void {
    const time = now();
    for (const connection of all) checkOne(connection, limits, time);
  }

  return {
    open,
    secure(connection, encrypted) {
      connection.socket = encrypted;
      connection.silent = false;
      bySocket.set(encrypted, connection);
    },
    of: (socket) => bySocket.get(socket),
    begin(connection, response) {
      if (connection.active === 0) idle.delete(connection);
      connection.response = response;
      connection.active += 1;
    },
    end,
    check,
    drain() {
      draining = true;
      for (const connection of all) {
        if (connection.active === 0 || connection.session !== undefined) closeGently(connection);
      }
    },
    empty: () => new Promise((resolve) => (all.size === 0 ? resolve() : waiting.push(resolve))),
    destroy() {
      for (const connection of all) connection.socket.destroy();
    },
    get draining() {
      return draining;
    },
  };
}

/**
 * Answers in the raw where no request has been answered, and lets the connection go: first the writing side, so that
 * the peer can still read the answer, the rest when the peer hangs up or has lingered long enough. Where an answer has
 * begun, another one would be taken for a part of it: the connection is cut.
 */
export function answerRaw(connection: Connection, status: number, message: string, time: number): void {
  const { socket } = connection;
  if (connection.closingSince !== undefined) return;
  connection.closingSince = time;
  if (connection.silent || !socket.writable || hasAnswerBegun(connection)) {
    socket.destroy();
    return;
  }
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function hasAnswerBegun({ active, response }: Connection): boolean {
  return active > 1 || response?.headersSent === true;
}

/** Closes a connection without harm to what it still has to send. */
export function closeGently(connection: Connection): void {
  if (connection.session !== undefined) {
    connection.session.close();
  } else {
    connection.socket.destroySoon();
  }
}

/** Removes the longest idle connection; false when there is none. */
function evictIdle(idle: Chain<Connection>): boolean {
  const oldest = idle.first;
  if (oldest === undefined) return false;
  idle.delete(oldest);
  oldest.socket.destroy();
  return true;
}

function checkOne(connection: Connection, limits: Limits, time: number): void {
  if (connection.closingSince !== undefined) {
    if (time - connection.closingSince > lingerMs) connection.socket.destroy();
  } else if (connection.protocol === undefined) {
    if (time - connection.openedAt > limits.headersMs) {
      answerRaw(connection, 408, "the request did not begin in time", time);
    }
  } else if (connection.active === 0) {
    if (connection.session === undefined) {
      closeSilent(connection, limits.keepAliveMs, time);
    } else {
      const patience = connection.settled ? limits.idleSessionMs : limits.headersMs;
      if (time - connection.idleSince > patience) closeIdleSession(connection, time);
    }
  }
}

/** Closes a connection that has been silent for long. A request that has begun to arrive has a time limit of its own. */
function closeSilent(connection: Connection, patienceMs: number, time: number): void {
  const { bytesRead } = connection.socket;
  if (connection.arrivedSince !== connection.idleSince) {
    connection.arrived = bytesRead;
    connection.arrivedSince = connection.idleSince;
  } else if (time - connection.idleSince > patienceMs && bytesRead === connection.arrived) {
    closeGently(connection);
  }
}

function closeIdleSession(connection: Connection, time: number): void {
  connection.closingSince = time;
  connection.session?.close();
}
