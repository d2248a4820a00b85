import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { OIDCConfig, OIDCConfigSchema, OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { OidcConfigChoice } from "../domain/oidc-configs.ts";
import type { ToContext } from "./call.ts";
import { id } from "./messages.ts";

type Methods = Pick<ServiceImpl<typeof OrganizationService>, "getOIDCConfig" | "updateOIDCConfig">;

/** The form of ID tokens over rpc: message in, one domain call, message out. */
export function oidcConfigMethods({ oidcConfigs }: Domain, toContext: ToContext): Methods {
  return {
    async getOIDCConfig(request, call) {
      return { oidcConfig: toMessage(await oidcConfigs.get(toContext(call), id(request.organizationId))) };
    },

    async updateOIDCConfig(request, call) {
      const choice = toChoice(request.oidcConfig);
      return { oidcConfig: toMessage(await oidcConfigs.update(toContext(call), id(request.organizationId), choice)) };
    },
  };
}

/** The schema asks for one of the two. */
function toChoice(config: OIDCConfig | undefined): OidcConfigChoice {
  if (config?.version.case === "v2") return { version: "v2", extraSubFields: [] };
  return { version: "v3", extraSubFields: config?.version.value?.extraSubFields ?? [] };
}

function toMessage({ version, extraSubFields }: OidcConfigChoice): MessageInitShape<typeof OIDCConfigSchema> {
  if (version === "v2") return { version: { case: "v2", value: {} } };
  return { version: { case: "v3", value: { extraSubFields: [...extraSubFields] } } };
}
