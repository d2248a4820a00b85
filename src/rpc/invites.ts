import type { ServiceImpl } from "@connectrpc/connect";
import type { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { ToContext } from "./call.ts";
import { id } from "./messages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  "createOrganizationInvite" | "getOrganizationInvite" | "getOrganizationInviteSummary"
>;

/** Invites over rpc: message in, one domain call, message out. */
export function inviteMethods({ invites }: Domain, toContext: ToContext): Methods {
  return {
    async createOrganizationInvite(request, call) {
      const invite = await invites.create(toContext(call), id(request.organizationId));
      return { invite: { inviteId: invite.id } };
    },

    async getOrganizationInvite(request, call) {
      const invite = await invites.get(toContext(call), id(request.organizationId));
      return { invite: { inviteId: invite.id } };
    },

    async getOrganizationInviteSummary(request) {
      const summary = await invites.summarize(id(request.inviteId));
      return {
        organizationId: summary.organizationId,
        organizationName: summary.organizationName,
        organizationMemberCount: summary.memberCount,
      };
    },
  };
}
