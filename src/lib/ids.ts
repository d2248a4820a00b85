import { randomFillSync, randomUUID } from "node:crypto";

/** What is random of an id, `-8abc-def012345678`: a digit of the variant and fifteen others. */
const RANDOM_LENGTH = 18;
const DASH = "-".charCodeAt(0);
const VARIANTS = Buffer.from("89ab");
const DIGITS = Buffer.from("0123456789abcdef");

/** The same of so many ids: a call of the random generator for each would cost more than the rest. */
const bytes = Buffer.alloc(RANDOM_LENGTH * 256);

/** The version, in front of the 12 bits that count. */
const VERSION = 0x7000;
const COUNTS = 0x1000;

let millisecond = 0;
/** Ids of the millisecond so far. */
let count = 0;
/** What they begin with: the time. */
let beginning = "";
/** What is random of the ids to come. */
let drawn = "";
let used = 0;

/**
 * A new row id, or the id of a request: UUIDv7 (RFC 9562, section 5.7), so that id order is creation order and keyset paging
 * is an index scan. Ids of one process are strictly increasing: those of one millisecond are counted in the bits behind
 * it (section 6.2, method 1), and when there are too many, the next millisecond begins early.
 */
export function newId(): string {
  const now = Date.now();
  if (now > millisecond) begin(now);
  else if (++count === COUNTS) begin(millisecond + 1);
  if (used === drawn.length) draw();
  used += RANDOM_LENGTH;
  return beginning + (VERSION + count).toString(16) + drawn.slice(used - RANDOM_LENGTH, used);
}

function draw(): void {
  randomFillSync(bytes);
  for (let i = 0; i < bytes.length; i++) {
    const at = i % RANDOM_LENGTH;
    const byte = bytes[i] as number;
    if (at === 0 || at === 5) bytes[i] = DASH;
    else bytes[i] = (at === 1 ? VARIANTS[byte & 3] : DIGITS[byte & 15]) as number;
  }
  drawn = bytes.toString("latin1");
  used = 0;
}

function begin(time: number): void {
  const digits = time.toString(16).padStart(12, "0");
  millisecond = time;
  count = 0;
  beginning = `${digits.slice(0, 8)}-${digits.slice(8)}-`;
}

/** An id that grants something to whoever holds it: UUIDv4 from the CSPRNG (RFC 9562, section 5.4). */
export function newSecretId(): string {
  return randomUUID();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The stored form of a UUID (lower case), or undefined when the text is no UUID. */
export function canonicalUuid(text: string): string | undefined {
  const folded = text.toLowerCase();
  return UUID.test(folded) ? folded : undefined;
}
