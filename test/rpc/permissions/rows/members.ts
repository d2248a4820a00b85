import type { CallerName, World } from "../world.ts";
import { SYSTEM } from "./people.ts";
import type { Rows } from "./row.ts";

/** A member whom nobody else in the test knows. */
async function newMember({ server, organizationId }: World): Promise<string> {
  return (await server.createUser(organizationId, "member")).userId;
}

/** A former colleague of the caller's, or the caller. */
async function leaver(world: World, caller: CallerName): Promise<string> {
  return caller === "member" ? (await world.userOf(caller)).userId : newMember(world);
}

export const memberRows: Rows = {
  JoinOrganization: {
    caller: "user",
    access: "write",
    async request({ server, organizationId }) {
      return { inviteId: (await server.app.domain.invites.get(SYSTEM, organizationId)).id };
    },
    outcomes: {
      member: "already_member",
      admin: "already_member",
      "admin of another organization": "ok",
      operator: "person_required",
    },
  },
  LeaveOrganization: {
    caller: "user",
    access: "write",
    request: async (world, caller) => ({ userId: await leaver(world, caller) }),
  },
  ListMembers: {
    caller: "member",
    access: "read",
    request: ({ organizationId }) => ({ organizationId }),
  },
  SetRole: {
    caller: "admin",
    access: "write",
    request: async (world) => ({
      organizationId: world.organizationId,
      userId: await newMember(world),
      role: "ORGANIZATION_ROLE_ADMIN",
    }),
  },
};

export const userRows: Rows = {
  GetAuthenticatedUser: {
    caller: "user",
    access: "read",
    request: () => ({}),
    outcomes: {
      "admin of another organization": "ok",
      operator: "person_required",
      "read-only operator": "person_required",
    },
  },
  GetUser: {
    caller: "member",
    access: "read",
    request: async (world) => ({ userId: await newMember(world) }),
  },
  SetSuspended: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ userId: await newMember(world), suspended: true }),
  },
  DeleteUser: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ userId: await newMember(world) }),
  },
};
