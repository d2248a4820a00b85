import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { Clock } from "../../lib/clock.ts";
import type { CallInfo } from "../../transport/index.ts";
import { callerOf } from "../call.ts";
import { authorize, type Policy } from "../policy.ts";
import { createLimitStrangers } from "./limit-strangers.ts";
import { takeQueryPaging } from "./query-paging.ts";
import { createValidate } from "./validate.ts";

/**
 * What every message passes between the gate and its method. Errors of any of them, and of the protocol itself, are
 * translated by the transport's `onError`. A method without a policy is refused by a thrown error.
 */
export function createChecks(
  policies: ReadonlyMap<DescMethod, Policy>,
  clock: Clock,
): (message: Message, call: CallInfo) => void {
  const limitStrangers = createLimitStrangers(clock);
  const validate = createValidate();

  return (message, call) => {
    const { method } = call;
    const policy = policies.get(method);
    if (!policy) throw new Error(`no policy for ${method.parent.typeName}.${method.name}`);
    // First, so that what is refused costs nothing.
    if (policy.caller === "anyone") limitStrangers(call);
    // Before the rules: what the query string says is part of the request and bound by them.
    if (method.methodKind === "unary") takeQueryPaging(message, call);
    validate(method.input, message);
    // After the rules: a refusal by role says nothing about fields, and is the same whatever they hold.
    authorize(policy, callerOf(call.contextValues));
  };
}
