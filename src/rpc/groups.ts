import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { GetGroupRequest, GroupSchema, GroupService } from "../../gen/gitpod/v1/group_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import { type Group, type GroupReference, isSystemManaged } from "../domain/groups.ts";
import { organizationOf } from "../domain/principals.ts";
import { invalidField } from "../lib/errors.ts";
import type { ToContext } from "./call.ts";
import { id, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof GroupService>,
  "createGroup" | "getGroup" | "listGroups" | "updateGroup" | "deleteGroup"
>;

/** Groups over rpc: message in, one domain call, message out. */
export function groupMethods({ groups }: Domain, toContext: ToContext): Methods {
  return {
    async createGroup({ organizationId, name, description }, call) {
      const input = { organizationId: id(organizationId), name, description };
      return { group: toMessage(await groups.create(toContext(call), input)) };
    },

    async getGroup(request, call) {
      return { group: toMessage(await groups.get(toContext(call), toReference(request))) };
    },

    async listGroups({ filter, pagination }, call) {
      const context = toContext(call);
      const listing = {
        search: filter?.search,
        ids: filter?.groupIds.map(id) ?? [],
        systemManaged: filter?.systemManaged,
      };
      // No group is made for sharing one thing, and none is assigned to a thing.
      const nothing = filter?.directShare === true;
      const pages = paging(["ListGroups", organizationOf(context.caller), listing, nothing], pagination);
      const page = nothing ? { items: [] } : await groups.list(context, listing, pages.request);
      return { pagination: pages.response(page), groups: page.items.map(toMessage) };
    },

    async updateGroup({ groupId, name, description }, call) {
      return { group: toMessage(await groups.update(toContext(call), id(groupId), { name, description })) };
    },

    async deleteGroup(request, call) {
      await groups.delete(toContext(call), id(request.groupId));
      return {};
    },
  };
}

/** The older field counts when the newer ones are absent. */
function toReference({ group, groupId }: GetGroupRequest): GroupReference {
  if (group.case === "name") return { name: group.value };
  const given = group.value ?? groupId;
  if (given !== "") return { id: id(given) };
  throw invalidField("group", "oneof.required", "has to be given: id or name is accepted");
}

function toMessage(group: Group): MessageInitShape<typeof GroupSchema> {
  return {
    id: group.id,
    organizationId: group.organizationId,
    name: group.name,
    systemManaged: isSystemManaged(group),
    createdAt: timestamp(group.createdAt),
    updatedAt: timestamp(group.updatedAt),
    description: group.description,
    memberCount: group.memberCount,
  };
}
