import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from "node:http";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connect, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { afterEach } from "vitest";
import { createListener, type Listener, type ListenerOptions } from "../../src/http/listener.ts";
import type { NodeHandler, NodeResponse } from "../../src/http/node-http.ts";

/** An answer, read to its end. */
export type Answer = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: string };

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs `cleanup` after the test. */
export function afterTest(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** Starts a listener on a free port of the loopback interface, closed after the test. */
export async function listen(options: ListenerOptions): Promise<{ port: number; listener: Listener }> {
  const listener = createListener(options);
  const { port } = await listener.listen(0, "127.0.0.1");
  afterTest(() => listener.close({ graceMs: 0 }));
  return { port, listener };
}

/** Opens a plain connection. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => {});
  afterTest(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Everything that a peer sends until it hangs up. */
export async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  if (!socket.closed) await once(socket, "close");
  return text;
}

/** Opens an HTTP/2 connection; cleartext unless the url says https. */
export async function dialHttp2(url: string, options: object = {}): Promise<ClientHttp2Session> {
  const session = connectHttp2(url, options);
  session.on("error", () => {});
  afterTest(() => session.destroy());
  await once(session, "remoteSettings");
  return session;
}

/** Sends a request without ending it. */
export function open(session: ClientHttp2Session, headers: OutgoingHttpHeaders): ClientHttp2Stream {
  const stream = session.request(headers, { endStream: false });
  stream.on("error", () => {});
  return stream;
}

/** The answer to an HTTP/2 request. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  const gone = once(stream, "close").then(() => {
    throw new Error("the stream was closed without an answer");
  });
  gone.catch(() => {});
  const [headers] = await Promise.race([once(stream, "response"), gone]);
  return { status: Number(headers[":status"]), headers, body: await textOf(stream) };
}

/** Sends a request over HTTP/2 and reads the answer. */
export function fetchHttp2(session: ClientHttp2Session, path: string, headers: object = {}): Promise<Answer> {
  return answerOf(session.request({ ":path": path, ...headers }));
}

/** Sends a request over HTTP/1.1 and reads the answer. */
export async function fetchHttp1(port: number, path: string, options: RequestOptions = {}, body = ""): Promise<Answer> {
  const req = request({ port, host: "127.0.0.1", path, agent: false, ...options });
  req.end(body);
  return answerTo(req);
}

/** The answer to an HTTP/1.1 request. */
export async function answerTo(req: ClientRequest): Promise<Answer> {
  const [res] = (await once(req, "response")) as [IncomingMessage];
  return { status: res.statusCode!, headers: res.headers, body: await textOf(res) };
}

/** By events: an async iterator would take an early answer for a failed one. */
function textOf(stream: Readable): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    stream.on("data", (chunk) => {
      text += chunk;
    });
    stream.on("end", () => resolve(text));
    stream.on("error", reject);
  });
}

/** A handler that keeps every request waiting until it is released, and counts them. */
export function hold(): { handler: NodeHandler; arrived: (count: number) => Promise<void>; release: () => void } {
  const responses: NodeResponse[] = [];
  let wake = (): void => {};
  return {
    handler: (_req, res) => {
      responses.push(res);
      wake();
    },
    async arrived(count) {
      while (responses.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    release: () => responses.splice(0).forEach((res) => void res.end("released")),
  };
}

/** What an HTTP/2 connection begins with. */
export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** The header block of `POST http://a/`, of static table entries (RFC 7541, appendix A). */
export const postHeaders = Buffer.from("838684410161", "hex");

/** An HTTP/2 frame (RFC 9113, section 4.1). */
export function frame(type: number, flags: number, streamId: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** Resolves once the peer has sent `bytes`, whatever stands around them. */
export function waitForBytes(socket: Socket, bytes: string | Buffer): Promise<void> {
  let seen = Buffer.alloc(0);
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      seen = Buffer.concat([seen, chunk]);
      if (seen.includes(bytes)) resolve();
    });
  });
}
