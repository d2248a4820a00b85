import type { World } from "../world.ts";
import type { Rows } from "./row.ts";

/** The organization's first entry: somebody made it. */
async function entryId({ server, organizationId }: World): Promise<string> {
  const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 1 });
  return items[0]?.id as string;
}

export const eventRows: Rows = {
  ListAuditLogs: {
    caller: "admin",
    access: "read",
    request: () => ({}),
    // The list is the caller's own.
    outcomes: { "admin of another organization": "ok" },
  },
  GetAuditLog: {
    caller: "admin",
    access: "read",
    request: async (world) => ({ auditLogEntryId: await entryId(world) }),
  },
  WatchEvents: {
    caller: "admin",
    access: "read",
    request: () => ({ organization: true }),
    // The events are those of the caller's own.
    outcomes: { "admin of another organization": "ok" },
  },
};

export const auditRows: Rows = {
  GetAuditLogChange: {
    caller: "admin",
    access: "read",
    request: async (world) => ({ auditLogEntryId: await entryId(world) }),
  },
};
