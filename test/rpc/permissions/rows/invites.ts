import type { Rows } from "./row.ts";

export const inviteRows: Rows = {
  CreateOrganizationInvite: {
    caller: "admin",
    access: "write",
    request: ({ organizationId }) => ({ organizationId }),
  },
  // It writes when there is no invite yet, and hands out something that lets its holder in.
  GetOrganizationInvite: {
    caller: "admin",
    access: "write",
    request: ({ organizationId }) => ({ organizationId }),
  },
  GetOrganizationInviteSummary: {
    caller: "anyone",
    access: "read",
    async request(world) {
      const { organizationId } = world;
      // A second invite would end the first.
      const { invite } = await world.once("invite", () => world.make("CreateOrganizationInvite", { organizationId }));
      return { inviteId: invite.inviteId };
    },
  },
};
