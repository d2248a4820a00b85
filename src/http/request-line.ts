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
  const members = membersOf(record, ending);
  if (record.error === undefined) writeLine(log, level, members, "request");
  else log[level]({ ...JSON.parse(`{${members}}`), err: record.error }, "request");
}

/** Put together by hand, since most of it needs no quoting: the rest of a request's line costs less than `JSON.stringify`. */
function membersOf(record: RequestRecord, { status, seconds, bytes, aborted }: Ending): string {
  let members = "";
  for (const name in record.fields) {
    const value = record.fields[name];
    if (value !== undefined) members += `"${name}":${json(value)},`;
  }
  const { id, method, loggedPath, door, clientAddress } = record;
  const path = loggedPath.length > longestPath ? `${loggedPath.slice(0, longestPath)}…` : loggedPath;
  members += `"requestId":"${id}","method":${json(method)},"path":${json(path)},"status":${status},"door":"${door}"`;
  members += `,"durationMs":${Math.round(seconds * 1e6) / 1e3}`;
  if (bytes !== undefined) members += `,"bytes":${bytes}`;
  if (clientAddress !== undefined) members += `,"clientAddress":${json(clientAddress)}`;
  return aborted ? `${members},"aborted":true` : members;
}

/** Text that is the same in JSON (RFC 8259, section 7), quotes aside. */
const plain = /^[ !#-[\]-~]*$/;

function json(value: unknown): string {
  return typeof value === "string" && plain.test(value) ? `"${value}"` : JSON.stringify(value);
}
