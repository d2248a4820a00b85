import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { Principal } from "../../gen/gitpod/v1/identity_service_pb.ts";
import type { PersonalAccessTokenSchema, UserService } from "../../gen/gitpod/v1/user_service_pb.ts";
import type { ApiToken } from "../domain/api-tokens.ts";
import type { Domain } from "../domain/domain.ts";
import { organizationOf } from "../domain/principals.ts";
import type { ToContext } from "./call.ts";
import { id, seconds, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof UserService>,
  "createPersonalAccessToken" | "getPersonalAccessToken" | "listPersonalAccessTokens" | "deletePersonalAccessToken"
>;

/** Personal access tokens over rpc: message in, one domain call, message out. */
export function apiTokenMethods({ apiTokens }: Domain, toContext: ToContext): Methods {
  return {
    async createPersonalAccessToken(request, call) {
      const { token } = await apiTokens.createPersonal(toContext(call), id(request.userId), {
        description: request.description,
        lifetime: seconds(request.validFor),
        readOnly: request.readOnly,
      });
      return { token };
    },

    async getPersonalAccessToken(request, call) {
      return { pat: toMessage(await apiTokens.getPersonal(toContext(call), id(request.personalAccessTokenId))) };
    },

    async listPersonalAccessTokens(request, call) {
      const context = toContext(call);
      const userIds = request.filter?.userIds.map(id) ?? [];
      const binding = ["ListPersonalAccessTokens", organizationOf(context.caller), userIds];
      const pages = paging(binding, request.pagination);
      const page = await apiTokens.listPersonal(context, userIds, pages.request);
      return { pagination: pages.response(page), personalAccessTokens: page.items.map(toMessage) };
    },

    async deletePersonalAccessToken(request, call) {
      await apiTokens.revokePersonal(toContext(call), id(request.personalAccessTokenId));
      return {};
    },
  };
}

function toMessage(token: ApiToken): MessageInitShape<typeof PersonalAccessTokenSchema> {
  return {
    id: token.id,
    userId: token.userId ?? "",
    description: token.description,
    ...(token.creatorId !== undefined && { creator: { id: token.creatorId, principal: Principal.USER } }),
    createdAt: timestamp(token.createdAt),
    expiresAt: timestamp(token.expiresAt),
    ...(token.lastUsedAt !== undefined && { lastUsed: timestamp(token.lastUsedAt) }),
    readOnly: token.readOnly,
  };
}
