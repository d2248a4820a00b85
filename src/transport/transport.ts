/**
 * A Connect server on `node:http` and `node:http2`: the way of a request.
 *
 * path → route → protocol → gate → body → decode → check → interceptors → method → encode → answer
 *
 * Unary calls take the direct path in this file; streams take connect-node's, in `streams.ts`, behind the same door and
 * with the same gate, interceptors and hooks.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerResponse, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { type ConnectNodeAdapterOptions, compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import { nextTurn } from "../lib/turns.ts";
import { type CallInfo, UnaryCall, UnaryContext } from "./call.ts";
import type { TransformJson } from "./codec.ts";
import { connectProtocol } from "./connect.ts";
import { internalError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { grpcProtocol } from "./grpc.ts";
import { grpcWebProtocol } from "./grpc-web.ts";
import { type Hooks, lastWord, tell } from "./hooks.ts";
import { Http1Exchange } from "./http1.ts";
import { Http2Exchange } from "./http2.ts";
import { invoke } from "./invoke.ts";
import { isPromise } from "./maybe.ts";
import type { NodeServerRequest, NodeServerResponse } from "./node.ts";
import { checkRefusal, deadlineError, type UnaryProtocol } from "./protocol.ts";
import { type ProtocolName, type Wire, wireOfContentType, wireOfEncoding } from "./protocols.ts";
import { Reads } from "./reads.ts";
import { createRoutes, type UnaryRoute } from "./routes.ts";
import { createStreamDoor } from "./streams.ts";

/** Options of {@link createTransport}: those of `connectNodeAdapter`, several prefixes in place of one, and hooks. */
export interface TransportOptions extends Omit<ConnectNodeAdapterOptions, "requestPathPrefix"> {
  /** Every method is served under each, for example `["", "/api"]`. Default: `[""]`. */
  readonly prefixes?: readonly string[];
  /**
   * How long the message of a unary call may take to arrive behind its head, in milliseconds. A slower client is answered
   * `deadline_exceeded` and loses its stream or connection. Default: 30,000.
   */
  readonly readTimeoutMs?: number;
  /** Sees each request message in JSON before it is decoded, and answers what is decoded in its place. */
  readonly transformJson?: TransformJson;
  /**
   * Called with each request message behind the decoder and before the interceptors; what it throws refuses the call.
   * For rules and permissions: cheaper than an interceptor, and the same for unary calls and for streams.
   */
  readonly checkMessage?: (message: Message, call: CallInfo) => void;
  /**
   * Has the last word on what a client sees of any error: of the gate, of decoding, limits, compression, interceptors,
   * the method, or the deadline. May set response headers through `call`. Default: errors that are no `ConnectError`
   * become `internal` without a message of theirs.
   */
  readonly onError?: (error: unknown, call: CallInfo) => ConnectError;
  /**
   * Fields, names and values in turn, that every answer to the request carries in front of its own, whichever way it
   * takes: cheaper than `setHeader` on the response beforehand.
   */
  readonly responseFields?: (request: NodeServerRequest) => readonly string[];
  /** Called once for every call that is over, answered or abandoned. What it throws becomes a warning of the process. */
  readonly onFinish?: (call: CallInfo) => void;
}

/** A request listener for `node:http`, `node:https` and `node:http2`, with a second door for streams of HTTP/2. */
export interface Transport {
  (request: NodeServerRequest, response: NodeServerResponse): void;
  /**
   * Takes a stream of `node:http2` before Node makes request and response objects for it. Answers false, and leaves the
   * stream alone, for what is no unary call. See {@link attachToHttp2}.
   * @param request what hooks get as the request; without it, one of Node's own is made when they look at it
   */
  readonly onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, request?: NodeServerRequest) => boolean;
  /** Whether a unary method is served under this path, which has no query. */
  readonly isUnary: (path: string) => boolean;
}

const protocols: Record<ProtocolName, UnaryProtocol> = {
  connect: connectProtocol,
  grpc: grpcProtocol,
  "grpc-web": grpcWebProtocol,
};

/**
 * Makes the listener of a server, in place of `connectNodeAdapter`.
 * @throws ConnectError for options out of range
 */
export function createTransport(options: TransportOptions): Transport {
  const { routes: register, fallback = notFound, prefixes = [""], transformJson, ...rest } = options;
  const {
    contextValues,
    checkMessage,
    onError,
    onFinish,
    responseFields,
    readTimeoutMs = 30_000,
    ...routerOptions
  } = rest;
  const hooks: Hooks = { contextValues, checkMessage, onError, onFinish };
  const reads = new Reads(readTimeoutMs);
  const router = {
    ...routerOptions,
    acceptCompression: rest.acceptCompression ?? [compressionGzip, compressionBrotli],
  };
  const streams = createStreamDoor(hooks, transformJson);
  const routes = createRoutes({ router, register, prefixes, transformJson, streamOptions: streams.options });

  const handle = (request: NodeServerRequest, response: NodeServerResponse): void => {
    const path = pathOf(request.url);
    const route = routes.unary.get(path);
    const fields = responseFields?.(request) ?? [];
    if (route !== undefined) {
      const exchange = exchangeOf(request, response);
      exchange.fields = fields;
      accept({ route, exchange, reads, hooks });
      return;
    }
    for (let i = 0; i + 1 < fields.length; i += 2) {
      response.setHeader(fields[i] ?? "", fields[i + 1] ?? "");
    }
    const stream = routes.streams.get(path);
    if (stream !== undefined) {
      streams.serve(stream, request, response);
      return;
    }
    fallback(request, response);
  };
  const onStream: Transport["onStream"] = (stream, headers, request) => {
    const route = routes.unary.get(pathOf(headers[":path"] as string | undefined));
    // Node's own objects know how to answer an expectation.
    if (route === undefined || headers.expect !== undefined) {
      return false;
    }
    const exchange = new Http2Exchange(stream, headers, { request });
    if (responseFields !== undefined) {
      exchange.fields = responseFields(exchange.request);
    }
    accept({ route, exchange, reads, hooks });
    return true;
  };
  return Object.assign(handle, { onStream, isUnary: (path: string) => routes.unary.has(path) });
}

/** A request for a unary method. */
interface Arrival {
  readonly route: UnaryRoute;
  readonly exchange: Exchange;
  readonly reads: Reads;
  readonly hooks: Hooks;
}

/** Finds out how the call is spoken, or refuses it in plain HTTP, as the protocols ask for what is none of theirs. */
function accept({ route, exchange, reads, hooks }: Arrival): void {
  const isGet = exchange.httpMethod === "GET" && route.allowsGet;
  if (!isGet && exchange.httpMethod !== "POST") {
    refuse(exchange, 405, ["allow", route.allowsGet ? "GET, POST" : "POST"]);
    return;
  }
  const query = isGet ? queryOf(exchange.target) : undefined;
  const wire = wireOf(exchange, query);
  if (wire === undefined || !route.protocols.has(wire.protocol)) {
    refuse(exchange, 415, ["accept-post", acceptPost(route)]);
    return;
  }
  void run(new UnaryCall({ route, wire, exchange, query, reads }), hooks);
}

function wireOf(exchange: Exchange, query: URLSearchParams | undefined): Wire | undefined {
  const contentType = exchange.headers["content-type"] ?? "";
  if (query === undefined) {
    return wireOfContentType(contentType);
  }
  const isConnect = contentType === "" || wireOfContentType(contentType)?.protocol === "connect";
  return isConnect ? wireOfEncoding(query.get("encoding")) : undefined;
}

/** The whole way of a unary call. Only what is not there yet is waited for. */
async function run(call: UnaryCall, hooks: Hooks): Promise<void> {
  const protocol = protocols[call.wire.protocol];
  const { requestGate } = call.route.options;
  try {
    if (hooks.contextValues !== undefined) {
      call.contextValues = hooks.contextValues(call.request);
    }
    protocol.open(call);
    call.startTimer(() => expire(call, hooks));
    const context = new UnaryContext(call);
    // By then a body that came along with the head is there, too.
    await nextTurn();
    const passed = requestGate?.(context);
    if (isPromise(passed)) {
      await passed;
    }
    protocol.check(call);
    checkRefusal(call);
    const received = protocol.receive(call);
    const message = isPromise(received) ? await received : received;
    hooks.checkMessage?.(message, call);
    const returned = invoke(call, context, message);
    const output = isPromise(returned) ? await returned : returned;
    const payload = call.route.codecs[call.wire.codec].serialize(output);
    if (call.phase === "open") {
      call.phase = "succeeding";
      const sent = protocol.succeed(call, payload);
      if (isPromise(sent)) {
        await sent;
      }
      finish(call, hooks);
    }
  } catch (error) {
    await fail(call, error, hooks);
  }
}

/** Tells the client what went wrong, unless it was told something before. */
async function fail(call: UnaryCall, reason: unknown, hooks: Hooks): Promise<void> {
  if (call.phase === "failing" || call.phase === "over") {
    return;
  }
  call.phase = "failing";
  call.abort(reason);
  const protocol = protocols[call.wire.protocol];
  const error = lastWord(reason, call, hooks.onError);
  try {
    await protocol.fail(call, error);
  } catch (cause) {
    // The headers or the details cannot be sent: a client that waits in vain would be worse off than without them.
    call.resetHeaders();
    await protocol.fail(call, internalError(cause));
  }
  finish(call, hooks);
}

/** The deadline passed: whoever watches the signal may still answer, in this turn of the event loop. */
function expire(call: UnaryCall, hooks: Hooks): void {
  const error = deadlineError();
  call.abort(error);
  call.cancelRead(error);
  setImmediate(() => {
    if (call.phase === "open") {
      void fail(call, error, hooks);
    }
  });
}

function finish(call: UnaryCall, hooks: Hooks): void {
  call.finish();
  tell(hooks.onFinish, call);
}

function refuse(exchange: Exchange, status: number, head: string[]): void {
  exchange.answer({ status, head, body: undefined, sized: true, trailers: undefined });
}

function acceptPost({ protocols: spoken }: UnaryRoute): string {
  const types: string[] = [];
  if (spoken.has("connect")) {
    types.push("application/json", "application/proto");
  }
  if (spoken.has("grpc")) {
    types.push("application/grpc", "application/grpc+json", "application/grpc+proto");
  }
  if (spoken.has("grpc-web")) {
    types.push("application/grpc-web", "application/grpc-web+json", "application/grpc-web+proto");
    types.push("application/grpc-web-text", "application/grpc-web-text+json", "application/grpc-web-text+proto");
  }
  return types.join(", ");
}

function exchangeOf(request: NodeServerRequest, response: NodeServerResponse): Exchange {
  if (!("stream" in request)) {
    return new Http1Exchange(request as IncomingMessage, response as unknown as ServerResponse);
  }
  return new Http2Exchange(request.stream as ServerHttp2Stream, request.headers, {
    request,
    response: response as unknown as Http2ServerResponse,
  });
}

function pathOf(target = ""): string {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
}

function queryOf(target: string): URLSearchParams {
  const query = target.indexOf("?");
  const fragment = target.indexOf("#", query);
  return new URLSearchParams(query === -1 ? "" : target.slice(query, fragment === -1 ? undefined : fragment));
}

function notFound(_request: NodeServerRequest, response: NodeServerResponse): void {
  response.writeHead(404);
  response.end();
}
