/**
 * The suite's service: every method answers as its request says, and echoes what it saw.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import { type Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import type {
  HeaderLines,
  StreamDefinition,
  StreamInput,
  Suite,
  UnaryDefinition,
  UnaryInput,
  WantedError,
} from "./suite.ts";

/** Registers the service. */
export function createRoutes(suite: Suite): (router: ConnectRouter) => void {
  const echo = new Echo(suite);
  return (router) => {
    router.service(suite.service, {
      unary: (request: UnaryInput, context: HandlerContext) =>
        echo.answerOnce(suite.method("unary").input, request.responseDefinition, [request], context),
      idempotentUnary: (request: UnaryInput, context: HandlerContext) =>
        echo.answerOnce(suite.method("idempotentUnary").input, request.responseDefinition, [request], context),
      clientStream: async (requests: AsyncIterable<UnaryInput>, context: HandlerContext) => {
        const all: UnaryInput[] = [];
        for await (const request of requests) {
          all.push(request);
        }
        return echo.answerOnce(suite.method("clientStream").input, all[0]?.responseDefinition, all, context);
      },
      serverStream: (request: StreamInput, context: HandlerContext) =>
        echo.answerMany(suite.method("serverStream").input, request, context),
      bidiStream: (requests: AsyncIterable<StreamInput>, context: HandlerContext) =>
        echo.converse(suite.method("bidiStream").input, requests, context),
    } as object);
  };
}

class Echo {
  readonly #suite: Suite;

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  async answerOnce(
    input: DescMessage,
    definition: UnaryDefinition | undefined,
    requests: readonly Message[],
    context: HandlerContext,
  ): Promise<object> {
    const requestInfo = this.#describe(input, requests, context);
    if (definition === undefined) {
      return { payload: { requestInfo } };
    }
    setFields(definition, context);
    await sleep(definition.responseDelayMs, undefined, { signal: context.signal }).catch(() =>
      context.signal.throwIfAborted(),
    );
    const { response } = definition;
    if (response.case === "error") {
      throw this.#error(response.value, requestInfo);
    }
    return { payload: { requestInfo, data: response.case === "responseData" ? response.value : new Uint8Array(0) } };
  }

  async *answerMany(input: DescMessage, request: StreamInput, context: HandlerContext): AsyncIterable<object> {
    const definition = request.responseDefinition;
    if (definition === undefined) {
      return;
    }
    setFields(definition, context);
    yield* this.#send(definition, this.#describe(input, [request], context));
  }

  async *converse(
    input: DescMessage,
    requests: AsyncIterable<StreamInput>,
    context: HandlerContext,
  ): AsyncIterable<object> {
    const seen: StreamInput[] = [];
    let definition: StreamDefinition | undefined;
    let sent = 0;
    for await (const request of requests) {
      if (seen.length === 0 && request.responseDefinition !== undefined) {
        definition = request.responseDefinition;
        setFields(definition, context);
      }
      seen.push(request);
      if (seen[0]?.fullDuplex !== true) {
        continue;
      }
      if (definition === undefined || sent >= definition.responseData.length) {
        break;
      }
      await sleep(definition.responseDelayMs);
      const described = this.#describe(input, [request], context);
      const requestInfo = sent === 0 ? described : { requests: described.requests };
      yield { payload: { data: definition.responseData[sent], requestInfo } };
      sent++;
    }
    if (definition !== undefined) {
      yield* this.#send(definition, this.#describe(input, seen, context), sent);
    }
  }

  async *#send(definition: StreamDefinition, requestInfo: RequestInfo, sent = 0): AsyncIterable<object> {
    for (const [index, data] of definition.responseData.entries()) {
      if (index >= sent) {
        await sleep(definition.responseDelayMs);
        yield { payload: index === 0 ? { data, requestInfo } : { data } };
      }
    }
    if (definition.error !== undefined) {
      const isFirst = definition.responseData.length === 0;
      throw this.#error(definition.error, isFirst ? requestInfo : undefined);
    }
  }

  #describe(input: DescMessage, requests: readonly Message[], context: HandlerContext): RequestInfo {
    const timeoutMs = context.timeoutMs();
    const query = context.requestMethod === "GET" ? new URL(context.url).searchParams : undefined;
    return {
      requestHeaders: Array.from(context.requestHeader, ([name, value]) => ({ name, value: [value] })),
      requests: requests.map((request) => anyPack(input, request)),
      ...(timeoutMs === undefined ? {} : { timeoutMs: BigInt(Math.max(0, Math.floor(timeoutMs))) }),
      ...(query && {
        connectGetInfo: { queryParams: Array.from(query, ([name, value]) => ({ name, value: [value] })) },
      }),
    };
  }

  #error(wanted: WantedError, requestInfo: RequestInfo | undefined): ConnectError {
    const details = wanted.details.map(({ typeUrl, value }) => ({
      type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
      value,
    }));
    const error = new ConnectError(wanted.message ?? "", wanted.code as Code);
    error.details.push(...details);
    if (requestInfo !== undefined) {
      const desc = this.#suite.requestInfo;
      error.details.push({ desc, value: create(desc, { ...requestInfo } as Record<string, unknown>) });
    }
    return error;
  }
}

interface RequestInfo {
  readonly requestHeaders: HeaderLines[];
  readonly requests: Any[];
  readonly timeoutMs?: bigint;
  readonly connectGetInfo?: { readonly queryParams: HeaderLines[] };
}

function setFields(
  definition: { readonly responseHeaders: readonly HeaderLines[]; readonly responseTrailers: readonly HeaderLines[] },
  context: HandlerContext,
): void {
  append(context.responseHeader, definition.responseHeaders);
  append(context.responseTrailer, definition.responseTrailers);
}

function append(target: Headers, lines: readonly HeaderLines[]): void {
  for (const { name, value } of lines) {
    for (const one of value) {
      target.append(name, one);
    }
  }
}
