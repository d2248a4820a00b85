import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { SessionSchema, SessionService } from "../../gen/organization/v1/session_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { Caller } from "../domain/principals.ts";
import type { Session } from "../domain/sessions.ts";
import type { ToContext } from "./call.ts";
import { id, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

/** Sessions over rpc: message in, one domain call, message out. */
export function sessionMethods({ sessions }: Domain, toContext: ToContext): ServiceImpl<typeof SessionService> {
  return {
    async listSessions(request, call) {
      const context = toContext(call);
      const userId = request.userId === undefined ? undefined : id(request.userId);
      const pages = paging(["ListSessions", userId], request.pagination);
      const page = await sessions.list(context, userId, pages.request);
      return {
        pagination: pages.response(page),
        sessions: page.items.map((session) => toMessage(session, context.caller)),
      };
    },

    async revokeSession(request, call) {
      await sessions.revoke(toContext(call), id(request.sessionId));
      return {};
    },

    async revokeConfigurationSessions(request, call) {
      return { revokedCount: await sessions.revokeOfConfiguration(toContext(call), id(request.ssoConfigurationId)) };
    },

    async revokeUserSessions(request, call) {
      return { revokedCount: await sessions.revokeOfUser(toContext(call), id(request.userId)) };
    },
  };
}

function toMessage(session: Session, caller: Caller): MessageInitShape<typeof SessionSchema> {
  return {
    id: session.id,
    userId: session.userId,
    organizationId: session.organizationId,
    ssoConfigurationId: session.ssoConfigurationId ?? "",
    createdAt: timestamp(session.createdAt),
    lastUsedAt: timestamp(session.lastUsedAt),
    expiresAt: timestamp(session.expiresAt),
    userAgent: session.userAgent,
    ipAddress: session.ipAddress,
    current: caller.kind === "user" && caller.credential === "session" && caller.credentialId === session.id,
  };
}
