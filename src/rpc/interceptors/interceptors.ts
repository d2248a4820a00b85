import type { DescMethod } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import type { Policy } from "../policy.ts";
import { createAuthorize } from "./authorize.ts";
import { queryPaging } from "./query-paging.ts";
import { createValidate } from "./validate.ts";

/**
 * What every call passes between the gate and its method, outermost first. Errors of any of them, and of the protocol
 * itself, are translated by the transport's `onError`.
 */
export function createInterceptors(policies: ReadonlyMap<DescMethod, Policy>): Interceptor[] {
  return [
    // Before the rules: what the query string says is part of the request and bound by them.
    queryPaging,
    createValidate(),
    // After the rules: a refusal by role says nothing about fields, and is the same whatever they hold.
    createAuthorize(policies),
  ];
}
