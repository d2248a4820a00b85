/** A message to everybody in an organization. */
export interface AnnouncementBannerRecord {
  readonly organizationId: string;
  readonly message: string;
  readonly enabled: boolean;
}

export interface AnnouncementBannerStore {
  /** Undefined as long as nobody has written one. */
  get(organizationId: string): Promise<AnnouncementBannerRecord | undefined>;
  /** Inserts or replaces the organization's row. */
  put(banner: AnnouncementBannerRecord): Promise<void>;
}
