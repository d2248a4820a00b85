import { type JsonObject, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type ProvisioningService,
  type SCIMHoldSchema,
  SCIMHoldState,
  type SCIMRequestSchema,
} from "../../gen/organization/v1/provisioning_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import { organizationOf } from "../domain/principals.ts";
import type { ScimHoldRecord, ScimHoldState, ScimRequestRecord } from "../storage/storage.ts";
import type { ToContext } from "./call.ts";
import { id, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = ServiceImpl<typeof ProvisioningService>;

/** What identity providers did through SCIM, over rpc: message in, one domain call, message out. */
export function provisioningMethods({ provisioning }: Domain, toContext: ToContext): Methods {
  return {
    async listSCIMRequests(request, call) {
      const filter = {
        scimConfigurationId: id(request.scimConfigurationId),
        resourceId: request.resourceId === undefined ? undefined : id(request.resourceId),
        failed: request.failed,
      };
      const pages = paging(["ListSCIMRequests", filter], request.pagination);
      const page = await provisioning.listRequests(toContext(call), filter, pages.request);
      return { pagination: pages.response(page), scimRequests: page.items.map(toRequest) };
    },

    async getSCIMRequest(request, call) {
      return { scimRequest: toRequest(await provisioning.getRequest(toContext(call), id(request.scimRequestId))) };
    },

    async previewSCIMRequest({ scimConfigurationId, method, path, body }, call) {
      const preview = await provisioning.preview(toContext(call), {
        scimConfigurationId: id(scimConfigurationId),
        method,
        path,
        body: body && toJson(ValueSchema, body),
      });
      const { status, scimType, detail, normalizations } = preview;
      return { status, scimType, detail, normalizations: [...normalizations], ...changeOf(preview) };
    },

    async listSCIMHolds(request, call) {
      const context = toContext(call);
      const configurationId = request.scimConfigurationId === undefined ? undefined : id(request.scimConfigurationId);
      const pages = paging(["ListSCIMHolds", organizationOf(context.caller), configurationId], request.pagination);
      const page = await provisioning.listHolds(context, configurationId, pages.request);
      return { pagination: pages.response(page), scimHolds: page.items.map(toHold) };
    },

    async approveSCIMHold(request, call) {
      return { scimHold: toHold(await provisioning.decideHold(toContext(call), id(request.scimHoldId), "approved")) };
    },

    async refuseSCIMHold(request, call) {
      return { scimHold: toHold(await provisioning.decideHold(toContext(call), id(request.scimHoldId), "refused")) };
    },
  };
}

function toRequest(request: ScimRequestRecord): MessageInitShape<typeof SCIMRequestSchema> {
  const { organizationId, createdAt, normalizations, before, after, ...fields } = request;
  return {
    ...fields,
    createdAt: timestamp(createdAt),
    normalizations: [...normalizations],
    ...changeOf(request),
  };
}

/** JSON that was parsed, or made of what was: a Struct holds it as it is. */
function changeOf({ before, after }: Pick<ScimRequestRecord, "before" | "after">) {
  return { ...(before && { before: toPlain(before) }), ...(after && { after: toPlain(after) }) };
}

function toPlain(value: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

const STATES: Readonly<Record<ScimHoldState, SCIMHoldState>> = {
  pending: SCIMHoldState.SCIM_HOLD_STATE_PENDING,
  approved: SCIMHoldState.SCIM_HOLD_STATE_APPROVED,
  refused: SCIMHoldState.SCIM_HOLD_STATE_REFUSED,
};

function toHold(hold: ScimHoldRecord): MessageInitShape<typeof SCIMHoldSchema> {
  return {
    id: hold.id,
    scimConfigurationId: hold.scimConfigurationId,
    state: STATES[hold.state],
    deprovisionedCount: hold.deprovisioned,
    activeUserCount: hold.activeUsers,
    heldRequestCount: hold.heldRequests,
    lastUserId: hold.lastUserId,
    createdAt: timestamp(hold.createdAt),
    decidedBy: hold.decidedBy,
    ...(hold.decidedAt !== undefined && { decidedAt: timestamp(hold.decidedAt) }),
    ...(hold.expiresAt !== undefined && { expiresAt: timestamp(hold.expiresAt) }),
  };
}
