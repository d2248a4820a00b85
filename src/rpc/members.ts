import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { LoginProviderKind } from "../../gen/gitpod/v1/login_provider_pb.ts";
import {
  type ListMembersRequest,
  type ListMembersRequest_Filter,
  type ListMembersRequest_Sort,
  ListMembersRequest_SortField,
  ListMembersRequestSchema,
  type OrganizationMemberSchema,
  OrganizationRole,
  type OrganizationService,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import { CountResponseRelation, SortOrder } from "../../gen/gitpod/v1/pagination_pb.ts";
import { UserStatus } from "../../gen/gitpod/v1/user_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { JoinTarget, MemberListing } from "../domain/members.ts";
import type { User } from "../domain/users.ts";
import { invalidField } from "../lib/errors.ts";
import type { ToContext } from "./call.ts";
import { requireDefinedEnums } from "./defined-enums.ts";
import { id, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  "joinOrganization" | "leaveOrganization" | "listMembers" | "setRole"
>;

/** Members over rpc: message in, one domain call, message out. */
export function memberMethods({ members, users }: Domain, toContext: ToContext): Methods {
  return {
    async joinOrganization(request, call) {
      return { member: memberMessage(await members.join(toContext(call), toTarget(request.joinId))) };
    },

    async leaveOrganization(request, call) {
      await users.leave(toContext(call), id(request.userId));
      return {};
    },

    async listMembers(request, call) {
      requireDefinedEnums(ListMembersRequestSchema, request);
      const context = toContext(call);
      const organizationId = id(request.organizationId);
      const listing = toListing(request);
      // Without a sort the caller comes first: the pages of one caller are not those of another.
      const whose = listing.sort ?? (context.caller.kind === "user" ? context.caller.userId : "");
      const pages = paging(["ListMembers", organizationId, listing.filter, whose], request.pagination);
      const page = await members.list(context, organizationId, listing, pages.request);
      return {
        pagination: pages.response(page),
        members: page.items.map(memberMessage),
        ...(page.count && {
          count: {
            value: page.count.value,
            relation: page.count.exact ? CountResponseRelation.EQ : CountResponseRelation.GTE,
          },
        }),
      };
    },

    async setRole(request, call) {
      const role = ROLES.get(request.role);
      if (!role) {
        throw invalidField(
          "role",
          "enum.in",
          "has to be given: ORGANIZATION_ROLE_ADMIN and ORGANIZATION_ROLE_MEMBER are accepted",
        );
      }
      await members.setRole(toContext(call), id(request.organizationId), id(request.userId), role);
      return {};
    },
  };
}

/** A user as a member of an organization. */
export function memberMessage(user: User): MessageInitShape<typeof OrganizationMemberSchema> {
  return {
    userId: user.id,
    role: roleMessage(user.role),
    memberSince: timestamp(user.createdAt),
    avatarUrl: user.avatarUrl,
    fullName: user.name,
    email: user.email,
    status: statusMessage(user.status),
    loginProvider: user.loginProvider,
  };
}

/** A role on the wire. */
export function roleMessage(role: User["role"]): OrganizationRole {
  return role === "admin" ? OrganizationRole.ADMIN : OrganizationRole.MEMBER;
}

/** A status on the wire. */
export function statusMessage(status: User["status"]): UserStatus {
  switch (status) {
    case "active":
      return UserStatus.ACTIVE;
    case "suspended":
      return UserStatus.SUSPENDED;
    case "left":
      return UserStatus.LEFT;
  }
}

// UNSPECIFIED is in none of these: in a filter it keeps all.
const ROLES: ReadonlyMap<OrganizationRole, User["role"]> = new Map([
  [OrganizationRole.ADMIN, "admin"],
  [OrganizationRole.MEMBER, "member"],
] as const);

const STATUSES: ReadonlyMap<UserStatus, User["status"]> = new Map([
  [UserStatus.ACTIVE, "active"],
  [UserStatus.SUSPENDED, "suspended"],
  [UserStatus.LEFT, "left"],
] as const);

const LOGIN_PROVIDERS: ReadonlyMap<LoginProviderKind, string> = new Map([
  [LoginProviderKind.SSO, "custom"],
  [LoginProviderKind.GITHUB, "github"],
  [LoginProviderKind.GOOGLE, "google"],
  [LoginProviderKind.MAGICLINK, "magiclink"],
]);

function toTarget(joinId: { readonly case?: string | undefined; readonly value?: string | undefined }): JoinTarget {
  if (joinId.case === "organizationId" && joinId.value !== undefined) return { organizationId: id(joinId.value) };
  if (joinId.case === "inviteId" && joinId.value !== undefined) return { inviteId: id(joinId.value) };
  throw invalidField("join_id", "oneof.required", "has to be given: organization_id or invite_id is accepted");
}

function toListing(request: ListMembersRequest): MemberListing {
  return {
    filter: request.filter ? toFilter(request.filter) : {},
    sort: request.sort && toSort(request.sort),
    count: request.count?.include ?? false,
  };
}

/** The server has no teams, so `exclude_members_in_any_team` drops nobody. */
function toFilter(filter: ListMembersRequest_Filter): MemberListing["filter"] {
  return {
    search: filter.search,
    statuses: filter.statuses.map((status) => STATUSES.get(status)).filter((status) => status !== undefined),
    roles: filter.roles.map((role) => ROLES.get(role)).filter((role) => role !== undefined),
    userIds: filter.userIds.map(id),
    excludeGroupIds: filter.excludeGroupIds.map(id),
    email: filter.email,
    loginProvider: LOGIN_PROVIDERS.get(filter.loginProvider),
  };
}

function toSort(sort: ListMembersRequest_Sort): MemberListing["sort"] {
  return {
    by: sort.field === ListMembersRequest_SortField.DATE_JOINED ? "joined" : "name",
    descending: sort.order === SortOrder.DESC,
  };
}
