import type { JsonObject } from "@bufbuild/protobuf";
import type { World } from "../world.ts";
import type { Rows } from "./row.ts";

const SERVICE = "gitpod.v1.GroupService";

function makeGroup(world: World): Promise<string> {
  const { organizationId } = world;
  return world.once("group", async () => {
    return (await world.make("CreateGroup", { organizationId, name: "Platform team" }, SERVICE)).group.id;
  });
}

/** A group, and somebody who may be in it. */
async function groupAndSubject(world: World): Promise<{ groupId: string; subject: JsonObject }> {
  return { groupId: await makeGroup(world), subject: { id: world.owner.userId, principal: "PRINCIPAL_USER" } };
}

/** The same group with the owner in it. */
async function makeMembership(world: World): Promise<{ id: string; groupId: string; subject: JsonObject }> {
  const request = await groupAndSubject(world);
  const id = await world.once("membership", async () => {
    return (await world.make("CreateMembership", request, SERVICE)).member.id;
  });
  return { id, ...request };
}

export const groupRows: Rows = {
  CreateGroup: {
    caller: "admin",
    access: "write",
    request: ({ organizationId }) => ({ organizationId, name: "New group" }),
  },
  GetGroup: { caller: "member", access: "read", request: async (world) => ({ id: await makeGroup(world) }) },
  ListGroups: {
    caller: "member",
    access: "read",
    request: () => ({}),
    // The list is the caller's own.
    outcomes: { "admin of another organization": "ok" },
  },
  UpdateGroup: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ groupId: await makeGroup(world), name: "Renamed group" }),
  },
  DeleteGroup: { caller: "admin", access: "write", request: async (world) => ({ groupId: await makeGroup(world) }) },
  CreateMembership: { caller: "admin", access: "write", request: groupAndSubject },
  DeleteMembership: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ membershipId: (await makeMembership(world)).id }),
  },
  GetMembership: {
    caller: "member",
    access: "read",
    async request(world) {
      const { groupId, subject } = await makeMembership(world);
      return { groupId, subject };
    },
  },
  ListMemberships: {
    caller: "member",
    access: "read",
    request: async (world) => ({ groupId: (await makeMembership(world)).groupId }),
  },
};
