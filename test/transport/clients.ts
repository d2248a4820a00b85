/**
 * Clients that send what they are given, byte by byte, and report what came back.
 */
import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2, constants, type IncomingHttpHeaders } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import type { WireRequest } from "./requests.ts";

/** An answer, without what has no meaning for a client: date, connection management, and how the body was framed. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly trailers: readonly (readonly [string, string])[];
  /** latin1 */
  readonly body: string;
}

/** What a request came to. */
export type Outcome = WireAnswer | "left" | "no answer";

/** A client of one server. */
export interface WireClient {
  send(request: WireRequest): Promise<Outcome>;
  close(): void;
}

const unimportant = new Set(["date", "connection", "keep-alive", "transfer-encoding", "content-length"]);
const patienceMs = 5000;
/** What a connection takes to be made, with something to spare. */
const laterMs = 50;

/** Speaks HTTP/2 without TLS. */
export function createHttp2Client(port: number): WireClient {
  let session: ClientHttp2Session | undefined;
  const open = () => {
    if (session === undefined || session.destroyed || session.closed) {
      session = connectHttp2(`http://127.0.0.1:${port}`);
      session.on("error", () => {});
    }
    return session;
  };
  return {
    send: (request) => sendHttp2(open(), request),
    close: () => session?.destroy(),
  };
}

async function sendHttp2(session: ClientHttp2Session, request: WireRequest): Promise<Outcome> {
  const headers: Record<string, string | string[]> = {
    ":method": request.httpMethod,
    ":path": request.path,
    ":authority": "test.local",
    te: "trailers",
  };
  for (const [name, value] of request.headers) {
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : [known, value].flat();
  }
  const stream = session.request(headers, { endStream: false });
  stream.on("error", () => {});
  const chunks: Buffer[] = [];
  let head: IncomingHttpHeaders | undefined;
  let trailers: IncomingHttpHeaders = {};
  stream.on("response", (received) => {
    head = received;
  });
  stream.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const patience = setTimeout(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR), patienceMs);
  const closed = new Promise((resolve) => stream.once("close", resolve));
  if (request.leaves instanceof Promise) {
    stream.end(request.body);
    void request.leaves.then(() => stream.close(constants.NGHTTP2_CANCEL));
  } else if (request.leaves !== undefined) {
    if (request.leaves !== "head") {
      stream.write(request.leaves === "end" ? request.body : request.body.subarray(0, request.body.length / 2));
    }
    // Closing the stream alone would end it first, as if the body were whole.
    setTimeout(() => session.destroy(), stream.pending ? laterMs : 0);
  } else {
    stream.end(request.body);
  }
  await closed;
  clearTimeout(patience);
  if (request.leaves !== undefined) {
    return "left";
  }
  if (head === undefined || stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
    return "no answer";
  }
  return {
    status: Number(head[":status"]),
    headers: fieldsOf(head),
    trailers: fieldsOf(trailers),
    body: Buffer.concat(chunks).toString("latin1"),
  };
}

function fieldsOf(headers: IncomingHttpHeaders): [string, string][] {
  const fields: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(":") && !unimportant.has(name)) {
      for (const one of [value].flat()) {
        fields.push([name, String(one)]);
      }
    }
  }
  return fields.sort(byName);
}

/** Speaks HTTP/1.1 on one connection that is kept, so that an answer out of step would be noticed. */
export function createHttp1Client(port: number): WireClient {
  let socket: Socket | undefined;
  const open = async () => {
    if (socket === undefined || socket.destroyed || socket.readableEnded) {
      socket = connectTcp(port, "127.0.0.1");
      socket.setNoDelay(true);
      socket.on("error", () => {});
      await once(socket, "connect");
    }
    return socket;
  };
  return {
    send: async (request) => sendHttp1(await open(), request),
    close: () => socket?.destroy(),
  };
}

async function sendHttp1(socket: Socket, request: WireRequest): Promise<Outcome> {
  const head = [`${request.httpMethod} ${request.path} HTTP/1.1`, "host: test.local"];
  for (const [name, value] of request.headers) {
    head.push(`${name}: ${value}`);
  }
  const isChunked = request.body.length % 3 === 1;
  const hasBody = request.httpMethod !== "GET" || request.body.length > 0;
  if (hasBody) {
    head.push(isChunked ? "transfer-encoding: chunked" : `content-length: ${request.body.length}`);
  }
  const body = hasBody && isChunked ? chunked(request.body) : request.body;
  socket.write(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"));
  if (request.leaves !== undefined) {
    const part = request.leaves === "head" ? 0 : request.leaves === "body" ? body.length / 2 : body.length;
    socket.write(body.subarray(0, part));
    const leave = () => socket.destroy();
    if (request.leaves instanceof Promise) void request.leaves.then(leave);
    else setTimeout(leave, 0);
    await once(socket, "close");
    return "left";
  }
  socket.write(body);
  return readAnswer(socket, request.httpMethod === "HEAD");
}

function chunked(body: Buffer): Buffer {
  const middle = Math.floor(body.length / 2);
  const parts = [body.subarray(0, middle), body.subarray(middle)].filter((part) => part.length > 0);
  const lines = parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]);
  return Buffer.concat([...lines, Buffer.from("0\r\n\r\n")]);
}

function readAnswer(socket: Socket, isHead: boolean): Promise<Outcome> {
  return new Promise((resolve) => {
    let received = "";
    const done = (outcome: Outcome) => {
      clearTimeout(patience);
      socket.off("data", onData);
      socket.off("close", onClose);
      resolve(outcome);
    };
    const onData = (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const answer = parseAnswer(received, isHead);
      if (answer !== undefined) {
        if (/^connection: close/im.test(received.slice(0, received.indexOf("\r\n\r\n")))) {
          socket.destroy();
        }
        done(answer);
      }
    };
    const onClose = () => done("no answer");
    const patience = setTimeout(() => {
      socket.destroy();
      done("no answer");
    }, patienceMs);
    socket.on("data", onData);
    socket.on("close", onClose);
  });
}

function parseAnswer(text: string, isHead: boolean): WireAnswer | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) {
    return undefined;
  }
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const all = parseFields(lines);
  const length = all.find(([name]) => name === "content-length")?.[1];
  const rest = text.slice(end + 4);
  const framed = isHead ? { body: "", trailers: [] } : length === undefined ? unchunk(rest) : cut(rest, Number(length));
  return (
    framed && {
      status: Number(statusLine.split(" ")[1]),
      headers: all.filter(([name]) => !unimportant.has(name)).sort(byName),
      trailers: framed.trailers,
      body: framed.body,
    }
  );
}

function cut(text: string, length: number): { body: string; trailers: [string, string][] } | undefined {
  if (text.length > length) {
    throw new Error(`${text.length - length} bytes behind an answer`);
  }
  return text.length < length ? undefined : { body: text, trailers: [] };
}

function unchunk(text: string): { body: string; trailers: [string, string][] } | undefined {
  let body = "";
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd === -1) {
      return undefined;
    }
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (size === 0) {
      const end = text.indexOf("\r\n\r\n", lineEnd);
      return end === -1
        ? undefined
        : { body, trailers: parseFields(text.slice(lineEnd + 2, end).split("\r\n")).sort(byName) };
    }
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
}

function parseFields(lines: readonly string[]): [string, string][] {
  return lines.filter(Boolean).map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
}

function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] === b[0] ? 0 : a[0] < b[0] ? -1 : 1;
}
