import { notFound } from "../lib/errors.ts";
import type { AuditEntryRecord, AuditFilter, Page, PageRequest } from "../storage/storage.ts";
import type { Environment } from "./environment.ts";
import { type Context, organizationOf } from "./principals.ts";

export type AuditEntry = AuditEntryRecord;

/** What was changed in an organization, by whom and when. */
export function createAuditLog({ storage }: Environment) {
  return {
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
