import { type Logger, writeLine } from "../lib/log.ts";
import type { RequestRecord } from "./record.ts";

/** Longest path in a log line, in characters. */
const longestPath = 512;

/** How a request ended. */
export type Ending = {
  readonly status: number;
  readonly seconds: number;
  /** Of the body; undefined when nobody counted. */
  readonly bytes: number | undefined;
  /** The caller went away, or was cut off, before it had the whole answer. */
  readonly aborted: boolean;
};

/**
 * Writes the one line of a request. It holds the path without the query, which may carry codes and tokens, and no header.
 * The level is error when something unexpected happened, debug for the good answers of quiet doors, info otherwise.
 */
export function writeRequestLine(log: Logger, record: RequestRecord, ending: Ending, quiet: boolean): void {
  const level = record.error !== undefined ? "error" : quiet && ending.status < 400 ? "debug" : "info";
  if (!log.isLevelEnabled(level)) return;
  const line: Record<string, unknown> = {
    ...record.fields,
    requestId: record.id,
    method: record.method,
    path: record.loggedPath.length > longestPath ? `${record.loggedPath.slice(0, longestPath)}…` : record.loggedPath,
    status: ending.status,
    door: record.door,
    durationMs: Math.round(ending.seconds * 1e6) / 1e3,
    bytes: ending.bytes,
    clientAddress: record.clientAddress,
  };
  if (ending.aborted) line.aborted = true;
  if (record.error === undefined) writeLine(log, level, line, "request");
  else log[level]({ ...line, err: record.error }, "request");
}
