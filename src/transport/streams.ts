/**
 * Streaming methods: served by connect-node, with the gate, interceptors and hooks of the direct path.
 */
import type { DescMethod, Message } from "@bufbuild/protobuf";
import {
  type ConnectRouterOptions,
  createContextKey,
  createContextValues,
  type Interceptor,
  type StreamRequest,
  type StreamResponse,
} from "@connectrpc/connect";
import { type UniversalServerResponse, validateUniversalHandlerOptions } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import { type Codec, createBinaryCodec, createJsonCodec, type TransformJson } from "./codec.ts";
import { discardRest } from "./exchange.ts";
import { isTextRequest, toBinaryRequest, toTextResponse } from "./grpc-web-text.ts";
import { type CheckMessage, type Hooks, lastWord, tell } from "./hooks.ts";
import { hasDuplicateKeys } from "./json-keys.ts";
import type { NodeServerRequest, NodeServerResponse } from "./node.ts";
import type { StreamRoute } from "./routes.ts";
import { StreamCall } from "./stream-call.ts";

/** Serves streaming methods. */
export interface StreamDoor {
  /** The options of a streaming method with the hooks hung in. */
  options(method: DescMethod, options: ConnectRouterOptions): ConnectRouterOptions;
  serve(route: StreamRoute, request: NodeServerRequest, response: NodeServerResponse): void;
}

const callKey = createContextKey<StreamCall | undefined>(undefined, { description: "the stream's call" });

/** What is discarded of a request behind the end of its answer, before the stream or the connection is cut. */
const patience = { bytes: 16 * 1024 * 1024 };

/** The door to connect-node. */
export function createStreamDoor(hooks: Hooks, transformJson: TransformJson | undefined): StreamDoor {
  return {
    options(method, options) {
      const jsonOptions = { ...options.jsonOptions, ...jsonReader(method, transformJson) };
      const observe = createObserver(method, { ...options, jsonOptions }, hooks);
      return {
        ...options,
        jsonOptions,
        requestGate: createGate(options, hooks),
        interceptors: [observe, ...(options.interceptors ?? [])],
      };
    },

    serve(route, request, response) {
      const call = new StreamCall(route, request, hooks.contextValues?.(request) ?? createContextValues());
      call.contextValues.set(callKey, call);
      response.once("close", () => {
        if (call.status === 200 || call.status === 0) {
          call.finish();
          tell(hooks.onFinish, call);
        }
      });
      pass(call, response).catch((error: unknown) => {
        // Whatever connect-node could not turn into an answer: a client must not wait for one.
        lastWord(error, call, hooks.onError);
        response.destroy();
      });
    },
  };
}

/** Hands the request to connect-node, and its answer back. Resolves when the answer is under way. */
async function pass(call: StreamCall, response: NodeServerResponse): Promise<void> {
  const received = universalRequestFromNodeRequest(call.request, response, undefined, call.contextValues);
  // A reader that stops early must not take the connection with it: the answer is still to be sent.
  const body = call.request.iterator({ destroyOnReturn: false });
  const request = { ...received, body: call.countIn(body) };
  const isText = isTextRequest(request);
  const answer = await call.route.handler(isText ? toBinaryRequest(request) : request);
  call.status = answer.status;
  const onEnd = () => discardUnread(call.request);
  await universalResponseToNodeResponse(watchEnd(call, isText ? toTextResponse(answer) : answer, onEnd), response);
}

/** The answer with its bytes counted; `onEnd` is called when the last of them is on its way. */
function watchEnd(call: StreamCall, response: UniversalServerResponse, onEnd: () => void): UniversalServerResponse {
  if (response.body === undefined) {
    onEnd();
    return response;
  }
  return { ...response, body: call.countOut(response.body, onEnd) };
}

/** What a client still sends behind the end of the answer is read, so that it comes to read the answer. */
function discardUnread(request: NodeServerRequest): void {
  if (!request.readableEnded) {
    discardRest(request, patience, () => {
      if ("stream" in request) {
        request.stream.close();
      } else {
        request.socket.destroySoon();
      }
    });
  }
}

/** The gate, with the last word of the host on what it refuses. */
function createGate(options: ConnectRouterOptions, hooks: Hooks): NonNullable<ConnectRouterOptions["requestGate"]> {
  return async (context) => {
    const call = context.values.get(callKey);
    if (call !== undefined) {
      call.context = context;
    }
    try {
      await options.requestGate?.(context);
    } catch (error) {
      throw refuse(call, error, hooks);
    }
  };
}

/** The outermost interceptor: every error of a stream passes here, before or between its messages. */
function createObserver(method: DescMethod, options: ConnectRouterOptions, hooks: Hooks): Interceptor {
  const limits = validateUniversalHandlerOptions(options);
  const codecs = { json: createJsonCodec(method, limits, undefined), proto: createBinaryCodec(method, limits) };
  return (next) => async (request) => {
    const call = request.contextValues.get(callKey);
    try {
      const response = (await next(checked(request as StreamRequest, call, hooks))) as StreamResponse;
      const codec = call && codecs[call.codec];
      return { ...response, message: watch(response.message, codec, (error) => refuse(call, error, hooks)) };
    } catch (error) {
      throw refuse(call, error, hooks);
    }
  };
}

/** The request, each message of which is checked when it is read. */
function checked(request: StreamRequest, call: StreamCall | undefined, { checkMessage }: Hooks): StreamRequest {
  if (checkMessage === undefined || call === undefined) {
    return request;
  }
  async function* each(call: StreamCall, check: CheckMessage): AsyncGenerator<Message> {
    for await (const message of request.message) {
      check(message, call);
      yield message;
    }
  }
  return { ...request, message: each(call, checkMessage) };
}

/** `messages`, with errors put into the words of `refused`; also those that writing a message would end in. */
function watch(
  messages: AsyncIterable<Message>,
  codec: Codec | undefined,
  refused: (error: unknown) => unknown,
): AsyncIterable<Message> {
  return {
    [Symbol.asyncIterator]() {
      const source = messages[Symbol.asyncIterator]();
      const watched: AsyncIterator<Message> = {
        async next() {
          try {
            const result = await source.next();
            if (result.done !== true) {
              codec?.serialize(result.value);
            }
            return result;
          } catch (error) {
            throw refused(error);
          }
        },
      };
      if (source.throw !== undefined) {
        watched.throw = (error) => source.throw?.(error) ?? Promise.reject(error);
      }
      if (source.return !== undefined) {
        watched.return = (value) => source.return?.(value) ?? Promise.resolve({ done: true, value });
      }
      return watched;
    },
  };
}

function refuse(call: StreamCall | undefined, reason: unknown, hooks: Hooks): unknown {
  return call === undefined ? reason : call.refuse(reason, (error) => lastWord(error, call, hooks.onError));
}

/** Connect's JSON serialization takes a text decoder; that is where a message passes between bytes and parser. */
function jsonReader(method: DescMethod, transform: TransformJson | undefined): object {
  if (transform === undefined) {
    return {};
  }
  const decoder = new TextDecoder();
  return {
    textDecoder: {
      decode(bytes: Uint8Array): string {
        const text = decoder.decode(bytes);
        const json = parseOnce(text);
        return json === undefined ? text : JSON.stringify(transform(method, json));
      },
    },
  };
}

/** The value of valid text; undefined for text that the decoder behind is to refuse. */
function parseOnce(text: string) {
  try {
    const json = JSON.parse(text);
    return hasDuplicateKeys(text, json) ? undefined : json;
  } catch {
    return undefined;
  }
}
