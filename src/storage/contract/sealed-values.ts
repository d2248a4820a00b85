import type { Page, PageRequest } from "./common.ts";

/** Every column that holds what the keyring has sealed, as `table.column`. A test finds sealed values in any other. */
export const SEALED_COLUMNS = [
  "sso_configurations.client_secret",
  "pending_sign_ins.sealed",
  "received_claims.sealed",
  "test_sign_ins.sealed_draft",
  "test_sign_ins.sealed_result",
  "signing_keys.sealed_private_key",
] as const;

/** A column of {@link SEALED_COLUMNS}. */
export type SealedColumn = (typeof SEALED_COLUMNS)[number];

/** One sealed value. */
export interface SealedValue {
  /** Which row it stands in. */
  readonly key: string;
  readonly sealed: string;
}

/** What is sealed, whichever noun and organization it belongs to: for sealing it anew. */
export interface SealedValueStore {
  /** The values of a column in the order of their keys; rows without one are left out. */
  list(column: SealedColumn, page: PageRequest): Promise<Page<SealedValue>>;
  /**
   * Puts another text in the place of a value, unless the place holds something else by now.
   * @returns whether it was replaced.
   */
  replace(column: SealedColumn, value: SealedValue, sealed: string): Promise<boolean>;
}
