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
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/**
 * Lines that come while one is being written go out together with the next write: a write of its own would cost more
 * than the rest of a request. The last ones are written before the process ends.
 */
function standardError() {
  const destination = pino.destination({ dest: 2, sync: false });
  process.once("exit", () => {
    try {
      destination.flushSync();
    } catch {
      // Nobody reads standard error any more.
    }
  });
  return destination;
}
