import type { ServiceImpl } from "@connectrpc/connect";
import { type IdentityService, Principal } from "../../gen/gitpod/v1/identity_service_pb.ts";
import { OrganizationTierSchema } from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { ToContext } from "./call.ts";
import { TIER } from "./organizations.ts";

type Methods = Pick<ServiceImpl<typeof IdentityService>, "getAuthenticatedIdentity">;

/** Who the caller is, over rpc: message in, one domain call, message out. */
export function identityMethods({ identity }: Domain, toContext: ToContext): Methods {
  return {
    async getAuthenticatedIdentity(_request, call) {
      const { subjectId, principal, organizationId } = identity.getAuthenticated(toContext(call));
      return {
        subject: {
          id: subjectId,
          principal: principal === "user" ? Principal.USER : Principal.SERVICE_ACCOUNT,
        },
        ...(organizationId !== undefined && { organizationId, organizationTier: TIER_NAME }),
      };
    },
  };
}

/** This field is a text, although there is an enum. */
const TIER_NAME = OrganizationTierSchema.value[TIER]?.name ?? "";
