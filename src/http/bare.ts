/**
 * Requests of HTTP/2 without the objects that node makes for each of them: two streams with a dozen listeners, which cost
 * more than a small answer.
 */
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { NodeRequest, NodeResponse } from "./node-http.ts";

/** What doors and the server read of a request; its body is read from the stream. Stands in for node's own. */
export class BareRequest {
  readonly httpVersion = "2.0";
  readonly httpVersionMajor = 2;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly stream: ServerHttp2Stream;
  url: string;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.stream = stream;
    this.headers = headers;
    this.method = String(headers[":method"]);
    this.url = String(headers[":path"]);
  }

  get socket() {
    return this.stream.session?.socket;
  }
}

/** The little of a response that is needed beside the stream itself, on which doors answer. Stands in for node's own. */
export class BareResponse {
  readonly req: BareRequest;
  readonly stream: ServerHttp2Stream;
  #fields: Record<string, string | number> | undefined;
  #listeners: (() => void)[] = [];

  constructor(req: BareRequest) {
    this.req = req;
    this.stream = req.stream;
    // A client that resets its stream is no error of ours, and its close tells of it.
    req.stream.on("error", ignore);
    // Node keeps every stream until the next full garbage collection, and with it all that its listeners know.
    let response: BareResponse | undefined = this;
    req.stream.on("close", () => {
      const listeners = response === undefined ? [] : response.#listeners;
      response = undefined;
      for (const listener of listeners) listener();
    });
  }

  /** Of the answer, once it is on its way. */
  get statusCode(): number {
    return Number(
      this.stream.sentHeaders?.[constants.HTTP2_HEADER_STATUS] ?? this.#fields?.[constants.HTTP2_HEADER_STATUS] ?? 200,
    );
  }

  set statusCode(status: number) {
    this.setHeader(constants.HTTP2_HEADER_STATUS, status);
  }

  get headersSent(): boolean {
    return this.stream.headersSent;
  }

  get writableEnded(): boolean {
    return this.stream.writableEnded;
  }

  setHeader(name: string, value: string | number): void {
    this.#fields ??= {};
    this.#fields[name] = value;
  }

  getHeaderNames(): string[] {
    return Object.keys(this.#fields ?? {}).filter((name) => !name.startsWith(":"));
  }

  removeHeader(name: string): void {
    delete this.#fields?.[name];
  }

  /** Answers with what was set. Does nothing when the stream is over. */
  end(body?: string): void {
    if (this.stream.destroyed || this.stream.closed) return;
    this.stream.respond(this.#fields);
    this.stream.end(body);
  }

  /** Calls back once, when the stream is closed. */
  on(_event: "close", listener: () => void): void {
    this.#listeners.push(listener);
  }
}

/** A request and its answer, as the rest of the server takes them. */
export function bareExchange(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): [NodeRequest, NodeResponse] {
  const req = new BareRequest(stream, headers);
  return [req as unknown as NodeRequest, new BareResponse(req) as unknown as NodeResponse];
}

function ignore(): void {}
