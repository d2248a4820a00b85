import type { DescMethod } from "@bufbuild/protobuf";
import { type ContextValues, createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";
import type { Caller, Context } from "../domain/principals.ts";
import type { Policy } from "./policy.ts";

const ANONYMOUS: Caller = { kind: "anonymous" };

const requestIdKey = createContextKey("", { description: "request id" });
const clientAddressKey = createContextKey("", { description: "client address" });
const callerKey = createContextKey<Caller>(ANONYMOUS, { description: "caller" });

/** The values that a call begins with. @param clientAddress the caller's address, or undefined when it is gone already. */
export function beginCall(requestId: string, clientAddress?: string): ContextValues {
  return createContextValues()
    .set(requestIdKey, requestId)
    .set(clientAddressKey, clientAddress ?? "");
}

export const requestIdOf = (values: ContextValues): string => values.get(requestIdKey);
export const clientAddressOf = (values: ContextValues): string => values.get(clientAddressKey);
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
