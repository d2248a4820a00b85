// What a page does without React. The test runs each of these in a browser and looks at what it returns.
import { EventService, ResourceOperation } from "organization-service";
import { errorDetail, fieldViolations, isReason, items, Reason } from "organization-service/client/web";
import { client, organizationId } from "./client.ts";

/** An error of Connect: where the number of a code is known, there is no need to import the enum. */
const CANCELED = 1;

async function create(displayName: string): Promise<string> {
  const fields = { organizationId, issuerUrl: "https://idp.example.com", clientId: "c", clientSecret: "s" };
  const { ssoConfiguration } = await client.organization.createSSOConfiguration({ ...fields, displayName });
  return ssoConfiguration?.id ?? "";
}

async function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export const calls = {
  async readAndWrite() {
    const ssoConfigurationId = await create("written");
    await client.organization.updateSSOConfiguration({ ssoConfigurationId, displayName: "rewritten" });
    const names: string[] = [];
    const request = { organizationId, pagination: { pageSize: 1 } };
    for await (const each of items(client.organization.listSSOConfigurations, request)) names.push(each.displayName);
    await client.organization.deleteSSOConfiguration({ ssoConfigurationId });
    return names;
  },

  async fail() {
    const ssoConfigurationId = "01890000-0000-7000-8000-000000000000";
    const gone = await refusal(client.organization.getSSOConfiguration({ ssoConfigurationId }));
    const invalid = await refusal(client.organization.getSSOConfiguration({ ssoConfigurationId: "none" }));
    return {
      gone: isReason(gone, Reason.NOT_FOUND),
      requestId: errorDetail(gone)?.requestId,
      invalid: fieldViolations(invalid).map(({ field, rule }) => `${field}: ${rule}`),
    };
  },

  async abort() {
    const given = new AbortController();
    const call = refusal(client.organization.listSSOConfigurations({ organizationId }, { signal: given.signal }));
    given.abort();
    return ((await call) as { code?: number }).code === CANCELED;
  },

  /** Watches until a configuration that is made meanwhile is seen, and gives the stream up. */
  async watch() {
    const given = new AbortController();
    let ssoConfigurationId = "";
    try {
      for await (const event of client.service(EventService).watchEvents({}, { signal: given.signal })) {
        if (ssoConfigurationId === "") ssoConfigurationId = await create("watched");
        if (event.operation === ResourceOperation.CREATE && event.resourceId === ssoConfigurationId) given.abort();
      }
    } catch (error) {
      await client.organization.deleteSSOConfiguration({ ssoConfigurationId });
      return (error as { code?: number }).code === CANCELED && given.signal.aborted;
    }
    return false;
  },

  async read(times: number) {
    for (let time = 0; time < times; time++) await client.organization.listSSOConfigurations({ organizationId });
  },
};
