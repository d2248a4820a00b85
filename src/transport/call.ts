/**
 * One call while it runs: what hosts see of it, and the objects that handlers and interceptors get, made when touched.
 */
import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import {
  type Code,
  type ConnectError,
  type ContextValues,
  createContextValues,
  type HandlerContext,
  type UnaryRequest,
} from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import type { BodyReading } from "./body.ts";
import { payloadLength } from "./codec.ts";
import { goneError } from "./errors.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { type FieldList, LazyHeaders } from "./headers.ts";
import type { NodeServerRequest } from "./node.ts";
import { urlOf } from "./origin.ts";
import type { ProtocolName, Wire } from "./protocols.ts";
import type { Reads, Waiting } from "./reads.ts";
import type { UnaryRoute } from "./routes.ts";

/** What a host may know of a call, in {@link TransportOptions} `onError` and `onFinish`. */
export interface CallInfo {
  readonly method: DescMethod;
  /** `package.Service/Method` */
  readonly procedure: string;
  readonly protocol: ProtocolName;
  readonly codec: "json" | "proto";
  /** `POST`, or `GET` for a Connect GET. */
  readonly requestMethod: string;
  /** Absolute, with the query. */
  readonly url: string;
  /** Node's own request object. */
  readonly request: NodeServerRequest;
  readonly contextValues: ContextValues;
  readonly requestHeader: Headers;
  readonly responseHeader: Headers;
  readonly responseTrailer: Headers;
  /** HTTP status of the answer; 0 as long as there is none, and for a client that left before it. */
  readonly status: number;
  /** Final code; undefined as long as the call runs, and when it succeeded. */
  readonly code: Code | undefined;
  /** What the client was told; undefined for a success. */
  readonly error: ConnectError | undefined;
  /** Body bytes as they arrived, compressed and framed. */
  readonly bytesIn: number;
  /** Body bytes as they left, compressed and framed. */
  readonly bytesOut: number;
}

/** What a unary call starts from. */
export interface UnaryCallInit {
  readonly route: UnaryRoute;
  readonly wire: Wire;
  readonly exchange: Exchange;
  readonly query: URLSearchParams | undefined;
  readonly reads: Reads;
}

/** How far a call is: it runs, its success is on the way out, its failure is, or it is over. */
export type Phase = "open" | "succeeding" | "failing" | "over";

/** A unary call. */
export class UnaryCall implements CallInfo, Waiting {
  readonly route: UnaryRoute;
  readonly wire: Wire;
  readonly exchange: Exchange;
  /** Parameters of a Connect GET; undefined for a POST. */
  readonly query: URLSearchParams | undefined;
  readonly requestHeader: Headers;
  responseHeader: LazyHeaders;
  responseTrailer = new LazyHeaders(undefined);
  /** Milliseconds that the client allows; undefined without a deadline. */
  timeoutMs: number | undefined;
  /** What the protocol's headers got wrong, thrown once the gate let the call pass. */
  refusal: ConnectError | undefined;
  /** Response headers that go with the refusal. */
  refusalFields: FieldList = [];
  requestCompression: Compression | undefined;
  responseCompression: Compression | undefined;
  phase: Phase = "open";
  status = 0;
  error: ConnectError | undefined;
  bytesIn = 0;
  bytesOut = 0;
  before: Waiting | undefined;
  after: Waiting | undefined;
  waitingSince = 0;
  readonly #reads: Reads;
  #contextValues: ContextValues | undefined;
  #reading: BodyReading | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deadline = 0;
  #abort: AbortController | undefined;
  #abortReason: unknown;
  #url: string | undefined;
  #unlinkShutdown: (() => void) | undefined;

  constructor(init: UnaryCallInit) {
    const { route, wire, exchange, reads } = init;
    this.#reads = reads;
    this.route = route;
    this.wire = wire;
    this.exchange = exchange;
    this.query = init.query;
    this.requestHeader = new LazyHeaders(exchange.headers);
    this.responseHeader = new LazyHeaders(wire.header);
  }

  /** Empty ones, unless the host has put its own here. */
  get contextValues(): ContextValues {
    this.#contextValues ??= createContextValues();
    return this.#contextValues;
  }

  set contextValues(values: ContextValues) {
    this.#contextValues = values;
  }

  get method() {
    return this.route.method;
  }

  get procedure() {
    return this.route.procedure;
  }

  get protocol() {
    return this.wire.protocol;
  }

  get codec() {
    return this.wire.codec;
  }

  get requestMethod() {
    return this.exchange.httpMethod;
  }

  get request(): NodeServerRequest {
    return this.exchange.request;
  }

  get code(): Code | undefined {
    return this.error?.code;
  }

  get url() {
    this.#url ??= urlOf(this.exchange.origin, this.exchange.target);
    return this.#url;
  }

  /** Aborts at the deadline, when the client leaves, at shutdown, and when the call is over. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      this.#link(this.#abort);
    }
    return this.#abort.signal;
  }

  /** Milliseconds left until the deadline, negative behind it; undefined without one. */
  get remainingMs(): number | undefined {
    return this.timeoutMs === undefined ? undefined : this.#deadline - Date.now();
  }

  /** Starts the clock of the deadline, when the client set one. */
  startTimer(onTimeout: () => void): void {
    if (this.timeoutMs === undefined) {
      return;
    }
    this.#deadline = Date.now() + this.timeoutMs;
    // Node fires a longer timer at once; nothing lives for the 24 days that it can count.
    if (this.timeoutMs <= 0x7fffffff) {
      this.#timer = setTimeout(onTimeout, this.timeoutMs);
    }
  }

  /** The body is being read, and its client is watched. */
  startReading(reading: BodyReading): void {
    this.#reading = reading;
    this.#reads.add(this);
  }

  stopReading(): void {
    this.#reading = undefined;
    this.#reads.delete(this);
  }

  /** Gives up reading the body, if it is being read. */
  cancelRead(reason: unknown): void {
    this.#reading?.cancel(reason);
  }

  /** The client took too long to send its message. */
  onSlow(error: ConnectError): void {
    this.exchange.dismiss();
    this.cancelRead(error);
  }

  /** Sends the one answer of the call, unless the client is gone. */
  answer(answer: Answer, error: ConnectError | undefined): void {
    if (this.exchange.isGone) {
      this.error = goneError();
    } else {
      this.exchange.answer(answer);
      this.status = answer.status;
      this.bytesOut = answer.body === undefined ? 0 : payloadLength(answer.body);
      this.error = error;
    }
  }

  /** Forgets what was to be sent with the answer. */
  resetHeaders(): void {
    this.responseHeader = new LazyHeaders(this.wire.header);
    this.responseTrailer = new LazyHeaders(undefined);
  }

  /** Aborts the signal, if anybody looked at it or will. */
  abort(reason: unknown): void {
    if (this.#abortReason === undefined) {
      this.#abortReason = reason;
      this.#abort?.abort(reason);
    }
  }

  /** Ends the call: nothing that happens from here on reaches the client. */
  finish(): void {
    this.phase = "over";
    clearTimeout(this.#timer);
    this.#unlinkShutdown?.();
    this.abort(overReason());
  }

  #link(controller: AbortController): void {
    if (this.#abortReason !== undefined) {
      controller.abort(this.#abortReason);
      return;
    }
    this.exchange.onGone(() => this.abort(this.exchange.goneReason ?? overReason()));
    const shutdown = this.route.options.shutdownSignal;
    if (shutdown === undefined) {
      return;
    }
    const onShutdown = () => this.abort(shutdown.reason);
    if (shutdown.aborted) {
      onShutdown();
    } else {
      shutdown.addEventListener("abort", onShutdown);
      this.#unlinkShutdown = () => shutdown.removeEventListener("abort", onShutdown);
    }
  }
}

/** The context of a unary call; a plain object to who spreads it, except that the signal is made when it is read. */
export class UnaryContext implements HandlerContext {
  declare readonly signal: AbortSignal;
  readonly method: DescMethod;
  readonly service: DescService;
  readonly requestMethod: string;
  readonly requestHeader: Headers;
  readonly responseHeader: Headers;
  readonly responseTrailer: Headers;
  readonly protocolName: string;
  readonly values: ContextValues;
  readonly url: string;
  readonly timeoutMs: () => number | undefined;
  readonly #call: UnaryCall;

  constructor(call: UnaryCall) {
    this.#call = call;
    this.method = call.route.method;
    this.service = call.route.method.parent;
    this.requestMethod = call.requestMethod;
    this.requestHeader = call.requestHeader;
    this.responseHeader = call.responseHeader;
    this.responseTrailer = call.responseTrailer;
    this.protocolName = call.wire.protocol;
    this.values = call.contextValues;
    this.url = call.url;
    this.timeoutMs = call.timeoutMs === undefined ? noTimeout : () => call.remainingMs;
    Object.defineProperty(this, "signal", UnaryContext.#signal);
  }

  static readonly #signal: PropertyDescriptor & ThisType<UnaryContext> = {
    get() {
      return this.#call.signal;
    },
    enumerable: true,
    configurable: true,
  };
}

/** The request as interceptors see it, with a signal that is made when it is read. */
export class InterceptedRequest implements UnaryRequest {
  declare readonly signal: AbortSignal;
  readonly stream = false;
  readonly message: Message;
  readonly method: UnaryRoute["method"];
  readonly service: DescService;
  readonly requestMethod: string;
  readonly url: string;
  readonly header: Headers;
  readonly contextValues: ContextValues;
  readonly #call: UnaryCall;

  constructor(call: UnaryCall, message: Message) {
    this.#call = call;
    this.message = message;
    this.method = call.route.method;
    this.service = call.route.method.parent;
    this.requestMethod = call.requestMethod;
    this.url = call.url;
    this.header = call.requestHeader;
    this.contextValues = call.contextValues;
    Object.defineProperty(this, "signal", InterceptedRequest.#signal);
  }

  static readonly #signal: PropertyDescriptor & ThisType<InterceptedRequest> = {
    get() {
      return this.#call.signal;
    },
    enumerable: true,
    configurable: true,
  };
}

function noTimeout(): undefined {
  return undefined;
}

let over: DOMException | undefined;

/** The reason of a signal whose call is over: one for all calls, since making an exception is dear. */
function overReason(): DOMException {
  over ??= new DOMException("This operation was aborted", "AbortError");
  return over;
}
