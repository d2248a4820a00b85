/**
 * The service, gate, interceptors and context values that connect-node and the transport are compared with: one pipeline,
 * mounted on both, that shows in its answers everything it can see.
 */
import { create, type Message } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import {
  type Code,
  ConnectError,
  type ConnectRouter,
  createContextKey,
  createContextValues,
  type HandlerContext,
  type Interceptor,
} from "@connectrpc/connect";
import type { TransportOptions } from "../../src/transport/index.ts";
import { EchoRequestSchema, EchoService } from "./schema.ts";

/** What a request may ask for. */
export type EchoRequest = Message & {
  readonly text: string;
  readonly number: number;
  readonly data: Uint8Array;
  readonly wait?: Duration;
  readonly failCode: number;
  readonly failMessage: string;
  readonly headers: Record<string, string>;
  readonly trailers: Record<string, string>;
  readonly padding: number;
};

const gateSaw = createContextKey("nothing");
const requestSaw = createContextKey("nothing");

/** Options that both servers share, apart from limits. */
export const echoOptions = {
  routes: (router: ConnectRouter) => {
    router.service(EchoService, { echo, look: echo, count, collect, chat } as object);
  },
  contextValues: (request: { headers: Record<string, unknown> }) =>
    createContextValues().set(requestSaw, String(request.headers["x-context"] ?? "none")),
  requestGate: gate,
  interceptors: [outer, inner],
} satisfies Partial<TransportOptions>;

async function gate(context: HandlerContext): Promise<void> {
  context.values.set(gateSaw, context.requestHeader.get("authorization") ?? "nobody");
  switch (context.requestHeader.get("authorization")) {
    case "bad":
      context.responseHeader.set("www-authenticate", "Bearer");
      throw new ConnectError("who are you", 16 as Code, { "x-gate": "closed" });
    case "crash":
      throw new Error("the gate broke");
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Does to request and response what interceptors do, as the header `x-outer` says. */
function outer(next: Parameters<Interceptor>[0]): ReturnType<Interceptor> {
  return async (request) => {
    switch (request.header.get("x-outer")) {
      case "deny":
        throw new ConnectError("not you", 7 as Code);
      case "crash":
        throw new TypeError("the interceptor broke");
      case "replace":
        return next({ ...request, header: new Headers({ "x-replaced": "yes" }) });
      case "append":
        request.header.append("x-appended", request.url);
        return next(request);
      case "late": {
        await next(request);
        throw new ConnectError("too late", 10 as Code, { "x-late": "1" });
      }
      case "response": {
        const response = await next(request);
        response.header.set("x-seen-by-outer", "yes");
        response.trailer.set("x-trailer-by-outer", "yes");
        return response;
      }
      case "fresh": {
        const response = await next(request);
        const header = new Headers(response.header);
        header.delete("x-echo");
        header.set("x-fresh", "yes");
        return { ...response, header };
      }
      default:
        return next(request);
    }
  };
}

function inner(next: Parameters<Interceptor>[0]): ReturnType<Interceptor> {
  return (request) => {
    if (request.header.get("x-inner") !== "context") {
      return next(request);
    }
    const contextValues = createContextValues().set(gateSaw, "replaced by inner");
    return next({ ...request, contextValues });
  };
}

async function echo(request: EchoRequest, context: HandlerContext): Promise<object> {
  setAll(context.responseHeader, request.headers);
  setAll(context.responseTrailer, request.trailers);
  if (request.text === "throw") {
    throw new Error("a secret of the server");
  }
  if (request.text === "throw a string") {
    throw "a string";
  }
  if (request.text === "until aborted") {
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
    throw context.signal.reason;
  }
  if (request.failCode !== 0) {
    throw failure(request);
  }
  return {
    echo: request,
    url: context.url,
    httpMethod: `${context.requestMethod} ${context.protocolName} ${context.method.name} ${context.service.typeName}`,
    seen: seenBy(context),
    padding: "p".repeat(request.padding),
    hasDeadline: context.timeoutMs() !== undefined,
  };
}

async function* count(request: EchoRequest, context: HandlerContext): AsyncIterable<object> {
  setAll(context.responseHeader, request.headers);
  setAll(context.responseTrailer, request.trailers);
  for (let i = 0; i < request.number % 4; i++) {
    yield { echo: request, seen: seenBy(context), padding: "p".repeat(request.padding) };
  }
  if (request.failCode !== 0) {
    throw failure(request);
  }
}

async function collect(requests: AsyncIterable<EchoRequest>, context: HandlerContext): Promise<object> {
  let last: EchoRequest | undefined;
  for await (const request of requests) {
    last = request;
  }
  return last === undefined ? {} : echo(last, context);
}

async function* chat(requests: AsyncIterable<EchoRequest>, context: HandlerContext): AsyncIterable<object> {
  for await (const request of requests) {
    yield await echo(request, context);
  }
}

function failure(request: EchoRequest): ConnectError {
  const detail = { desc: EchoRequestSchema, value: create(EchoRequestSchema, { text: "detail" }) };
  const metadata = { "x-error": "meta", "x-error-bin": "AAEC", "content-type": "text/never" };
  return new ConnectError(
    request.failMessage,
    request.failCode as Code,
    metadata,
    request.number === 0 ? [] : [detail],
  );
}

function seenBy(context: HandlerContext): Record<string, string> {
  const seen: Record<string, string> = {
    gate: context.values.get(gateSaw),
    context: context.values.get(requestSaw),
  };
  context.requestHeader.forEach((value, name) => {
    if (name !== "te" && name !== "connection" && name !== "transfer-encoding") {
      seen[name] = value;
    }
  });
  return seen;
}

function setAll(target: Headers, fields: Record<string, string>): void {
  for (const [name, value] of Object.entries(fields)) {
    target.append(name, value);
  }
}
