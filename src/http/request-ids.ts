import { randomFillSync } from "node:crypto";

/** Random bytes of one id. */
const idBytes = 10;

/** What they become: three digits, the variant and three more, twelve: `7ab-8cde-f0123456789a`. */
const textBytes = 21;

/** How many ids one call of the random generator is for: a call per request would show in the cost of a request. */
const idsPerFill = 256;

const digits = Buffer.from("0123456789abcdef");
const variants = Buffer.from("89ab");
const dash = "-".charCodeAt(0);

/** Makes request ids: UUIDv7 (RFC 9562, section 5.7), so that they sort by time. `now` is Unix time in milliseconds. */
export function createRequestIds(now: () => number = Date.now): () => string {
  const random = Buffer.alloc(idBytes * idsPerFill);
  const written = Buffer.alloc(textBytes * idsPerFill);
  let texts = "";
  let used = 0;
  // Many requests are of one millisecond.
  let millisecond = -1;
  let time = "";
  return () => {
    if (used === texts.length) {
      randomFillSync(random);
      for (let id = 0; id < idsPerFill; id++) writeRandom(random, id * idBytes, written, id * textBytes);
      texts = written.toString("latin1");
      used = 0;
    }
    const current = now();
    if (current !== millisecond) {
      millisecond = current;
      const digitsOfTime = current.toString(16).padStart(12, "0");
      time = `${digitsOfTime.slice(0, 8)}-${digitsOfTime.slice(8)}-7`;
    }
    const at = used;
    used += textBytes;
    return time + texts.slice(at, used);
  };
}

/** Writes what one id has behind its time, of the random bytes from `from` on. */
function writeRandom(random: Buffer, from: number, to: Buffer, at: number): void {
  let digit = 0;
  const next = (): number => {
    const byte = random[from + (digit >> 1)] as number;
    return digit++ % 2 === 0 ? byte >> 4 : byte & 15;
  };
  for (let i = 0; i < textBytes; i++) {
    if (i === 3 || i === 8) to[at + i] = dash;
    else to[at + i] = (i === 4 ? variants[next() & 3] : digits[next()]) as number;
  }
}
