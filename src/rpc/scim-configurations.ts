import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { OrganizationService, SCIMConfigurationSchema } from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import { organizationOf } from "../domain/principals.ts";
import type { ScimConfiguration } from "../domain/scim-configurations.ts";
import type { ToContext } from "./call.ts";
import { id, seconds, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  | "createSCIMConfiguration"
  | "getSCIMConfiguration"
  | "listSCIMConfigurations"
  | "updateSCIMConfiguration"
  | "deleteSCIMConfiguration"
  | "regenerateSCIMToken"
>;

/** SCIM configurations over rpc: message in, one domain call, message out. */
export function scimConfigurationMethods({ scimConfigurations }: Domain, toContext: ToContext): Methods {
  return {
    async createSCIMConfiguration(request, call) {
      const { configuration, token } = await scimConfigurations.create(toContext(call), {
        organizationId: id(request.organizationId),
        name: request.name,
        ssoConfigurationId: id(request.ssoConfigurationId),
        tokenLifetime: seconds(request.tokenExpiresIn),
        allowUnverifiedEmailAccountLinking: request.allowUnverifiedEmailAccountLinking,
      });
      return {
        scimConfiguration: toMessage(configuration),
        token,
        tokenExpiresAt: timestamp(configuration.tokenExpiresAt),
      };
    },

    async getSCIMConfiguration(request, call) {
      const found = await scimConfigurations.get(toContext(call), id(request.scimConfigurationId));
      return { scimConfiguration: toMessage(found) };
    },

    async listSCIMConfigurations(request, call) {
      const context = toContext(call);
      const pages = paging(["ListSCIMConfigurations", organizationOf(context.caller)], request.pagination);
      const page = await scimConfigurations.list(context, pages.request);
      return { pagination: pages.response(page), scimConfigurations: page.items.map(toMessage) };
    },

    async updateSCIMConfiguration(request, call) {
      const updated = await scimConfigurations.update(toContext(call), id(request.scimConfigurationId), {
        name: request.name,
        enabled: request.enabled,
        ssoConfigurationId: request.ssoConfigurationId === undefined ? undefined : id(request.ssoConfigurationId),
        allowUnverifiedEmailAccountLinking: request.allowUnverifiedEmailAccountLinking,
      });
      return { scimConfiguration: toMessage(updated) };
    },

    async deleteSCIMConfiguration(request, call) {
      await scimConfigurations.delete(toContext(call), id(request.scimConfigurationId));
      return {};
    },

    async regenerateSCIMToken(request, call) {
      const { configuration, token } = await scimConfigurations.regenerateToken(
        toContext(call),
        id(request.scimConfigurationId),
        seconds(request.tokenExpiresIn),
      );
      return { token, tokenExpiresAt: timestamp(configuration.tokenExpiresAt) };
    },
  };
}

function toMessage(configuration: ScimConfiguration): MessageInitShape<typeof SCIMConfigurationSchema> {
  return {
    id: configuration.id,
    organizationId: configuration.organizationId,
    name: configuration.name,
    enabled: configuration.enabled,
    ssoConfigurationId: configuration.ssoConfigurationId ?? "",
    createdAt: timestamp(configuration.createdAt),
    updatedAt: timestamp(configuration.updatedAt),
    tokenExpiresAt: timestamp(configuration.tokenExpiresAt),
    allowUnverifiedEmailAccountLinking: configuration.allowUnverifiedEmailAccountLinking,
  };
}
