import type { DescMethod } from "@bufbuild/protobuf";
import { accountRows, identityRows } from "./accounts.ts";
import { apiTokenRows } from "./api-tokens.ts";
import { auditRows, eventRows } from "./audit-log.ts";
import { domainVerificationRows } from "./domain-verifications.ts";
import { groupRows } from "./groups.ts";
import { inviteRows } from "./invites.ts";
import { memberRows, userRows } from "./members.ts";
import { organizationSettingRows } from "./organization-settings.ts";
import { organizationRows } from "./organizations.ts";
import { provisioningRows } from "./provisioning.ts";
import type { Row, Rows } from "./row.ts";
import { scimConfigurationRows } from "./scim-configurations.ts";
import { sessionRows } from "./sessions.ts";
import { signInRows } from "./sign-ins.ts";
import { ssoConfigurationRows } from "./sso-configurations.ts";
import { termsOfServiceRows } from "./terms-of-service.ts";

/** The table, by service: a file of rows per noun. A method that is served and has no row fails the test. */
const ROWS: Readonly<Record<string, Rows>> = {
  "gitpod.v1.OrganizationService": {
    ...organizationRows,
    ...memberRows,
    ...inviteRows,
    ...ssoConfigurationRows,
    ...scimConfigurationRows,
    ...domainVerificationRows,
    ...organizationSettingRows,
    ...termsOfServiceRows,
  },
  "gitpod.v1.AccountService": accountRows,
  "gitpod.v1.UserService": { ...userRows, ...apiTokenRows },
  "gitpod.v1.IdentityService": identityRows,
  "gitpod.v1.GroupService": groupRows,
  "gitpod.v1.EventService": eventRows,
  "organization.v1.AuditService": auditRows,
  "organization.v1.SessionService": sessionRows,
  "organization.v1.ProvisioningService": provisioningRows,
  "organization.v1.SignInService": signInRows,
};

/** The row of a method. */
export function rowOf(method: DescMethod): Row | undefined {
  return ROWS[method.parent.typeName]?.[method.name];
}

/** Every row's method, as `package.Service/Method`. */
export function tabled(): string[] {
  return Object.entries(ROWS).flatMap(([service, rows]) => Object.keys(rows).map((method) => `${service}/${method}`));
}
