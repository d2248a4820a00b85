import type { Wire } from "./sql/changes.ts";

/** Milliseconds between two looks at the file. A look reads one number out of shared memory. */
const POLL_MS = 200;

/**
 * Processes that share a SQLite file cannot call each other, but each can see that the file was changed
 * (https://www.sqlite.org/pragma.html#pragma_data_version).
 * @param dataVersion asks on a connection that never writes.
 */
export function createSqliteWire(dataVersion: () => Promise<number>): Wire {
  return {
    listen(report) {
      let known: number | undefined;
      let looking: Promise<void> | undefined;
      const look = async () => {
        // What cannot be read now (the file is busy) is seen at the next look.
        const version = await dataVersion().catch(() => known);
        if (version !== known && known !== undefined) report(undefined);
        known = version;
      };
      const timer = setInterval(() => {
        looking ??= look().finally(() => {
          looking = undefined;
        });
      }, POLL_MS);
      timer.unref();
      // Whatever was committed before the first look was committed before anybody could have been told.
      looking = look().finally(() => {
        looking = undefined;
        report(undefined);
      });
      return async () => {
        clearInterval(timer);
        await looking;
      };
    },

    async tell() {},
  };
}
