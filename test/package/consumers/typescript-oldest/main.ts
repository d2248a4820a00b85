// The oldest compiler that Connect supports. Declarations of its packages are written for newer ones, and not checked here.
import { EventService, type SSOConfiguration, SSOConfigurationState } from "organization-service";
import {
  createOrganizationClient,
  errorDetail,
  type FieldViolation,
  fieldViolations,
  isReason,
  items,
  type OrganizationClient,
  pages,
  Reason,
} from "organization-service/client";
import { createOrganizationClient as createWebClient } from "organization-service/client/web";

declare const process: { readonly env: { readonly [name: string]: string | undefined } };
const { SERVER: baseUrl = "", TOKEN: token, ORGANIZATION: organizationId = "" } = process.env;

const node: OrganizationClient = createOrganizationClient({ baseUrl, token, retry: { attempts: 2 } });
const web = createWebClient({ baseUrl, token: async () => token, protocol: "connect", timeoutMs: 10_000 });

const { ssoConfiguration } = await web.organization.createSSOConfiguration({
  organizationId,
  displayName: "strict",
  issuerUrl: "https://idp.example.com",
  clientId: "c",
  clientSecret: "s",
});
const ssoConfigurationId = ssoConfiguration?.id ?? "";

const active: SSOConfiguration[] = [];
for await (const each of items(node.organization.listSSOConfigurations, { organizationId })) {
  if (each.state === SSOConfigurationState.SSO_CONFIGURATION_STATE_ACTIVE) active.push(each);
}
const names: string[] = [];
for await (const page of pages(web.organization.listSSOConfigurations, { organizationId })) {
  names.push(...page.ssoConfigurations.map(({ displayName }) => displayName));
}
const { entries } = await web.service(EventService).listAuditLogs({ filter: { subjectIds: [ssoConfigurationId] } });
await node.organization.deleteSSOConfiguration({ ssoConfigurationId });

async function refusal(call: Promise<unknown>): Promise<{ code?: number; violations: FieldViolation[] }> {
  try {
    await call;
    return { violations: [] };
  } catch (error: unknown) {
    const violations = fieldViolations(error);
    return isReason(error, Reason.NOT_FOUND) && errorDetail(error) ? { code: error.code, violations } : { violations };
  }
}
const gone = await refusal(node.organization.getSSOConfiguration({ ssoConfigurationId }));
const { violations } = await refusal(web.organization.getSSOConfiguration({ ssoConfigurationId: "none" }));

// @ts-expect-error: there is no such field
void (() => node.organization.getSSOConfiguration({ ssoConfiguration: "" }));

console.log(
  JSON.stringify({
    names,
    active: active.length,
    actions: entries.map(({ action }) => action),
    gone: gone.code,
    invalid: violations.map(({ field }) => field),
  }),
);
