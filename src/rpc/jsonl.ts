import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { Readable, Writable } from "node:stream";
import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { codeFromString, codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { isHttp2Response, type NodeHandler, type NodeRequest, type NodeResponse } from "../http/node-http.ts";
import { requestRecord, setRequestRecord } from "../http/record.ts";

/** JSON lines: one message a line. */
const JSONL = "application/jsonl";
/** The same call as Connect streams it: each message behind five bytes of flags and length. */
const CONNECT = "application/connect+json";

const HEAD = 5;
const END_OF_STREAM = 0b10;

/** Whether the request asks a server stream for JSON lines, as older clients do. */
export function wantsJsonl(request: NodeRequest): boolean {
  const { accept } = request.headers;
  return accept !== undefined && request.method === "POST" && accept.toLowerCase().startsWith(JSONL);
}

/**
 * Lets older clients read a server stream as JSON lines (`Accept: application/jsonl`, the request as plain JSON). The call
 * is passed on as a Connect stream, so that it goes the way of all others: authentication, rules, permission, log. An
 * error before the first message is answered as Connect answers a unary call; a later one is the last line,
 * `{"error": …}`, after which the connection is cut, so that nobody takes it for a good end. An empty message, which only
 * says that the stream lives, becomes a blank: nobody sees it in front of the next line.
 * @param handle answers Connect calls, and everything that is no server stream.
 * @param methods those that are served here.
 */
export function jsonl(handle: NodeHandler, methods: readonly DescMethod[], maxBytes: number): NodeHandler {
  const streams = new Set(
    methods
      .filter(({ methodKind }) => methodKind === "server_streaming")
      .map(({ parent, name }) => `${parent.typeName}/${name}`),
  );
  return (request, response) => {
    if (!wantsJsonl(request)) return handle(request, response);
    const [, service, method] = /([^/]+)\/([^/]+)$/.exec(requestRecord(request).path) ?? [];
    if (!streams.has(`${service}/${method}`)) return handle(request, response);
    const envelope = new EnvelopedRequest(request, maxBytes);
    setRequestRecord(envelope as unknown as NodeRequest, requestRecord(request));
    handle(envelope as unknown as NodeRequest, new LinesResponse(response) as unknown as NodeResponse);
  };
}

/** The request as Connect expects it: a JSON body in one envelope. It is read when somebody asks for it. */
class EnvelopedRequest extends Readable {
  readonly method = "POST";
  readonly httpVersion = "1.1";
  readonly httpVersionMajor = 1;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: NodeRequest["socket"];
  readonly #source: NodeRequest;
  readonly #maxBytes: number;

  constructor(source: NodeRequest, maxBytes: number) {
    super();
    const { ":authority": authority, "content-length": _, ...headers } = source.headers;
    this.url = source.url;
    this.headers = {
      ...headers,
      host: headers.host ?? String(authority ?? ""),
      "content-type": CONNECT,
      accept: CONNECT,
    };
    this.socket = source.socket;
    this.#source = source;
    this.#maxBytes = maxBytes;
  }

  override _read(): void {
    this.#collect().then(
      (body) => {
        this.push(envelopeOf(body));
        this.push(null);
      },
      (error: Error) => this.destroy(error),
    );
  }

  /** At most one byte more than is allowed, by which the message is refused. What comes behind it is thrown away. */
  #collect(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let room = this.#maxBytes + 1;
    return new Promise((resolve, reject) => {
      const done = () => resolve(Buffer.concat(chunks));
      this.#source.on("data", (chunk: Buffer) => {
        if (room === 0) return;
        chunks.push(chunk.subarray(0, room));
        room = Math.max(0, room - chunk.length);
        if (room === 0) done();
      });
      this.#source.once("end", done);
      this.#source.once("error", reject);
    });
  }
}

/** An empty body asks for everything, as the older clients send it. */
function envelopeOf(body: Buffer): Buffer {
  const message = body.length === 0 ? Buffer.from("{}") : body;
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Takes a Connect stream and writes it as lines. */
class LinesResponse extends Writable {
  /** Of either protocol version: what is used here, both have. */
  readonly #target: ServerResponse;
  #headers: Record<string, unknown> = {};
  #status = 200;
  #received = Buffer.alloc(0);
  /** Set when the stream has failed after its first line. */
  #failed = false;
  headersSent = false;
  statusCode = 200;

  constructor(target: NodeResponse) {
    super();
    this.#target = target as ServerResponse;
    target.once("close", () => this.destroy());
    target.on("error", (error) => this.destroy(error));
  }

  setHeader(name: string, value: unknown): this {
    this.#headers[name.toLowerCase()] = value;
    return this;
  }

  writeHead(status: number, headers: Record<string, unknown> = {}): this {
    this.headersSent = true;
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    return this;
  }

  addTrailers(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // What is no stream (the wrong content type, say) passes as it is.
    if (this.#status === 200) this.#received = Buffer.concat([this.#received, chunk]);
    this.#send(this.#status === 200 ? this.#takeLines() : chunk, done);
  }

  override _final(done: () => void): void {
    this.#begin(this.#status);
    // Everything before has been handed over: the line of the error, too.
    if (this.#failed) cut(this.#target);
    else if (!this.#target.writableEnded) this.#target.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#target.writableEnded && !this.#failed) cut(this.#target);
    done(error);
  }

  #takeLines(): string {
    let text = "";
    while (this.#received.length >= HEAD) {
      const end = HEAD + this.#received.readUInt32BE(1);
      if (this.#received.length < end) break;
      const isEnd = ((this.#received[0] ?? 0) & END_OF_STREAM) !== 0;
      const message = this.#received.subarray(HEAD, end).toString();
      this.#received = this.#received.subarray(end);
      if (isEnd) text += this.#finish(text === "", JSON.parse(message));
      else text += message === "{}" ? " " : `${message}\n`;
    }
    return text;
  }

  /** The line that is left to be written. */
  #finish(isFirst: boolean, { error, metadata = {} }: EndOfStream): string {
    if (error === undefined) return "";
    if (this.#target.headersSent || !isFirst) {
      this.#failed = true;
      return `${JSON.stringify({ error })}\n`;
    }
    for (const [name, values] of Object.entries(metadata)) this.setHeader(name, values.join(", "));
    this.#begin(codeToHttpStatus(codeFromString(error.code) ?? Code.Internal), "application/json");
    return JSON.stringify(error);
  }

  #begin(status: number, contentType = JSONL): void {
    if (this.#target.headersSent) return;
    const type = this.#status === 200 ? { "content-type": contentType, "x-accel-buffering": "no" } : {};
    this.#target.writeHead(status, { ...this.#headers, ...type } as Record<string, string>);
  }

  #send(data: string | Buffer, done: (error?: Error | null) => void): void {
    if (data.length === 0) {
      done();
      return;
    }
    this.#begin(this.#status);
    this.#target.write(data, done);
  }
}

/** Ends an answer so that its reader sees that it is not whole. */
function cut(response: NodeResponse): void {
  // RFC 9113, section 7: INTERNAL_ERROR.
  if (isHttp2Response(response)) response.stream.close(2);
  else response.destroy();
}

/** What the last envelope holds (https://connectrpc.com/docs/protocol#error-end-stream). */
interface EndOfStream {
  readonly error?: { readonly code: string };
  readonly metadata?: Readonly<Record<string, readonly string[]>>;
}
