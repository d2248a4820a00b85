import type { DescMethod } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import type { Clock } from "../../lib/clock.ts";
import type { Policy } from "../policy.ts";
import { createAuthorize } from "./authorize.ts";
import { createLimitStrangers } from "./limit-strangers.ts";
import { queryPaging } from "./query-paging.ts";
import { createValidate } from "./validate.ts";

/**
 * What every call passes between the gate and its method, outermost first. Errors of any of them, and of the protocol
 * itself, are translated by the transport's `onError`.
 */
export function createInterceptors(policies: ReadonlyMap<DescMethod, Policy>, clock: Clock): Interceptor[] {
  return [
    // First, so that what is refused costs nothing.
    createLimitStrangers(policies, clock),
    // Before the rules: what the query string says is part of the request and bound by them.
    queryPaging,
    createValidate(),
    // After the rules: a refusal by role says nothing about fields, and is the same whatever they hold.
    createAuthorize(policies),
  ];
}
