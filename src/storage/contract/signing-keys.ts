/** A key pair that signs ID tokens. It belongs to no organization: every process of the service signs with it. */
export interface SigningKeyRecord {
  /** Thumbprint of the public key (RFC 7638): the `kid` of the tokens. */
  readonly id: string;
  /** The private key as a JSON Web Key; sealed by the keyring. */
  readonly sealedPrivateKey: string;
  /** The public key as a JSON Web Key. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  /** From when on it signs: by then everybody who verifies has seen it. */
  readonly activeAt: number;
  /** From when on nothing that it signed is good any more; undefined as long as no other key follows it. */
  readonly retiredAt: number | undefined;
}

export interface SigningKeyStore {
  /** Every key, the oldest first. */
  list(): Promise<readonly SigningKeyRecord[]>;
  /** @throws DuplicateError when the id exists. */
  insert(key: SigningKeyRecord): Promise<void>;
  /** Sets the end of every key that has none. */
  retire(retiredAt: number): Promise<void>;
  /** Deletes keys that were retired before `now` or at that moment, and says how many. */
  deleteRetired(now: number): Promise<number>;
}
