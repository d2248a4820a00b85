import type { DescMethod } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import type { Clock } from "../../lib/clock.ts";
import { callerOf } from "../call.ts";
import { authorize, type Policy } from "../policy.ts";
import { createLimitStrangers } from "./limit-strangers.ts";
import { takeQueryPaging } from "./query-paging.ts";
import { createValidate } from "./validate.ts";

/**
 * What every call passes between the gate and its method, in one interceptor: one for each check would cost more than the
 * checks. Errors of any of them, and of the protocol itself, are translated by the transport's `onError`. A method without
 * a policy is refused by a thrown error.
 */
export function createChecks(policies: ReadonlyMap<DescMethod, Policy>, clock: Clock): Interceptor {
  const limitStrangers = createLimitStrangers(clock);
  const validate = createValidate();

  return (next) => (request) => {
    const { method, contextValues } = request;
    const policy = policies.get(method);
    if (!policy) throw new Error(`no policy for ${method.parent.typeName}.${method.name}`);
    // First, so that what is refused costs nothing.
    if (policy.caller === "anyone") limitStrangers(request);
    if (request.stream) {
      authorize(policy, callerOf(contextValues));
      return next({ ...request, message: validate.each(method.input, request.message) });
    }
    // Before the rules: what the query string says is part of the request and bound by them.
    takeQueryPaging(request);
    validate.one(method.input, request.message);
    // After the rules: a refusal by role says nothing about fields, and is the same whatever they hold.
    authorize(policy, callerOf(contextValues));
    return next(request);
  };
}
