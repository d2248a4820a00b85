import { type Logger, pino } from "pino";

export type { Logger };

/** Levels that a person may ask for, quietest first. */
export const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * One JSON object a line on standard error; standard output belongs to the commands. Errors are logged whole, with
 * their causes. Secrets never reach a log call: requests are logged by id and procedure, not by content.
 */
export function createLog(level: LogLevel, destination: { write(line: string): void } = standardError()): Logger {
  return pino({ level, base: null, timestamp: isoTime }, destination);
}

/**
 * Writes a line as `log[level](fields, message)` does, at half the cost: for lines of which there are many.
 * @param members of a JSON object, without the braces; at least one
 * @param message needs no quoting in JSON
 */
export function writeLine(log: Logger, level: LogLevel, members: string, message: string): void {
  if (!log.isLevelEnabled(level)) return;
  const {
    [pino.symbols.streamSym]: stream,
    [pino.symbols.chindingsSym]: bindings,
    [pino.symbols.timeSym]: time,
  } = log as unknown as Internals;
  stream.write(`{"level":${log.levels.values[level]}${time()}${bindings},${members},"msg":"${message}"}\n`);
}

/** Of a logger: where its lines go, what its ancestors have bound and the time, the latter two as members of JSON. */
interface Internals {
  readonly [pino.symbols.timeSym]: () => string;
  readonly [pino.symbols.streamSym]: { write(line: string): void };
  readonly [pino.symbols.chindingsSym]: string;
}

let millisecond = 0;
let member = "";

/** The member `time` of a line (RFC 3339). Many lines are of one millisecond. */
function isoTime(): string {
  const now = Date.now();
  if (now !== millisecond) {
    millisecond = now;
    member = `,"time":"${new Date(now).toISOString()}"`;
  }
  return member;
}

/** Behind a write, lines wait until they are so many bytes together, or so many milliseconds have passed. */
const BATCH_BYTES = 64 * 1024;
const BATCH_MS = 50;

/** UTF-8 takes at most so many bytes for each unit of a JavaScript string. */
const MOST_BYTES_PER_UNIT = 3;

/**
 * A line that comes alone is written at once. Those that come close behind it go out together, since a write of its own
 * would cost more than the rest of a request. The last ones are written before the process ends.
 */
function standardError(): { write(line: string): void } {
  // Not in the background: a write that is still on its way when the process ends can be neither waited for nor undone.
  const destination = pino.destination({ dest: 2, sync: true, contentMode: "buffer" });
  const write = (bytes: Buffer) => destination.write(bytes as unknown as string);
  const batch = Buffer.allocUnsafe(BATCH_BYTES);
  let used = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    if (used === 0) return;
    write(batch.subarray(0, used));
    used = 0;
  };
  const wait = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (used === 0) return;
      flush();
      wait();
    }, BATCH_MS).unref();
  };
  process.once("exit", () => {
    try {
      flush();
    } catch {
      // Nobody reads standard error any more.
    }
  });
  return {
    write(line) {
      const most = line.length * MOST_BYTES_PER_UNIT;
      if (used + most > batch.length) flush();
      if (timer === undefined) wait();
      else if (most <= batch.length) {
        // At once, and not as one long text at the end: by then its parts have left the processor's caches.
        used += batch.write(line, used);
        return;
      }
      write(Buffer.from(line));
    },
  };
}
