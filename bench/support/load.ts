import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";

/** One request to repeat. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** `h1` only: the bodies of the connections, in turn, where they differ. */
  readonly bodies?: readonly Buffer[];
  /** `h1`: keep-alive connections with one request each; `h2`: as many streams, spread over a few connections. */
  readonly protocol: "h1" | "h2";
  /** Requests in flight. */
  readonly concurrency: number;
  /** HTTP status of every answer. Default: 200. */
  readonly expect?: number;
}

/** What the server did with a load. */
export interface Measured {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Repeats the request for the given time and measures each answer.
 * @throws Error at the first answer of another status: a fast refusal is no throughput.
 */
export async function run(load: Load, seconds: number): Promise<Measured> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  await (load.protocol === "h1" ? runHttp1 : runHttp2)(load, end, latencies);
  const elapsed = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { requests: latencies.length, seconds: elapsed, p50: at(0.5), p99: at(0.99) };
}

async function runHttp1(load: Load, end: number, latencies: number[]): Promise<void> {
  const requestOf = (body: Buffer) => {
    const lines = Object.entries({ host: `127.0.0.1:${load.port}`, ...load.headers, "content-length": body.length });
    const head = `POST ${load.path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  };
  const requests = (load.bodies ?? [load.body]).map(requestOf);
  const one = (connection: number) =>
    new Promise<void>((resolve, reject) => {
      const request = requests[connection % requests.length] as Buffer;
      const socket = connectTcp(load.port, "127.0.0.1", () => send());
      let sent = 0;
      let received = Buffer.alloc(0);
      const send = () => {
        if (performance.now() >= end) {
          socket.end();
          resolve();
          return;
        }
        sent = performance.now();
        socket.write(request);
      };
      socket.setNoDelay(true);
      socket.on("error", reject);
      socket.on("data", (chunk) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const length = responseLength(received);
        if (length === undefined || received.length < length) return;
        if (
          !received
            .subarray(0, 12)
            .toString("latin1")
            .startsWith(`HTTP/1.1 ${load.expect ?? 200}`)
        ) {
          reject(new Error(`unexpected answer:\n${received.toString()}`));
          return;
        }
        latencies.push(performance.now() - sent);
        received = received.subarray(length);
        send();
      });
    });
  await Promise.all(Array.from({ length: load.concurrency }, (_, connection) => one(connection)));
}

/** Length of the first response in the buffer, once that can be told. */
function responseLength(buffer: Buffer): number | undefined {
  const headEnd = buffer.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = buffer.subarray(0, headEnd).toString("latin1");
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return headEnd + 4 + Number(length);
  const chunksEnd = buffer.indexOf("0\r\n\r\n", headEnd + 4);
  return chunksEnd < 0 ? undefined : chunksEnd + 5;
}

const SESSIONS = 4;

async function runHttp2(load: Load, end: number, latencies: number[]): Promise<void> {
  const sessions = Array.from({ length: SESSIONS }, () => connectHttp2(`http://127.0.0.1:${load.port}`));
  try {
    const streams = Array.from({ length: load.concurrency }, (_, index) =>
      repeatStream(sessions[index % SESSIONS] as ClientHttp2Session, load, end, latencies),
    );
    await Promise.all(streams);
  } finally {
    for (const session of sessions) session.close();
  }
}

async function repeatStream(session: ClientHttp2Session, load: Load, end: number, latencies: number[]): Promise<void> {
  while (performance.now() < end) {
    const sent = performance.now();
    await oneStream(session, load);
    latencies.push(performance.now() - sent);
  }
}

function oneStream(session: ClientHttp2Session, load: Load): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":method": "POST", ":path": load.path, te: "trailers", ...load.headers });
    let status = 0;
    let grpcStatus: string | undefined;
    stream.on("response", (headers) => {
      status = Number(headers[":status"]);
      grpcStatus = headers["grpc-status"] as string | undefined;
    });
    stream.on("trailers", (trailers) => {
      grpcStatus = trailers["grpc-status"] as string | undefined;
    });
    stream.on("error", reject);
    stream.on("close", () => {
      if (status === 200 && (grpcStatus ?? "0") === "0") resolve();
      else reject(new Error(`unexpected answer: ${status}, grpc-status ${grpcStatus}`));
    });
    stream.resume();
    stream.end(load.body);
  });
}

/** The five-byte prefix of a gRPC message (length, not compressed) and the message. */
export function grpcMessage(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
