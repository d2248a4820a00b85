import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type OrganizationPolicies as OrganizationPoliciesMessage,
  OrganizationPoliciesSchema,
  type OrganizationService,
  type UpdateOrganizationPoliciesRequest,
  UpdateOrganizationPoliciesRequestSchema,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { OrganizationPolicies, PolicyObject } from "../domain/organization-policies.ts";
import type { ToContext } from "./call.ts";
import { requireDefinedEnums } from "./defined-enums.ts";
import { id } from "./messages.ts";

type Methods = Pick<ServiceImpl<typeof OrganizationService>, "getOrganizationPolicies" | "updateOrganizationPolicies">;

/** Policies over rpc: message in, one domain call, message out. */
export function organizationPolicyMethods({ organizationPolicies }: Domain, toContext: ToContext): Methods {
  return {
    async getOrganizationPolicies(request, call) {
      const organizationId = id(request.organizationId);
      const policies = await organizationPolicies.get(toContext(call), organizationId);
      return { policies: toMessage(organizationId, policies) };
    },

    async updateOrganizationPolicies(request, call) {
      requireDefinedEnums(UpdateOrganizationPoliciesRequestSchema, request);
      await organizationPolicies.update(toContext(call), id(request.organizationId), toChanges(request));
      return {};
    },
  };
}

/** The JSON form of the request holds what is present and nothing else, which is just what changes. */
function toChanges(request: UpdateOrganizationPoliciesRequest): PolicyObject {
  const { organizationId, ...changes } = toJson(UpdateOrganizationPoliciesRequestSchema, request) as JsonObject;
  return changes;
}

/** Unknown fields are ignored: a newer version of this service may have written them. */
function toMessage(organizationId: string, policies: OrganizationPolicies): OrganizationPoliciesMessage {
  const json = { organizationId, agentPolicy: {}, ...(policies as JsonObject) };
  return fromJson(OrganizationPoliciesSchema, json, { ignoreUnknownFields: true });
}
