/** The form of the ID tokens that are made for an organization's people. */
export interface OidcConfigRecord {
  readonly organizationId: string;
  readonly version: "v2" | "v3";
  /** Keys that v3 adds to the subject, in order; empty with v2. */
  readonly extraSubFields: readonly string[];
}

export interface OidcConfigStore {
  /** Undefined as long as nobody has chosen. */
  get(organizationId: string): Promise<OidcConfigRecord | undefined>;
  /** Inserts or replaces the organization's row. */
  put(config: OidcConfigRecord): Promise<void>;
}
