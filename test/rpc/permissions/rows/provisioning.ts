import { newId } from "../../../../src/lib/ids.ts";
import type { World } from "../world.ts";
import type { Rows } from "./row.ts";
import { makeScimConfiguration } from "./scim-configurations.ts";

async function makeHold(world: World) {
  const scimConfigurationId = await makeScimConfiguration(world);
  const scimHoldId = newId();
  await world.server.storage.write((records) =>
    records.scimHolds.insert({
      id: scimHoldId,
      organizationId: world.organizationId,
      scimConfigurationId,
      state: "pending",
      deprovisioned: 1,
      activeUsers: 1,
      heldRequests: 1,
      lastUserId: "",
      decidedBy: "",
      decidedAt: undefined,
      expiresAt: undefined,
      createdAt: 1,
    }),
  );
  return { scimHoldId };
}

async function makeRequest(world: World) {
  const scimConfigurationId = await makeScimConfiguration(world);
  const scimRequestId = newId();
  await world.server.storage.write((records) =>
    records.scimRequests.insertAll([
      {
        id: scimRequestId,
        organizationId: world.organizationId,
        scimConfigurationId,
        requestId: "r",
        method: "GET",
        path: "/Users",
        query: "",
        body: "",
        userAgent: "",
        status: 200,
        scimType: "",
        detail: "",
        normalizations: [],
        resourceType: "",
        resourceId: "",
        before: undefined,
        after: undefined,
        durationMs: 1,
        createdAt: 1,
      },
    ]),
  );
  return { scimRequestId };
}

export const provisioningRows: Rows = {
  ListSCIMRequests: {
    caller: "admin",
    access: "read",
    request: async (world) => ({ scimConfigurationId: await makeScimConfiguration(world) }),
  },
  GetSCIMRequest: { caller: "admin", access: "read", request: makeRequest },
  PreviewSCIMRequest: {
    caller: "admin",
    access: "read",
    request: async (world) => ({
      scimConfigurationId: await makeScimConfiguration(world),
      method: "POST",
      path: "/Users",
      body: { userName: "a" },
    }),
  },
  ListSCIMHolds: {
    caller: "admin",
    access: "read",
    request: () => ({}),
    // The list is the caller's own.
    outcomes: { "admin of another organization": "ok" },
  },
  ApproveSCIMHold: { caller: "admin", access: "write", request: makeHold },
  RefuseSCIMHold: { caller: "admin", access: "write", request: makeHold },
};
