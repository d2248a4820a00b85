import { randomFillSync } from "node:crypto";

/** Random bytes of one id. */
const idBytes = 10;

/** How many ids one call of the random generator is for: a call per request would show in the cost of a request. */
const idsPerFill = 256;

/** Makes request ids: UUIDv7 (RFC 9562, section 5.7), so that they sort by time. `now` is Unix time in milliseconds. */
export function createRequestIds(now: () => number = Date.now): () => string {
  const pool = Buffer.alloc(idBytes * idsPerFill);
  let digits = "";
  let used = 0;
  // Many requests are of one millisecond.
  let millisecond = -1;
  let time = "";
  return () => {
    if (used === digits.length) {
      digits = randomFillSync(pool).toString("hex");
      used = 0;
    }
    const current = now();
    if (current !== millisecond) {
      millisecond = current;
      const digitsOfTime = current.toString(16).padStart(12, "0");
      time = `${digitsOfTime.slice(0, 8)}-${digitsOfTime.slice(8)}-7`;
    }
    const at = used;
    used += 2 * idBytes;
    // Two bits of the first digit, then three groups of the digits behind it.
    const variant = "89ab89ab89ab89ab"[Number.parseInt(digits[at] as string, 16)];
    const [a, b, c] = [digits.slice(at + 1, at + 4), digits.slice(at + 4, at + 7), digits.slice(at + 7, at + 19)];
    return `${time}${a}-${variant}${b}-${c}`;
  };
}
