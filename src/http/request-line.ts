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
  const members = `"requestId":"${record.id}",${measured(ending)}${known(record, ending).text}`;
  if (record.error === undefined) writeLine(log, level, members, "request");
  else log[level]({ ...JSON.parse(`{${members}}`), err: record.error }, "request");
}

/** The members that are another for every request. */
function measured({ seconds, bytes }: Ending): string {
  const duration = `"durationMs":${milliseconds(seconds)}`;
  return bytes === undefined ? duration : `${duration},"bytes":${bytes}`;
}

/** To three places. Most of them never came before, and Node formats a number of that kind slower than two whole ones. */
function milliseconds(seconds: number): string {
  const microseconds = Math.round(seconds * 1e6);
  const rest = microseconds % 1_000;
  return `${(microseconds - rest) / 1_000}.${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}`;
}

/** The members that came together before, for nearly every request: who called what, from where, and how it ended. */
function known(record: RequestRecord, { status, aborted }: Ending): Members {
  let members = Members.none;
  for (const name in record.fields) members = members.and(name, record.fields[name]);
  const { method, loggedPath, door, clientAddress } = record;
  const path = loggedPath.length > longestPath ? `${loggedPath.slice(0, longestPath)}…` : loggedPath;
  members = members.and("method", method).and("path", path).and("status", status).and("door", door);
  return members.and("clientAddress", clientAddress).and("aborted", aborted || undefined);
}

/** So many of them are remembered; then all are forgotten, and remembered anew. */
const mostMembers = 2_000;

/**
 * Members of a JSON object, each behind a comma, with those that came behind them before: most of a line is looked up and
 * not written.
 */
class Members {
  static none = new Members("", "");
  static #count = 0;
  readonly text: string;
  readonly #name: string;
  #longer: Map<unknown, Members> | undefined;

  constructor(text: string, name: string) {
    this.text = text;
    this.#name = name;
  }

  /** These and one more, unless its value is undefined. */
  and(name: string, value: unknown): Members {
    if (value === undefined) return this;
    const found = this.#longer?.get(value);
    if (found?.isOf(name)) return found;
    const longer = new Members(`${this.text},${JSON.stringify(name)}:${JSON.stringify(value)}`, name);
    if (typeof value !== "object") this.#remember(value, longer);
    return longer;
  }

  /** Whether the last one has this name; the same value may come under several. */
  isOf(name: string): boolean {
    return this.#name === name;
  }

  #remember(value: unknown, longer: Members): void {
    if (Members.#count >= mostMembers) {
      Members.#count = 0;
      Members.none = new Members("", "");
    }
    Members.#count += 1;
    this.#longer ??= new Map();
    this.#longer.set(value, longer);
  }
}
