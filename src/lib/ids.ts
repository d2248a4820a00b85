import { randomUUID } from "node:crypto";
import { v7 } from "uuid";

/**
 * A new row id: UUIDv7 (RFC 9562, section 5.7), so that id order is creation order and keyset paging is an index scan.
 * Ids of one process are strictly increasing.
 */
export function newId(): string {
  return v7();
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
