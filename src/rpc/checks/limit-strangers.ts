import type { Clock } from "../../lib/clock.ts";
import { ServiceError } from "../../lib/errors.ts";
import { createRateLimiter, networkOf, type RateLimit } from "../../lib/rate-limit.ts";
import type { CallInfo } from "../../transport/index.ts";
import { clientAddressOf } from "../call.ts";
import { INFRASTRUCTURE } from "../policy.ts";

/**
 * What one network may ask without a credential, all methods together, of this process. A whole office behind one address
 * signs in within it; trying out names does not.
 */
export const STRANGERS: RateLimit = { burst: 100, perSecond: 10, keys: 10_000 };

/** Refuses strangers who ask too often, for methods that need no credential; health and reflection are not limited. */
export function createLimitStrangers(clock: Clock): (call: CallInfo) => void {
  const limiter = createRateLimiter(clock, STRANGERS);
  return ({ method, contextValues }) => {
    if (INFRASTRUCTURE.has(method.parent.typeName)) return;
    const wait = limiter.take(networkOf(clientAddressOf(contextValues)));
    if (wait === 0) return;
    throw new ServiceError("rate_limited", "too many calls from this address without a credential: try again later", {
      retryAfterSeconds: wait,
    });
  };
}
