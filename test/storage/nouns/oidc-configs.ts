import fc from "fast-check";
import type { Records } from "../../../src/storage/storage.ts";
import { singletonCases } from "../cases/singletons.ts";
import type { Subject } from "../subject.ts";
import { anyTexts } from "../traps.ts";

/** Puts the organization's choice. */
export function putOidcConfig(records: Records, organizationId: string): Promise<void> {
  return records.oidcConfigs.put({ organizationId, version: "v3", extraSubFields: ["email"] });
}

/** `OidcConfigStore`. */
export function oidcConfigs(subject: Subject): void {
  singletonCases(subject, {
    get: (records, organizationId) => records.oidcConfigs.get(organizationId),
    put: (records, config) => records.oidcConfigs.put(config),
    fields: { version: fc.constantFrom("v2", "v3"), extraSubFields: anyTexts },
  });
}
