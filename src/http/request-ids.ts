import { randomFillSync } from "node:crypto";

/** Random bytes of one id. */
const idBytes = 10;

/** How many ids one call of the random generator is for: a call per request would show in the cost of a request. */
const idsPerFill = 256;

/** Makes request ids: UUIDv7 (RFC 9562, section 5.7), so that they sort by time. `now` is Unix time in milliseconds. */
export function createRequestIds(now: () => number = Date.now): () => string {
  const pool = Buffer.alloc(idBytes * idsPerFill);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const time = now().toString(16).padStart(12, "0");
    const variant = "89ab"[pool[used]! & 3];
    const random = pool.toString("hex", used + 1, used + idBytes);
    used += idBytes;
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(3, 6)}-${random.slice(6)}`;
  };
}
