import type { World } from "../world.ts";
import type { Rows } from "./row.ts";

/** The organization's terms, of which one version is published. */
async function withTerms(world: World): Promise<{ organizationId: string; versionId: string }> {
  const { organizationId } = world;
  const made = await world.once("terms of service", () =>
    world.make("UpdateTermsOfService", { organizationId, markdown: "the terms", enabled: true }),
  );
  return { organizationId, versionId: made.termsOfService.currentVersion.id };
}

const own = async (world: World) => ({ organizationId: (await withTerms(world)).organizationId });
const ofFirstVersion = async (world: World) => ({ ...(await own(world)), version: 1 });

export const termsOfServiceRows: Rows = {
  GetTermsOfService: { caller: "member", access: "read", request: own },
  UpdateTermsOfService: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ ...(await own(world)), enabled: false }),
  },
  AcceptTermsOfService: {
    caller: "member",
    access: "write",
    request: withTerms,
    outcomes: { operator: "person_required" },
  },
  ListTermsOfServiceVersions: { caller: "member", access: "read", request: own },
  ListTermsOfServiceAcceptances: { caller: "admin", access: "read", request: ofFirstVersion },
  GetTermsOfServiceAcceptancesExport: { caller: "admin", access: "read", request: ofFirstVersion },
};
