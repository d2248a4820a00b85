import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type {
  AccountMembershipSchema,
  AccountService,
  JoinableOrganizationSchema,
} from "../../gen/gitpod/v1/account_service_pb.ts";
import type { Account, OrganizationSummary } from "../domain/accounts.ts";
import type { Domain } from "../domain/domain.ts";
import { requirePerson } from "../domain/principals.ts";
import type { ToContext } from "./call.ts";
import { roleMessage } from "./members.ts";
import { id, timestamp } from "./messages.ts";
import { TIER } from "./organizations.ts";
import { paging } from "./pages.ts";

/** Accounts and the ways to sign in over rpc: message in, one domain call, message out. */
export function accountMethods({ accounts, logins }: Domain, toContext: ToContext): ServiceImpl<typeof AccountService> {
  return {
    async getAccount(_request, call) {
      const account = await accounts.get(toContext(call));
      return {
        account: {
          id: account.id,
          name: account.name,
          avatarUrl: account.avatarUrl,
          email: account.email,
          createdAt: timestamp(account.createdAt),
          updatedAt: timestamp(account.updatedAt),
          memberships: account.memberships.map(membershipMessage),
          publicEmailProvider: account.publicEmailProvider,
          ...(account.organizationId !== undefined && { organizationId: account.organizationId }),
        },
      };
    },

    async getSSOLoginURL(request) {
      return { loginUrl: await logins.getUrl(request.email, request.returnTo) };
    },

    async listSSOLogins(request) {
      const pages = paging(["ListSSOLogins", request.email, request.returnTo], request.pagination);
      const page = await logins.list(request.email, request.returnTo, pages.request);
      return { logins: page.items.map((login) => ({ ...login })), pagination: pages.response(page) };
    },

    async listLoginProviders(request) {
      const filter = {
        inviteId: request.filter?.inviteId === undefined ? undefined : id(request.filter.inviteId),
        email: request.filter?.email,
      };
      const pages = paging(["ListLoginProviders", filter], request.pagination);
      const page = await logins.listProviders(filter, pages.request);
      return {
        pagination: pages.response(page),
        loginProviders: page.items.map(({ loginUrl }) => ({ loginUrl, provider: "custom" })),
        allowCustom: page.items.length > 0,
      };
    },

    async listJoinableOrganizations(request, call) {
      const context = toContext(call);
      const pages = paging(["ListJoinableOrganizations", requirePerson(context.caller).userId], request.pagination);
      const page = await accounts.listJoinable(context, pages.request);
      return { joinableOrganizations: page.items.map(joinableMessage), pagination: pages.response(page) };
    },
  };
}

function membershipMessage({
  user,
  organization,
  memberCount,
}: Account["memberships"][number]): MessageInitShape<typeof AccountMembershipSchema> {
  return {
    userId: user.id,
    userRole: roleMessage(user.role),
    organizationId: organization.id,
    organizationName: organization.name,
    organizationMemberCount: memberCount,
    organizationTier: TIER,
  };
}

function joinableMessage({
  organization,
  memberCount,
}: OrganizationSummary): MessageInitShape<typeof JoinableOrganizationSchema> {
  return {
    organizationId: organization.id,
    organizationName: organization.name,
    organizationMemberCount: memberCount,
  };
}
