import { EVERY_ORGANIZATION, type Records, type ScimConfigurationRecord } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import type { Environment } from "../environment.ts";
import type { Context } from "../principals.ts";

const DAY_MS = 86_400_000;

/** Days before a token expires on which an event says so. */
const NOTICE_DAYS = [1, 7, 30] as const;

/** How many enabled configurations have a token that expires within so many days, or has expired. */
export interface ExpiringTokens {
  readonly expired: number;
  readonly within1Day: number;
  readonly within7Days: number;
  readonly within30Days: number;
}

/**
 * Tells of tokens that expire in 30, 7 and 1 days, each once, whichever replica looks. A token that is found late is told of by
 * the nearest day alone.
 */
export async function noticeExpiries(environment: Environment): Promise<ExpiringTokens> {
  const { storage, clock } = environment;
  const counts = { expired: 0, within1Day: 0, within7Days: 0, within30Days: 0 };
  for (let after: string | undefined, more = true; more; ) {
    const page = await storage.read.scimConfigurations.list(EVERY_ORGANIZATION, { limit: 200, after });
    for (const configuration of page.items) {
      if (!configuration.enabled) continue;
      const days = (configuration.tokenExpiresAt - clock.now()) / DAY_MS;
      if (days <= 0) counts.expired++;
      else if (days <= 1) counts.within1Day++;
      else if (days <= 7) counts.within7Days++;
      else if (days <= 30) counts.within30Days++;
      const notice = days <= 0 ? undefined : NOTICE_DAYS.find((day) => days <= day);
      if (notice !== undefined) await tell(environment, configuration, notice);
    }
    after = page.next;
    more = after !== undefined;
  }
  return counts;
}

/** Tells, once a day, that somebody goes on sending an expired token: a directory that provisions nothing any more. */
export async function noticeExpiredUse(environment: Environment, configurationId: string): Promise<void> {
  const { storage, clock } = environment;
  await storage.write(async (records) => {
    const configuration = await records.scimConfigurations.get(EVERY_ORGANIZATION, configurationId);
    if (!configuration) return;
    const name = `expired SCIM token of ${configurationId}`;
    if (!(await records.jobRuns.claim(name, clock.now(), DAY_MS, subjectOf(configuration)))) return;
    await record(environment, records, configuration, "scim_token.expired_use");
  });
}

async function tell(environment: Environment, configuration: ScimConfigurationRecord, days: number): Promise<void> {
  const { id, tokenExpiresAt } = configuration;
  const name = `SCIM token of ${id} until ${tokenExpiresAt}: ${days} days`;
  await environment.storage.write(async (records) => {
    if (!(await records.scimConfigurations.get(EVERY_ORGANIZATION, id))) return;
    const told = Number.MAX_SAFE_INTEGER;
    if (!(await records.jobRuns.claim(name, environment.clock.now(), told, subjectOf(configuration)))) return;
    await record(environment, records, configuration, "scim_token.expires", { days });
  });
}

const subjectOf = ({ id, organizationId }: ScimConfigurationRecord) => ({ organizationId, subjectId: id });

async function record(
  environment: Environment,
  records: Records,
  { id, organizationId, tokenExpiresAt }: ScimConfigurationRecord,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const context: Context = { caller: { kind: "system" }, requestId: "", action };
  await recordChange(environment, records, context, {
    organizationId,
    subjectType: "scim_configuration",
    subjectId: id,
    operation: "update_status",
    after: { tokenExpiresAt: new Date(tokenExpiresAt).toISOString(), ...more },
  });
}
