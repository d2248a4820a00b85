import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from "node:crypto";

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

/** RFC 7518, section 5.3. */
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** IVs are drawn so many at a time: asking for the bytes takes longer than making them. */
const IVS = 256;

/**
 * Builds a keyring from base64 or base64url keys of exactly 32 bytes, the current one first.
 * @throws Error that says which key is unusable and what would be accepted; it never repeats the key.
 */
export function createKeyring(encodedKeys: readonly string[]): Keyring {
  const keys = encodedKeys.map(parseKey);
  const current = keys[0];
  if (!current) throw new Error("the keyring is empty: give at least one key of 32 bytes in base64");
  const byId = new Map(keys.map((each) => [each.id, each.key]));

  const drawn = Buffer.alloc(IVS * IV_BYTES);
  let used = drawn.length;
  const nextIv = (): Buffer => {
    if (used === drawn.length) {
      randomFillSync(drawn);
      used = 0;
    }
    used += IV_BYTES;
    return drawn.subarray(used - IV_BYTES, used);
  };

  const encrypt = (plaintext: Buffer, purpose: unknown): string => {
    const header = toBase64url(
      Buffer.from(JSON.stringify({ alg: "dir", enc: "A256GCM", kid: current.id, pur: purpose }), "utf8"),
    );
    const iv = nextIv();
    // What node:crypto does at once: WebCrypto would send these few bytes to another thread and back.
    const cipher = createCipheriv(CIPHER, current.key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(header, "ascii"));
    const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    // `dir` has no encrypted key (RFC 7516, section 5.1, step 5).
    return `${header}..${toBase64url(iv)}.${toBase64url(text)}.${toBase64url(cipher.getAuthTag())}`;
  };

  const decrypt = (sealed: string): { plaintext: Buffer; purpose: unknown } => {
    const [header = "", encryptedKey, iv, text, tag, ...more] = sealed.split(".");
    const { alg, enc, kid, pur: purpose, ...others } = parseHeader(header);
    const isOurs = alg === "dir" && enc === "A256GCM" && Object.keys(others).length === 0;
    if (!isOurs || encryptedKey !== "" || more.length > 0) throw new Error("this is not what a keyring has sealed");
    const key = byId.get(kid as string);
    if (!key) throw new Error(`no key ${kid} in the keyring: add the key that sealed this value`);
    const decipher = createDecipheriv(CIPHER, key, fromBase64url(iv), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(header, "ascii"));
    decipher.setAuthTag(fromBase64url(tag));
    return { plaintext: Buffer.concat([decipher.update(fromBase64url(text)), decipher.final()]), purpose };
  };

  return {
    async seal(text, purpose) {
      return encrypt(Buffer.from(text, "utf8"), purpose);
    },

    async open(sealed, expected) {
      const { plaintext, purpose } = decrypt(sealed);
      if (purpose !== expected) throw new Error("a sealed value was found in a place it was not sealed for");
      return plaintext.toString("utf8");
    },

    async reseal(sealed) {
      const { plaintext, purpose } = decrypt(sealed);
      return encrypt(plaintext, purpose);
    },

    isCurrent: (sealed) => parseHeader(sealed.split(".", 1)[0]).kid === current.id,
  };
}

const toBase64url = (bytes: Buffer): string => bytes.toString("base64url");
const fromBase64url = (text = ""): Buffer => Buffer.from(text, "base64url");

/** The members of a JWE header. @throws Error when it is no JSON object. */
function parseHeader(encoded?: string): Readonly<Record<string, unknown>> {
  return JSON.parse(fromBase64url(encoded).toString("utf8"));
}

function parseKey(encoded: string, index: number): { id: string; key: KeyObject } {
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== KEY_BYTES) {
    throw new Error(
      `key ${index + 1} of the keyring has ${bytes.length} bytes: give 32 random bytes in base64, ` +
        "for example from `openssl rand -base64 32`",
    );
  }
  return { id: createHash("sha256").update(bytes).digest("base64url").slice(0, 12), key: createSecretKey(bytes) };
}
