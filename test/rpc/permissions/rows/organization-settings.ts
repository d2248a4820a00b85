import type { World } from "../world.ts";
import type { Rows } from "./row.ts";

const own = ({ organizationId }: World) => ({ organizationId });

/** The custom domain of the organization, of which it has one at most. */
async function withCustomDomain(world: World): Promise<{ organizationId: string; domainName: string }> {
  const { organizationId } = world;
  const request = { organizationId, domainName: `${organizationId}.example.com` };
  await world.once("custom domain", () =>
    world.make("CreateCustomDomain", { ...request, provider: "CUSTOM_DOMAIN_PROVIDER_AWS" }),
  );
  return request;
}

export const organizationSettingRows: Rows = {
  GetOrganizationPolicies: { caller: "member", access: "read", request: own },
  UpdateOrganizationPolicies: {
    caller: "admin",
    access: "write",
    request: (world) => ({ ...own(world), portSharingDisabled: true }),
  },
  GetOIDCConfig: { caller: "admin", access: "read", request: own },
  UpdateOIDCConfig: {
    caller: "admin",
    access: "write",
    request: (world) => ({ ...own(world), oidcConfig: { v2: {} } }),
  },
  GetAnnouncementBanner: { caller: "member", access: "read", request: own },
  UpdateAnnouncementBanner: {
    caller: "admin",
    access: "write",
    request: (world) => ({ ...own(world), message: "changed" }),
  },
  CreateCustomDomain: {
    caller: "admin",
    access: "write",
    request: ({ organizationId }) => ({
      organizationId,
      domainName: `${organizationId}.example.com`,
      provider: "CUSTOM_DOMAIN_PROVIDER_AWS",
    }),
  },
  GetCustomDomain: {
    caller: "member",
    access: "read",
    request: async (world) => ({ organizationId: (await withCustomDomain(world)).organizationId }),
  },
  UpdateCustomDomain: {
    caller: "admin",
    access: "write",
    request: async (world) => ({
      ...(await withCustomDomain(world)),
      domainName: `new.${world.organizationId}.example.com`,
    }),
  },
  DeleteCustomDomain: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ organizationId: (await withCustomDomain(world)).organizationId }),
  },
  SetStripeCustomerID: {
    caller: "admin",
    access: "write",
    request: (world) => ({ ...own(world), stripeCustomerId: "cus_1" }),
    outcomes: {
      admin: "unimplemented",
      operator: "unimplemented",
      "admin of another organization": "unimplemented",
    },
  },
};
