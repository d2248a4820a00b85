import type { Rows } from "./row.ts";

export const organizationRows: Rows = {
  CreateOrganization: {
    caller: "user",
    access: "write",
    request: () => ({ name: "Another one" }),
    // Whoever they are elsewhere: the organization is new.
    outcomes: { "admin of another organization": "ok" },
  },
  GetOrganization: {
    caller: "member",
    access: "read",
    request: ({ organizationId }) => ({ organizationId }),
  },
  UpdateOrganization: {
    caller: "admin",
    access: "write",
    request: ({ organizationId }) => ({ organizationId, name: "Renamed" }),
  },
  DeleteOrganization: {
    caller: "admin",
    access: "write",
    async request({ server, organizationId, owner }, caller) {
      // An admin has to be the only one left.
      if (caller === "admin") {
        await server.storage.write(async (records) => {
          const user = await records.users.get(organizationId, owner.userId);
          await records.users.update({ ...user!, role: "member" });
        });
      }
      return { organizationId };
    },
  },
};
