import type { World } from "../world.ts";
import type { Rows } from "./row.ts";
import { makeSsoConfiguration } from "./sso-configurations.ts";

/** Makes a SCIM configuration and returns its id. */
export async function makeScimConfiguration(world: World): Promise<string> {
  const { organizationId } = world;
  const ssoConfigurationId = await makeSsoConfiguration(world);
  return (await world.make("CreateSCIMConfiguration", { organizationId, ssoConfigurationId })).scimConfiguration.id;
}

export const scimConfigurationRows: Rows = {
  CreateSCIMConfiguration: {
    caller: "admin",
    access: "write",
    request: async (world) => ({
      organizationId: world.organizationId,
      ssoConfigurationId: await makeSsoConfiguration(world),
    }),
  },
  GetSCIMConfiguration: {
    caller: "member",
    access: "read",
    request: async (world) => ({ scimConfigurationId: await makeScimConfiguration(world) }),
  },
  ListSCIMConfigurations: {
    caller: "member",
    access: "read",
    request: () => ({}),
    // The list is the caller's own.
    outcomes: { "admin of another organization": "ok" },
  },
  UpdateSCIMConfiguration: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ scimConfigurationId: await makeScimConfiguration(world), enabled: false }),
  },
  DeleteSCIMConfiguration: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ scimConfigurationId: await makeScimConfiguration(world) }),
  },
  RegenerateSCIMToken: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ scimConfigurationId: await makeScimConfiguration(world) }),
  },
};
