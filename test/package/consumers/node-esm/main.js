// Plain JavaScript in Node.js, over each protocol: read, write, page, watch, fail.
import { ResourceOperation } from "organization-service";
import {
  createOrganizationClient,
  errorDetail,
  fieldViolations,
  isReason,
  items,
  Reason,
} from "organization-service/client";

const { SERVER, TOKEN, ORGANIZATION, PROTOCOL } = process.env;
const organizationId = ORGANIZATION;
const client = createOrganizationClient({ baseUrl: SERVER, token: () => TOKEN, protocol: PROTOCOL });

const events = client.event.watchEvents({})[Symbol.asyncIterator]();
await events.next();
const made = [];
for (const displayName of ["one", "two", "three"]) {
  const fields = { organizationId, issuerUrl: "https://idp.example.com", clientId: "c", clientSecret: "s" };
  const { ssoConfiguration } = await client.organization.createSSOConfiguration({ ...fields, displayName });
  made.push(ssoConfiguration.id);
}
const { value: event } = await events.next();
await events.return();

const names = [];
const request = { organizationId, pagination: { pageSize: 2 } };
for await (const { displayName } of items(client.organization.listSSOConfigurations, request)) names.push(displayName);
for (const ssoConfigurationId of made) await client.organization.deleteSSOConfiguration({ ssoConfigurationId });

const gone = await client.organization.getSSOConfiguration({ ssoConfigurationId: made[0] }).catch((error) => error);
const invalid = await client.organization.getSSOConfiguration({ ssoConfigurationId: "none" }).catch((error) => error);
console.log(
  JSON.stringify({
    watched: event.operation === ResourceOperation.CREATE && event.resourceId === made[0],
    names: names.sort(),
    gone: isReason(gone, Reason.NOT_FOUND) && errorDetail(gone).requestId !== "",
    invalid: fieldViolations(invalid).map(({ field }) => field),
  }),
);
