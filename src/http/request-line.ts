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
    if (value !== undefined)
      members += `"${name}":${typeof value === "string" ? quoted(value) : JSON.stringify(value)},`;
  }
  const { id, method, loggedPath, door, clientAddress } = record;
  const path = loggedPath.length > longestPath ? `${loggedPath.slice(0, longestPath)}…` : loggedPath;
  members += `"requestId":"${id}","method":${quoted(method)},"path":${quoted(path)},"status":${status},"door":"${door}"`;
  members += `,"durationMs":${milliseconds(seconds)}`;
  if (bytes !== undefined) members += `,"bytes":${bytes}`;
  if (clientAddress !== undefined) members += `,"clientAddress":${quoted(clientAddress)}`;
  return aborted ? `${members},"aborted":true` : members;
}

/** To three places. Most of them never came before, and Node formats a number of that kind slower than two whole ones. */
function milliseconds(seconds: number): string {
  const microseconds = Math.round(seconds * 1e6);
  const rest = microseconds % 1_000;
  return `${(microseconds - rest) / 1_000}.${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}`;
}

const mostQuoted = 500;

/** Nearly all texts of a line came before: paths, procedures, addresses, callers. */
const quotedTexts = new Map<string, string>();

function quoted(text: string): string {
  let known = quotedTexts.get(text);
  if (known === undefined) {
    known = JSON.stringify(text);
    if (quotedTexts.size >= mostQuoted) quotedTexts.clear();
    quotedTexts.set(text, known);
  }
  return known;
}
