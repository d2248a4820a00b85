import type { ReceivedClaimsRecord, Records } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import type { Environment } from "../environment.ts";
import type { SsoConfiguration } from "../sso-configurations.ts";
import { isSent, usedClaims } from "./decision.ts";
import type { JsonObject } from "./fetch-json.ts";

/** Milliseconds for which the claims of the last sign-in are kept: 30 days. */
export const RECEIVED_LIFETIME_MS = 30 * 24 * 60 * 60_000;

/** Claims of which more than this is kept nowhere, in characters of JSON. */
const MAX_KEPT = 262_144;
/** Milliseconds between two warnings about the same configuration: people differ in what is sent about them. */
const WARN_EVERY_MS = 24 * 60 * 60_000;

/** The claims of the last sign-in, with the time. */
export interface ReceivedClaims {
  readonly claims: JsonObject;
  readonly receivedAt: number;
}

type Configuration = Pick<SsoConfiguration, "id" | "organizationId" | "claims" | "claimsExpression">;

/** What identity providers sent at the last sign-in through each configuration. */
export function createReceivedClaims(environment: Environment) {
  const { storage, keyring, clock, log } = environment;

  async function get({ id, organizationId }: Pick<SsoConfiguration, "id" | "organizationId">) {
    const record = await storage.read.receivedClaims.get(organizationId, id);
    if (!record || record.receivedAt + RECEIVED_LIFETIME_MS <= clock.now()) return undefined;
    const claims = JSON.parse(await keyring.open(record.sealed, purposeOf(id))) as JsonObject;
    return { claims, receivedAt: record.receivedAt } satisfies ReceivedClaims;
  }

  async function writeWarning(records: Records, { id, organizationId }: Configuration, claims: readonly string[]) {
    if (!(await records.ssoConfigurations.get(organizationId, id))) return;
    const subject = { organizationId, subjectType: "sso_config", subjectId: id, operation: "update_status" } as const;
    if (!(await records.jobRuns.claim(`claims_warning/${id}`, clock.now(), WARN_EVERY_MS, subject))) return;
    const context = { caller: { kind: "system" }, requestId: "", action: "sso_configuration.claims_missing" } as const;
    await recordChange(environment, records, context, { ...subject, after: { claims } });
  }

  return {
    /** The claims of the last sign-in; undefined when there was none within 30 days. */
    get,

    /** Seals claims for their row, which is written with `records.receivedClaims.put`. Undefined when they are too many. */
    async seal(configuration: Configuration, claims: JsonObject): Promise<ReceivedClaimsRecord | undefined> {
      const { id, organizationId } = configuration;
      const text = JSON.stringify(claims);
      if (text.length > MAX_KEPT) return undefined;
      const sealed = await keyring.seal(text, purposeOf(id));
      return { ssoConfigurationId: id, organizationId, sealed, receivedAt: clock.now() };
    },

    /**
     * Warns the operator when a claim that the configuration uses came at the last sign-in and does not come any more.
     * Throws nothing.
     */
    async compare(configuration: Configuration, claims: JsonObject): Promise<void> {
      try {
        const before = await get(configuration);
        if (!before) return;
        const lost = usedClaims(configuration).filter((name) => isSent(before.claims, name) && !isSent(claims, name));
        if (lost.length === 0) return;
        const { id, organizationId } = configuration;
        log.warn({ configuration: id, organizationId, claims: lost }, "the identity provider stopped sending claims");
        await storage.write((records) => writeWarning(records, configuration, lost));
      } catch (error) {
        log.error(
          { err: error, configuration: configuration.id },
          "claims not compared with those of the last sign-in",
        );
      }
    },
  };
}

export type ReceivedClaimsKeeper = ReturnType<typeof createReceivedClaims>;

function purposeOf(configurationId: string): string {
  return `sso_configuration/${configurationId}/received_claims`;
}
