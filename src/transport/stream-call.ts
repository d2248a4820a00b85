/**
 * What a host sees of a streaming call.
 */
import type { Code, ConnectError, ContextValues, HandlerContext } from "@connectrpc/connect";
import { contentTypeStreamRegExp } from "@connectrpc/connect/protocol-connect";
import type { CallInfo } from "./call.ts";
import { goneError } from "./errors.ts";
import { LazyHeaders } from "./headers.ts";
import type { NodeServerRequest } from "./node.ts";
import type { ProtocolName } from "./protocols.ts";
import type { StreamRoute } from "./routes.ts";

/** A call of a streaming method. */
export class StreamCall implements CallInfo {
  readonly route: StreamRoute;
  readonly request: NodeServerRequest;
  readonly contextValues: ContextValues;
  readonly requestHeader: Headers;
  /** Connect's context of the call, once its gate was reached. */
  context: HandlerContext | undefined;
  status = 0;
  error: ConnectError | undefined;
  bytesIn = 0;
  bytesOut = 0;
  #isComplete = false;
  readonly #noHeaders = new LazyHeaders(undefined);

  constructor(route: StreamRoute, request: NodeServerRequest, contextValues: ContextValues) {
    this.route = route;
    this.request = request;
    this.contextValues = contextValues;
    this.requestHeader = new LazyHeaders(request.headers);
  }

  get method() {
    return this.route.method;
  }

  get procedure() {
    return this.route.procedure;
  }

  get protocol(): ProtocolName {
    const contentType = this.request.headers["content-type"] ?? "";
    if (contentTypeStreamRegExp.test(contentType)) {
      return "connect";
    }
    return contentType.startsWith("application/grpc-web") ? "grpc-web" : "grpc";
  }

  get codec(): "json" | "proto" {
    return /json/i.test(this.request.headers["content-type"] ?? "") ? "json" : "proto";
  }

  get requestMethod() {
    return this.request.method ?? "";
  }

  get url() {
    return this.context?.url ?? this.request.url ?? "";
  }

  get responseHeader(): Headers {
    return this.context?.responseHeader ?? this.#noHeaders;
  }

  get responseTrailer(): Headers {
    return this.context?.responseTrailer ?? this.#noHeaders;
  }

  get code(): Code | undefined {
    return this.error?.code;
  }

  /** What the client is told of `reason`: decided once, however many layers the error passes. */
  refuse(reason: unknown, decide: (reason: unknown) => ConnectError): ConnectError {
    if (this.error === undefined || reason !== this.error) {
      this.error = decide(reason);
    }
    return this.error;
  }

  /** `body` with its bytes counted. */
  countIn(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    return passThrough(body, (chunk) => {
      this.bytesIn += chunk.byteLength;
    });
  }

  /** `body` with its bytes counted; `onEnd` is called behind the last of them. */
  countOut(body: AsyncIterable<Uint8Array>, onEnd: () => void): AsyncIterable<Uint8Array> {
    const count = (chunk: Uint8Array) => {
      this.bytesOut += chunk.byteLength;
    };
    return passThrough(body, count, () => {
      this.#isComplete = true;
      onEnd();
    });
  }

  /** The response is closed: a body that was not sent to its end means that the client left. */
  finish(): void {
    if (!this.#isComplete) {
      this.error ??= goneError();
    }
  }
}

/** `source` itself, with every chunk and the end shown to the observer. */
function passThrough(
  source: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
  onEnd?: () => void,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      return {
        ...(iterator.throw && { throw: (error: unknown) => iterator.throw?.(error) ?? Promise.reject(error) }),
        ...(iterator.return && {
          return: (value: unknown) => iterator.return?.(value) ?? Promise.resolve({ done: true as const, value }),
        }),
        async next() {
          const result = await iterator.next();
          if (result.done === true) {
            onEnd?.();
          } else {
            onChunk(result.value);
          }
          return result;
        },
      };
    },
  };
}
