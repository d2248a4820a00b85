/** What the last sign-in through a configuration received. */
export interface ReceivedClaimsRecord {
  readonly ssoConfigurationId: string;
  readonly organizationId: string;
  /** Sealed by the keyring. */
  readonly sealed: string;
  readonly receivedAt: number;
}

export interface ReceivedClaimsStore {
  /** The configuration's row, or undefined. */
  get(organizationId: string, ssoConfigurationId: string): Promise<ReceivedClaimsRecord | undefined>;
  /** Inserts or replaces the configuration's row. */
  put(claims: ReceivedClaimsRecord): Promise<void>;
  /** Deletes what was received before the time, and says how many. */
  deleteReceivedBefore(time: number): Promise<number>;
}
