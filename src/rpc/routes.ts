import type { DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { SessionService } from "../../gen/organization/v1/session_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import { announcementBannerMethods } from "./announcement-banners.ts";
import { billingMethods } from "./billing.ts";
import type { ToContext } from "./call.ts";
import { customDomainMethods } from "./custom-domains.ts";
import { domainVerificationMethods } from "./domain-verifications.ts";
import { oidcConfigMethods } from "./oidc-configs.ts";
import { organizationPolicyMethods } from "./organization-policies.ts";
import { scimConfigurationMethods } from "./scim-configurations.ts";
import { sessionMethods } from "./sessions.ts";
import { ssoConfigurationMethods } from "./sso-configurations.ts";

/** Every service of ours; health and reflection come beside them. */
export const SERVICES: readonly DescService[] = [OrganizationService, SessionService];

/** Registers every service: one line per noun. */
export function registerServices(router: ConnectRouter, domain: Domain, toContext: ToContext): void {
  router.service(OrganizationService, {
    ...ssoConfigurationMethods(domain, toContext),
    ...scimConfigurationMethods(domain, toContext),
    ...domainVerificationMethods(domain, toContext),
    ...organizationPolicyMethods(domain, toContext),
    ...announcementBannerMethods(domain, toContext),
    ...customDomainMethods(domain, toContext),
    ...oidcConfigMethods(domain, toContext),
    ...billingMethods(),
  });
  router.service(SessionService, sessionMethods(domain, toContext));
}
