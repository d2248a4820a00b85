import { type Duration, durationMs, type Timestamp, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { canonicalUuid } from "../lib/ids.ts";

/** Milliseconds since the epoch as a Timestamp. */
export const timestamp = (ms: number): Timestamp => timestampFromMs(ms);

/** A Timestamp as milliseconds since the epoch; what lies between two milliseconds is dropped. */
export const milliseconds = (value: Timestamp): number => Number(value.seconds) * 1000 + Math.floor(value.nanos / 1e6);

/** A Duration in whole seconds, rounded up. */
export const seconds = (value: Duration | undefined): number | undefined =>
  value === undefined ? undefined : Math.ceil(durationMs(value) / 1000);

/** The stored form of an id that the schema has found to be a UUID: hexadecimal digits compare without case. */
export const id = (text: string): string => canonicalUuid(text) ?? text;
