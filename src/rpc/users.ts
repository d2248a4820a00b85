import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { UserSchema, UserService } from "../../gen/gitpod/v1/user_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { User } from "../domain/users.ts";
import type { ToContext } from "./call.ts";
import { statusMessage } from "./members.ts";
import { id, timestamp } from "./messages.ts";

type Methods = Pick<
  ServiceImpl<typeof UserService>,
  "getAuthenticatedUser" | "getUser" | "setSuspended" | "deleteUser"
>;

/** Users over rpc: message in, one domain call, message out. */
export function userMethods({ users }: Domain, toContext: ToContext): Methods {
  return {
    async getAuthenticatedUser(_request, call) {
      return { user: toMessage(await users.getAuthenticated(toContext(call))) };
    },

    async getUser(request, call) {
      return { user: toMessage(await users.get(toContext(call), id(request.userId))) };
    },

    async setSuspended(request, call) {
      await users.setSuspended(toContext(call), id(request.userId), request.suspended);
      return {};
    },

    async deleteUser(request, call) {
      await users.delete(toContext(call), id(request.userId));
      return {};
    },
  };
}

function toMessage(user: User): MessageInitShape<typeof UserSchema> {
  return {
    id: user.id,
    organizationId: user.organizationId,
    name: user.name,
    avatarUrl: user.avatarUrl,
    createdAt: timestamp(user.createdAt),
    status: statusMessage(user.status),
    email: user.email,
  };
}
