import type { DescMethod } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { callerOf } from "../call.ts";
import { authorize, type Policy } from "../policy.ts";

/** Holds the caller to the method's permission option. A method without a policy is refused by a thrown error. */
export function createAuthorize(policies: ReadonlyMap<DescMethod, Policy>): Interceptor {
  return (next) => (request) => {
    const policy = policies.get(request.method);
    if (!policy) throw new Error(`no policy for ${request.method.parent.typeName}.${request.method.name}`);
    authorize(policy, callerOf(request.contextValues));
    return next(request);
  };
}
