import { Counter, Gauge, type Registry } from "prom-client";
import type { ScimTokenMetrics } from "../domain/environment.ts";

/** Shows on `/metrics` which tokens of directories run out. The labels hold no ids. */
export function createScimTokenMetrics(registry: Registry): ScimTokenMetrics {
  const expiring = new Gauge({
    name: "scim_tokens_expiring",
    help: "Enabled SCIM configurations whose token has expired, or expires within so many days and not sooner.",
    labelNames: ["within"],
    registers: [registry],
  });
  const uses = new Counter({
    name: "scim_expired_token_requests_total",
    help: "SCIM requests that came with an expired token.",
    registers: [registry],
  });
  return {
    expiring({ expired, within1Day, within7Days, within30Days }) {
      const counts = { expired, "1d": within1Day, "7d": within7Days, "30d": within30Days };
      for (const [within, count] of Object.entries(counts)) expiring.set({ within }, count);
    },
    expiredUses: (count) => uses.inc(count),
  };
}
