import { notFound } from "../lib/errors.ts";
import type { AnnouncementBannerRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization } from "./principals.ts";

export type AnnouncementBanner = AnnouncementBannerRecord;

/** What an update changes: undefined leaves a field as it is. */
export interface AnnouncementBannerChanges {
  /** An empty text removes the message. */
  readonly message?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** The banners of organizations. There is always one: empty and off until somebody writes it. */
export function createAnnouncementBanners(environment: Environment) {
  const { storage } = environment;
  return {
    /** @throws ServiceError `not_found` (organization). */
    async get(context: Context, organization: string): Promise<AnnouncementBanner> {
      const organizationId = requireOrganization(context.caller, organization);
      const found = await storage.read.announcementBanners.get(organizationId);
      if (!found && !(await storage.read.organizations.get(organizationId))) throw notFound("organization");
      return found ?? unwritten(organizationId);
    },

    /**
     * Applies what is present. What changes nothing leaves no audit entry.
     * @throws ServiceError `not_found` (organization).
     */
    async update(
      context: Context,
      organization: string,
      changes: AnnouncementBannerChanges,
    ): Promise<AnnouncementBanner> {
      const organizationId = requireOrganization(context.caller, organization);
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        const before = (await records.announcementBanners.get(organizationId)) ?? unwritten(organizationId);
        const after: AnnouncementBanner = {
          organizationId,
          message: changes.message ?? before.message,
          enabled: changes.enabled ?? before.enabled,
        };
        if (after.message === before.message && after.enabled === before.enabled) return before;
        await records.announcementBanners.put(after);
        await recordChange(environment, records, context, {
          organizationId,
          subjectType: "announcement_banner",
          subjectId: organizationId,
          operation: "update",
          before: view(before),
          after: view(after),
        });
        return after;
      });
    },
  };
}

export type AnnouncementBanners = ReturnType<typeof createAnnouncementBanners>;

function unwritten(organizationId: string): AnnouncementBanner {
  return { organizationId, message: "", enabled: false };
}

/** What the audit log shows of a banner. */
function view({ message, enabled }: AnnouncementBanner): Record<string, unknown> {
  return { message, enabled };
}
