import type { DescMethod } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import type { Clock } from "../../lib/clock.ts";
import { ServiceError } from "../../lib/errors.ts";
import { createRateLimiter, networkOf, type RateLimit } from "../../lib/rate-limit.ts";
import { clientAddressOf } from "../call.ts";
import { INFRASTRUCTURE, type Policy } from "../policy.ts";

/**
 * What one network may ask without a credential, all methods together, of this process. A whole office behind one address
 * signs in within it; trying out names does not.
 */
export const STRANGERS: RateLimit = { burst: 100, perSecond: 10, keys: 10_000 };

/** Refuses strangers who ask too often. Methods that need a credential, health and reflection are not limited. */
export function createLimitStrangers(policies: ReadonlyMap<DescMethod, Policy>, clock: Clock): Interceptor {
  const limiter = createRateLimiter(clock, STRANGERS);
  return (next) => (request) => {
    const open = policies.get(request.method)?.caller === "anyone";
    if (!open || INFRASTRUCTURE.has(request.service.typeName)) return next(request);
    const wait = limiter.take(networkOf(clientAddressOf(request.contextValues)));
    if (wait === 0) return next(request);
    throw new ServiceError("rate_limited", "too many calls from this address without a credential: try again later", {
      retryAfterSeconds: wait,
    });
  };
}
