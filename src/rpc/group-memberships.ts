import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { GroupMembershipSchema, GroupService } from "../../gen/gitpod/v1/group_service_pb.ts";
import { Principal, type Subject } from "../../gen/gitpod/v1/identity_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { GroupMembership } from "../domain/group-memberships.ts";
import { invalidField } from "../lib/errors.ts";
import type { ToContext } from "./call.ts";
import { id } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof GroupService>,
  "createMembership" | "getMembership" | "listMemberships" | "deleteMembership"
>;

/** Group memberships over rpc: message in, one domain call, message out. */
export function groupMembershipMethods({ groupMemberships }: Domain, toContext: ToContext): Methods {
  return {
    async createMembership({ groupId, subject }, call) {
      return { member: toMessage(await groupMemberships.create(toContext(call), id(groupId), userOf(subject))) };
    },

    async getMembership({ groupId, subject }, call) {
      return { member: toMessage(await groupMemberships.get(toContext(call), id(groupId), userOf(subject))) };
    },

    async listMemberships({ groupId, filter, pagination }, call) {
      const search = filter?.search ?? "";
      const pages = paging(["ListMemberships", id(groupId), search], pagination);
      const page = await groupMemberships.list(toContext(call), id(groupId), search, pages.request);
      return { pagination: pages.response(page), members: page.items.map(toMessage) };
    },

    async deleteMembership(request, call) {
      await groupMemberships.delete(toContext(call), id(request.membershipId));
      return {};
    },
  };
}

/** Groups hold users, and nothing else. */
function userOf(subject: Subject | undefined): string {
  if (subject?.principal !== Principal.USER) {
    throw invalidField("subject.principal", "enum.in", "has to be PRINCIPAL_USER: groups hold users alone");
  }
  if (subject.id === "") throw invalidField("subject.id", "string.uuid", "has to be given: the id of a user");
  return id(subject.id);
}

function toMessage(membership: GroupMembership): MessageInitShape<typeof GroupMembershipSchema> {
  return {
    id: membership.id,
    subject: { id: membership.userId, principal: Principal.USER },
    groupId: membership.groupId,
    name: membership.name,
    avatarUrl: membership.avatarUrl,
  };
}
