import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type OrganizationService,
  SSOConfiguration_ProviderType,
  type SSOConfigurationSchema,
  SSOConfigurationState,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { SsoConfiguration } from "../domain/sso-configurations.ts";
import { invalidField } from "../lib/errors.ts";
import type { ToContext } from "./call.ts";
import { id } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  | "createSSOConfiguration"
  | "getSSOConfiguration"
  | "listSSOConfigurations"
  | "updateSSOConfiguration"
  | "deleteSSOConfiguration"
>;

/** SSO configurations over rpc: message in, one domain call, message out. */
export function ssoConfigurationMethods({ ssoConfigurations }: Domain, toContext: ToContext): Methods {
  return {
    async createSSOConfiguration({ $typeName, ...request }, call) {
      const created = await ssoConfigurations.create(toContext(call), {
        ...request,
        organizationId: id(request.organizationId),
      });
      return { ssoConfiguration: toMessage(created) };
    },

    async getSSOConfiguration(request, call) {
      return {
        ssoConfiguration: toMessage(await ssoConfigurations.get(toContext(call), id(request.ssoConfigurationId))),
      };
    },

    async listSSOConfigurations(request, call) {
      const organizationId = id(request.organizationId);
      const pages = paging(["ListSSOConfigurations", organizationId], request.pagination);
      const page = await ssoConfigurations.list(toContext(call), organizationId, pages.request);
      return { pagination: pages.response(page), ssoConfigurations: page.items.map(toMessage) };
    },

    async updateSSOConfiguration({ $typeName, ...request }, call) {
      await ssoConfigurations.update(toContext(call), id(request.ssoConfigurationId), {
        ...request,
        state: toState(request.state),
        additionalScopes: request.additionalScopes?.scopes,
      });
      return {};
    },

    async deleteSSOConfiguration(request, call) {
      await ssoConfigurations.delete(toContext(call), id(request.ssoConfigurationId));
      return {};
    },
  };
}

function toMessage(configuration: SsoConfiguration): MessageInitShape<typeof SSOConfigurationSchema> {
  return {
    id: configuration.id,
    organizationId: configuration.organizationId,
    clientId: configuration.clientId,
    issuerUrl: configuration.issuerUrl,
    state:
      configuration.state === "active"
        ? SSOConfigurationState.SSO_CONFIGURATION_STATE_ACTIVE
        : SSOConfigurationState.SSO_CONFIGURATION_STATE_INACTIVE,
    claims: { ...configuration.claims },
    emailDomain: configuration.emailDomains[0] ?? "",
    providerType:
      configuration.providerType === "builtin"
        ? SSOConfiguration_ProviderType.BUILTIN
        : SSOConfiguration_ProviderType.CUSTOM,
    emailDomains: [...configuration.emailDomains],
    displayName: configuration.displayName,
    additionalScopes: [...configuration.additionalScopes],
    claimsExpression: configuration.claimsExpression,
  };
}

/** UNSPECIFIED leaves the state unchanged, as absence does. */
function toState(state: SSOConfigurationState | undefined): "active" | "inactive" | undefined {
  switch (state) {
    case undefined:
    case SSOConfigurationState.SSO_CONFIGURATION_STATE_UNSPECIFIED:
      return undefined;
    case SSOConfigurationState.SSO_CONFIGURATION_STATE_ACTIVE:
      return "active";
    case SSOConfigurationState.SSO_CONFIGURATION_STATE_INACTIVE:
      return "inactive";
    default:
      throw invalidField(
        "state",
        "enum.defined_only",
        "has an undefined value: SSO_CONFIGURATION_STATE_ACTIVE and SSO_CONFIGURATION_STATE_INACTIVE are accepted",
      );
  }
}
