import type { DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { AccountService } from "../../gen/gitpod/v1/account_service_pb.ts";
import { EventService } from "../../gen/gitpod/v1/event_service_pb.ts";
import { GroupService } from "../../gen/gitpod/v1/group_service_pb.ts";
import { IdentityService } from "../../gen/gitpod/v1/identity_service_pb.ts";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { UserService } from "../../gen/gitpod/v1/user_service_pb.ts";
import { AuditService } from "../../gen/organization/v1/audit_service_pb.ts";
import { ProvisioningService } from "../../gen/organization/v1/provisioning_service_pb.ts";
import { SessionService } from "../../gen/organization/v1/session_service_pb.ts";
import { SignInService } from "../../gen/organization/v1/sign_in_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import { accountMethods } from "./accounts.ts";
import { announcementBannerMethods } from "./announcement-banners.ts";
import { apiTokenMethods } from "./api-tokens.ts";
import { auditLogMethods, auditMethods } from "./audit-log.ts";
import { billingMethods } from "./billing.ts";
import type { ToContext } from "./call.ts";
import { customDomainMethods } from "./custom-domains.ts";
import { domainVerificationMethods } from "./domain-verifications.ts";
import { eventMethods } from "./events.ts";
import { exchangeTokenMethods } from "./exchange-tokens.ts";
import { groupMembershipMethods } from "./group-memberships.ts";
import { groupMethods } from "./groups.ts";
import { idTokenMethods } from "./id-tokens.ts";
import { identityMethods } from "./identity.ts";
import { inviteMethods } from "./invites.ts";
import { memberMethods } from "./members.ts";
import { oidcConfigMethods } from "./oidc-configs.ts";
import { organizationPolicyMethods } from "./organization-policies.ts";
import { organizationMethods } from "./organizations.ts";
import { provisioningMethods } from "./provisioning.ts";
import { scimConfigurationMethods } from "./scim-configurations.ts";
import { sessionMethods } from "./sessions.ts";
import { signInMethods } from "./sign-ins.ts";
import { ssoConfigurationMethods } from "./sso-configurations.ts";
import { termsOfServiceMethods } from "./terms-of-service.ts";
import { userMethods } from "./users.ts";

/** Every service of ours; health and reflection come beside them. */
export const SERVICES: readonly DescService[] = [
  OrganizationService,
  AccountService,
  UserService,
  GroupService,
  IdentityService,
  EventService,
  AuditService,
  SessionService,
  ProvisioningService,
  SignInService,
];

/** Registers every service: one line per noun. */
export function registerServices(router: ConnectRouter, domain: Domain, toContext: ToContext): void {
  router.service(OrganizationService, {
    ...organizationMethods(domain, toContext),
    ...memberMethods(domain, toContext),
    ...inviteMethods(domain, toContext),
    ...ssoConfigurationMethods(domain, toContext),
    ...scimConfigurationMethods(domain, toContext),
    ...domainVerificationMethods(domain, toContext),
    ...organizationPolicyMethods(domain, toContext),
    ...announcementBannerMethods(domain, toContext),
    ...customDomainMethods(domain, toContext),
    ...oidcConfigMethods(domain, toContext),
    ...termsOfServiceMethods(domain, toContext),
    ...billingMethods(),
  });
  router.service(AccountService, accountMethods(domain, toContext));
  router.service(UserService, { ...userMethods(domain, toContext), ...apiTokenMethods(domain, toContext) });
  router.service(GroupService, { ...groupMethods(domain, toContext), ...groupMembershipMethods(domain, toContext) });
  router.service(IdentityService, {
    ...identityMethods(domain, toContext),
    ...idTokenMethods(domain, toContext),
    ...exchangeTokenMethods(domain, toContext),
  });
  router.service(EventService, { ...auditLogMethods(domain, toContext), ...eventMethods(domain, toContext) });
  router.service(AuditService, auditMethods(domain, toContext));
  router.service(SessionService, sessionMethods(domain, toContext));
  router.service(ProvisioningService, provisioningMethods(domain, toContext));
  router.service(SignInService, signInMethods(domain, toContext));
}
