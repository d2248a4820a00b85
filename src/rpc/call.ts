import type { DescMethod } from "@bufbuild/protobuf";
import {
  type ContextKey,
  type ContextValues,
  createContextKey,
  createContextValues,
  type HandlerContext,
} from "@connectrpc/connect";
import type { Caller, Context } from "../domain/principals.ts";
import type { Policy } from "./policy.ts";

const ANONYMOUS: Caller = { kind: "anonymous" };

const requestIdKey = createContextKey("", { description: "request id" });
const clientAddressKey = createContextKey("", { description: "client address" });
const connectionKey = createContextKey<object | undefined>(undefined, { description: "connection" });
const callerKey = createContextKey<Caller>(ANONYMOUS, { description: "caller" });

/** Values of a call, with those that every call has in fields: Connect's own keeps all of them under symbols, at a price. */
class CallValues implements ContextValues {
  readonly #requestId: string;
  readonly #clientAddress: string;
  readonly #connection: object | undefined;
  #caller: Caller = ANONYMOUS;
  #others: ContextValues | undefined;

  constructor(requestId: string, clientAddress: string, connection: object | undefined) {
    this.#requestId = requestId;
    this.#clientAddress = clientAddress;
    this.#connection = connection;
  }

  get<T>(key: ContextKey<T>): T {
    return this.#get(key as ContextKey<unknown>) as T;
  }

  set<T>(key: ContextKey<T>, value: T): this {
    if ((key as ContextKey<unknown>) === callerKey) {
      this.#caller = value as Caller;
    } else {
      this.#others ??= createContextValues();
      this.#others.set(key, value);
    }
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    if (key === callerKey) this.#caller = ANONYMOUS;
    this.#others?.delete(key);
    return this;
  }

  #get(key: ContextKey<unknown>): unknown {
    if (key === callerKey) return this.#caller;
    if (key === requestIdKey) return this.#requestId;
    if (key === clientAddressKey) return this.#clientAddress;
    if (key === connectionKey) return this.#connection;
    return this.#others === undefined ? key.defaultValue : this.#others.get(key);
  }
}

/**
 * The values that a call begins with.
 * @param clientAddress the caller's address, or undefined when it is gone already
 * @param connection stands for the connection that the call came over
 */
export function beginCall(requestId: string, clientAddress?: string, connection?: object): ContextValues {
  return new CallValues(requestId, clientAddress ?? "", connection);
}

export const requestIdOf = (values: ContextValues): string => values.get(requestIdKey);
export const clientAddressOf = (values: ContextValues): string => values.get(clientAddressKey);
export const connectionOf = (values: ContextValues): object | undefined => values.get(connectionKey);
export const callerOf = (values: ContextValues): Caller => values.get(callerKey);
export const setCaller = (values: ContextValues, caller: Caller): unknown => values.set(callerKey, caller);

/** Turns a handler's context into the domain's. */
export type ToContext = (call: HandlerContext) => Context;

/** The action of the audit log comes from the method's option, so that schema and log cannot disagree. */
export function contextReader(policies: ReadonlyMap<DescMethod, Policy>): ToContext {
  return (call) => ({
    caller: callerOf(call.values),
    requestId: requestIdOf(call.values),
    action: policies.get(call.method)?.audit ?? "",
  });
}
