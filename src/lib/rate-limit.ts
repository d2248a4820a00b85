import type { Clock } from "./clock.ts";

/** How much one key may do. */
export interface RateLimit {
  /** Calls at once, after a pause: the size of the bucket. */
  readonly burst: number;
  /** Calls a second, for as long as one likes: how fast the bucket fills. */
  readonly perSecond: number;
  /** Keys that are remembered at most. When there are more, those that called longest ago begin anew. */
  readonly keys: number;
}

/** Token buckets, one for each key. */
export interface RateLimiter {
  /** Takes one call. 0 when it may be made, otherwise the seconds to wait until the next one may. */
  take(key: string): number;
}

/**
 * The key of whoever has an IP address: an IPv4 address, or the 64 bits of an IPv6 address that name the network, since one
 * host has all the others to itself (RFC 4291, section 2.5.4).
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array<string>(zeros).fill("0"), ...rest].slice(0, 4).join(":");
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Makes a limiter whose memory is bounded by `keys`. It knows of this process's calls alone. */
export function createRateLimiter(clock: Clock, { burst, perSecond, keys }: RateLimit): RateLimiter {
  // A Map keeps the order of insertion, so its first key is the one that called longest ago.
  const buckets = new Map<string, Bucket>();

  function refilled(key: string, now: number): Bucket {
    const known = buckets.get(key);
    if (!known) return { tokens: burst, at: now };
    // A clock that was set back gives nothing, and takes nothing.
    const seconds = Math.max(0, now - known.at) / 1000;
    return { tokens: Math.min(burst, known.tokens + seconds * perSecond), at: now };
  }

  return {
    take(key) {
      const bucket = refilled(key, clock.now());
      const wait = bucket.tokens >= 1 ? 0 : (1 - bucket.tokens) / perSecond;
      if (wait === 0) bucket.tokens -= 1;
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > keys) buckets.delete(buckets.keys().next().value as string);
      return wait;
    },
  };
}
