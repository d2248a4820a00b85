import { Counter, type Registry } from "prom-client";
import type { SignInCounter } from "../domain/environment.ts";

/** Counts sign-ins by configuration and reason. The domain names only configurations that exist, and reasons are closed. */
export function createSignInCounter(registry: Registry): SignInCounter {
  const counter = new Counter({
    name: "sign_ins_total",
    help: "Sign-ins that ended, by SSO configuration and reason; signed_in is success.",
    labelNames: ["configuration", "reason"],
    registers: [registry],
  });
  return {
    count(configurationId, reason) {
      counter.inc({ configuration: configurationId, reason });
    },
  };
}
