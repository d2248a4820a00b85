import type { Provisioning } from "../domain/provisioning.ts";
import type { Logger } from "../lib/log.ts";

/** How often logged requests are written, last uses of tokens, and what is old deleted; milliseconds. */
const REQUESTS_MS = 1_000;
const USES_MS = 30_000;
const OLD_MS = 10 * 60_000;

/** What SCIM leaves to be done between requests. Safe with several replicas: each writes its own, and deletes what is old. */
export function createProvisioningJobs(provisioning: Provisioning, log: Logger) {
  const every = (milliseconds: number, what: string, work: () => Promise<unknown>) => {
    const run = () => work().catch((error: unknown) => log.warn({ err: error }, `${what} failed`));
    return { run, timer: setInterval(run, milliseconds).unref() };
  };
  const requests = every(REQUESTS_MS, "writing the log of SCIM requests", () => provisioning.flushRequests());
  const uses = every(USES_MS, "noting last uses of SCIM tokens", () => provisioning.flushUses());
  const old = every(OLD_MS, "deleting old SCIM requests", () => provisioning.deleteOld());
  return {
    /** Ends the jobs, and writes what waits to be written. */
    async close(): Promise<void> {
      for (const { timer } of [requests, uses, old]) clearInterval(timer);
      await requests.run();
      await uses.run();
    },
  };
}
