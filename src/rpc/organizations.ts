import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type OrganizationSchema,
  type OrganizationService,
  OrganizationTier,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { Organization } from "../domain/organizations.ts";
import type { ToContext } from "./call.ts";
import { memberMessage } from "./members.ts";
import { id, timestamp } from "./messages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  "createOrganization" | "getOrganization" | "updateOrganization" | "deleteOrganization"
>;

/** Every organization has this plan. */
export const TIER = OrganizationTier.ENTERPRISE;

/** Organizations over rpc: message in, one domain call, message out. */
export function organizationMethods({ organizations }: Domain, toContext: ToContext): Methods {
  return {
    async createOrganization(request, call) {
      const { organization, member } = await organizations.create(toContext(call), {
        name: request.name,
        join: request.joinOrganization,
        inviteMatchingDomain: request.inviteAccountsWithMatchingDomain,
      });
      return { organization: toMessage(organization), ...(member && { member: memberMessage(member) }) };
    },

    async getOrganization(request, call) {
      return { organization: toMessage(await organizations.get(toContext(call), id(request.organizationId))) };
    },

    async updateOrganization(request, call) {
      const updated = await organizations.update(toContext(call), id(request.organizationId), {
        name: request.name,
        inviteDomains: request.inviteDomains?.domains,
      });
      return { organization: toMessage(updated) };
    },

    async deleteOrganization(request, call) {
      await organizations.delete(toContext(call), id(request.organizationId));
      return {};
    },
  };
}

function toMessage(organization: Organization): MessageInitShape<typeof OrganizationSchema> {
  return {
    id: organization.id,
    name: organization.name,
    createdAt: timestamp(organization.createdAt),
    updatedAt: timestamp(organization.updatedAt),
    inviteDomains: { domains: [...organization.inviteDomains] },
    tier: TIER,
  };
}
