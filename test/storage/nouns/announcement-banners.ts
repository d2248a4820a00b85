import fc from "fast-check";
import type { Records } from "../../../src/storage/storage.ts";
import { singletonCases } from "../cases/singletons.ts";
import type { Subject } from "../subject.ts";
import { anyText } from "../traps.ts";

/** Puts the organization's banner. */
export function putAnnouncementBanner(records: Records, organizationId: string): Promise<void> {
  return records.announcementBanners.put({ organizationId, message: "Maintenance tonight", enabled: true });
}

/** `AnnouncementBannerStore`. */
export function announcementBanners(subject: Subject): void {
  singletonCases(subject, {
    get: (records, organizationId) => records.announcementBanners.get(organizationId),
    put: (records, banner) => records.announcementBanners.put(banner),
    fields: { message: anyText, enabled: fc.boolean() },
  });
}
