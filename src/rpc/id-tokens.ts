import type { ServiceImpl } from "@connectrpc/connect";
import type { IdentityService } from "../../gen/gitpod/v1/identity_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { ToContext } from "./call.ts";

type Methods = Pick<ServiceImpl<typeof IdentityService>, "getIDToken">;

/** ID tokens over rpc: message in, one domain call, message out. The version means nothing. */
export function idTokenMethods({ idTokens }: Domain, toContext: ToContext): Methods {
  return {
    async getIDToken(request, call) {
      return { token: await idTokens.create(toContext(call), request.audience) };
    },
  };
}
