import type { World } from "../world.ts";
import type { Rows } from "./row.ts";

const fields = { clientId: "client", clientSecret: "secret", issuerUrl: "https://idp.example.com" };

/** Makes an SSO configuration and returns its id. */
export async function makeSsoConfiguration(world: World): Promise<string> {
  const { organizationId } = world;
  return (await world.make("CreateSSOConfiguration", { organizationId, ...fields })).ssoConfiguration.id;
}

export const ssoConfigurationRows: Rows = {
  CreateSSOConfiguration: {
    caller: "admin",
    access: "write",
    request: ({ organizationId }) => ({ organizationId, ...fields }),
  },
  GetSSOConfiguration: {
    caller: "member",
    access: "read",
    request: async (world) => ({ ssoConfigurationId: await makeSsoConfiguration(world) }),
  },
  ListSSOConfigurations: {
    caller: "member",
    access: "read",
    request: ({ organizationId }) => ({ organizationId }),
  },
  UpdateSSOConfiguration: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ ssoConfigurationId: await makeSsoConfiguration(world), displayName: "changed" }),
  },
  DeleteSSOConfiguration: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ ssoConfigurationId: await makeSsoConfiguration(world) }),
  },
};
