/**
 * Runs a method behind its interceptors.
 */
import { create, type Message } from "@bufbuild/protobuf";
import type { HandlerContext, Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { InterceptedRequest, type UnaryCall, type UnaryContext } from "./call.ts";
import { replaceHeaders } from "./headers.ts";
import { andThen, isPromise, type Maybe } from "./maybe.ts";

type AnyFn = Parameters<Interceptor>[0];

/**
 * Calls the implementation through the interceptors of its route, the first of the list outermost, and answers a
 * complete output message. Interceptors may replace request and response, and are composed anew for each call, so that
 * state between `(next) =>` and `(request) =>` belongs to one call, as with Connect's own handlers.
 */
export function invoke(call: UnaryCall, context: UnaryContext, message: Message): Maybe<Message> {
  const { interceptors } = call.route.options;
  return interceptors.length === 0
    ? callMethod(call, message, context)
    : callThroughInterceptors(call, context, message, interceptors);
}

async function callThroughInterceptors(
  call: UnaryCall,
  context: UnaryContext,
  message: Message,
  interceptors: readonly Interceptor[],
): Promise<Message> {
  const request = new InterceptedRequest(call, message);
  const innermost = async (received: UnaryRequest): Promise<UnaryResponse> => {
    const merged = received === request ? context : mergeContext(context, received);
    const output = callMethod(call, received.message, merged);
    return {
      stream: false,
      service: call.route.method.parent,
      method: call.route.method,
      header: call.responseHeader,
      trailer: call.responseTrailer,
      message: isPromise(output) ? await output : output,
    };
  };
  let next = innermost as AnyFn;
  for (let i = interceptors.length - 1; i >= 0; i--) {
    next = interceptors[i]?.(next) ?? next;
  }
  const response = (await next(request)) as UnaryResponse;
  replaceHeaders(call.responseHeader, response.header);
  replaceHeaders(call.responseTrailer, response.trailer);
  return response.message;
}

function callMethod(call: UnaryCall, message: Message, context: HandlerContext): Maybe<Message> {
  const { output } = call.route.method;
  return andThen(call.route.impl(message, context), (init) => create(output, init));
}

/** What interceptors put in place of the original is what the method sees. */
function mergeContext(context: UnaryContext, request: UnaryRequest): HandlerContext {
  const { signal, service, header, contextValues } = request;
  return { ...context, signal, service, requestHeader: header, values: contextValues };
}
