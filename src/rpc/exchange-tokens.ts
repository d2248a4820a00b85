import type { ServiceImpl } from "@connectrpc/connect";
import type { IdentityService } from "../../gen/gitpod/v1/identity_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { ToContext } from "./call.ts";

type Methods = Pick<ServiceImpl<typeof IdentityService>, "exchangeToken">;

/** One-time tokens over rpc: message in, one domain call, message out. */
export function exchangeTokenMethods({ exchangeTokens }: Domain, toContext: ToContext): Methods {
  return {
    async exchangeToken(request, call) {
      const { token } = await exchangeTokens.redeem(toContext(call), request.exchangeToken);
      return { accessToken: token };
    },
  };
}
