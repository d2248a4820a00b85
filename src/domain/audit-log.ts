import { notFound } from "../lib/errors.ts";
import type { AuditEntryRecord, AuditFilter, Page, PageRequest } from "../storage/storage.ts";
import type { Environment } from "./environment.ts";
import { type Context, organizationOf } from "./principals.ts";

const DAY_MS = 86_400_000;

/** Entries of one transaction of the retention: it must not hold up others for long. */
const DELETED_AT_ONCE = 1000;

export type AuditEntry = AuditEntryRecord;

/** What was changed in an organization, by whom and when. */
export function createAuditLog({ storage, clock, settings }: Environment) {
  return {
    /** Deletes the entries that are older than the retention, some at a time, and says how many. */
    async deleteOld(): Promise<number> {
      const before = clock.now() - settings.auditRetentionDays * DAY_MS;
      let total = 0;
      for (;;) {
        const deleted = await storage.write((records) => records.auditEntries.deleteOldest(before, DELETED_AT_ONCE));
        total += deleted;
        if (deleted < DELETED_AT_ONCE) return total;
      }
    },

    /**
     * The entries of the caller's organization that pass the filter, in the order in which they were written.
     * @throws ServiceError `organization_required` for the operator that names none.
     */
    async list(
      { caller }: Context,
      filter: AuditFilter,
      order: "newest" | "oldest",
      page: PageRequest,
    ): Promise<Page<AuditEntry>> {
      return storage.read.auditEntries.list(organizationOf(caller), filter, order, page);
    },

    /** @throws ServiceError `not_found`, `organization_required` for the operator that names none. */
    async get({ caller }: Context, id: string): Promise<AuditEntry> {
      const found = await storage.read.auditEntries.get(organizationOf(caller), id);
      if (!found) throw notFound("audit log entry");
      return found;
    },
  };
}

export type AuditLog = ReturnType<typeof createAuditLog>;
