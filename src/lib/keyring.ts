import { createHash } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";

/**
 * Seals secrets before they reach storage: JWE compact serialization (RFC 7516) with `dir` and A256GCM, the key named by
 * `kid`. The first key seals, every key opens, so that a key can be rotated without a flag day.
 */
export interface Keyring {
  /** Seals a text. `purpose` is authenticated with it: a sealed value moved to another place does not open there. */
  seal(text: string, purpose: string): Promise<string>;
  /** Opens what {@link seal} made. Throws when no key fits, the purpose differs or a bit was changed. */
  open(sealed: string, purpose: string): Promise<string>;
  /**
   * Seals what a sealed value holds with the current key, for the purpose that it has. Throws when no key fits or a bit was
   * changed.
   */
  reseal(sealed: string): Promise<string>;
  /** Whether the value is sealed with the current (first) key. */
  isCurrent(sealed: string): boolean;
}

const KEY_BYTES = 32;

/**
 * Builds a keyring from base64 or base64url keys of exactly 32 bytes, the current one first.
 * @throws Error that says which key is unusable and what would be accepted; it never repeats the key.
 */
export function createKeyring(encodedKeys: readonly string[]): Keyring {
  const keys = encodedKeys.map(parseKey);
  const current = keys[0];
  if (!current) throw new Error("the keyring is empty: give at least one key of 32 bytes in base64");
  const byId = new Map(keys.map((key) => [key.id, key.bytes]));

  const encrypt = (plaintext: Uint8Array, purpose: unknown) =>
    new CompactEncrypt(plaintext)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: current.id, pur: purpose })
      .encrypt(current.bytes);

  const decrypt = (sealed: string) =>
    compactDecrypt(
      sealed,
      (header) => {
        const key = header?.kid === undefined ? undefined : byId.get(header.kid);
        if (!key) throw new Error(`no key ${header?.kid} in the keyring: add the key that sealed this value`);
        return key;
      },
      { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] },
    );

  return {
    seal: (text, purpose) => encrypt(Buffer.from(text, "utf8"), purpose),

    async open(sealed, purpose) {
      const { plaintext, protectedHeader } = await decrypt(sealed);
      if (protectedHeader.pur !== purpose) throw new Error("a sealed value was found in a place it was not sealed for");
      return Buffer.from(plaintext).toString("utf8");
    },

    async reseal(sealed) {
      const { plaintext, protectedHeader } = await decrypt(sealed);
      return encrypt(plaintext, protectedHeader.pur);
    },

    isCurrent(sealed) {
      const header = JSON.parse(Buffer.from(sealed.split(".", 1)[0] ?? "", "base64url").toString("utf8"));
      return header.kid === current.id;
    },
  };
}

function parseKey(encoded: string, index: number): { id: string; bytes: Uint8Array } {
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== KEY_BYTES) {
    throw new Error(
      `key ${index + 1} of the keyring has ${bytes.length} bytes: give 32 random bytes in base64, ` +
        "for example from `openssl rand -base64 32`",
    );
  }
  return { id: createHash("sha256").update(bytes).digest("base64url").slice(0, 12), bytes: new Uint8Array(bytes) };
}
