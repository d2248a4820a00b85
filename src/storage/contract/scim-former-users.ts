/** Whom a configuration kept once: a user who was deleted is the same person when they come again. */
export interface FormerScimUser {
  readonly scimConfigurationId: string;
  readonly userNameFolded: string;
  readonly externalId: string | undefined;
  readonly accountId: string;
  readonly endedAt: number;
}

export interface ScimFormerUserStore {
  /** Notes whom a configuration kept; a former one with the same userName is forgotten. */
  put(former: FormerScimUser): Promise<void>;
  /** Those with this userName or externalId, the latest first. */
  find(
    scimConfigurationId: string,
    userNameFolded: string,
    externalId: string | undefined,
  ): Promise<readonly FormerScimUser[]>;
}
