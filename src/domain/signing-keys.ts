import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import type { SigningKeyRecord } from "../storage/storage.ts";
import type { Environment } from "./environment.ts";

/** The public half of a key, as a JSON Web Key (RFC 7517). */
export type PublicKey = SigningKeyRecord["publicJwk"];

/** How tokens are signed: ECDSA with P-256 and SHA-256 (RFC 7518, section 3.4). */
export const SIGNING_ALGORITHM = "ES256";

/** How long a token that a key has signed can be good, in milliseconds. */
export const SIGNED_LIFETIME_MS = 10 * 60_000;

/** How long anybody may keep the published keys, in seconds. */
export const PUBLISHED_MAX_AGE = 15 * 60;

const DAY_MS = 86_400_000;

/**
 * How long a key is published before it signs: much longer than {@link PUBLISHED_MAX_AGE}, because some who verify ask for
 * the keys once a day, whatever the answer says.
 */
const PUBLICATION_MS = DAY_MS;

/** How long a key is published after the last token that it has signed ran out: the clocks of processes differ. */
const GRACE_MS = 60 * 60_000;

/** Held by whoever changes the keys: of several processes that find a rotation due, one makes it. */
const LOCK = "signing keys";

type Needs = Pick<Environment, "storage" | "keyring" | "clock"> & {
  readonly settings: Pick<Environment["settings"], "idTokenKeyDays">;
};

/**
 * The keys that sign ID tokens. Every process signs with the same ones, out of the database. There is always one key without
 * an end. When it is old enough a new one is made and published beside it, which signs a day later; the old one then stays
 * published until everything that it has signed ran out. So whoever keeps the published keys for as long as they may, or
 * for a day, never meets a token of a key that they do not know.
 */
export function createSigningKeys({ storage, keyring, clock, settings }: Needs) {
  let opened: { readonly id: string; readonly key: CryptoKey } | undefined;

  function isDue(keys: readonly SigningKeyRecord[], now: number): boolean {
    const newest = keys.find(({ retiredAt }) => retiredAt === undefined);
    return !newest || newest.createdAt + settings.idTokenKeyDays * DAY_MS <= now;
  }

  async function makeKey(): Promise<Pick<SigningKeyRecord, "id" | "publicJwk" | "sealedPrivateKey">> {
    const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
    const jwk = await exportJWK(publicKey);
    const id = await calculateJwkThumbprint(jwk);
    const sealedPrivateKey = await keyring.seal(JSON.stringify(await exportJWK(privateKey)), signingKeyPurpose(id));
    return { id, sealedPrivateKey, publicJwk: { ...jwk, kid: id, alg: SIGNING_ALGORITHM, use: "sig" } };
  }

  async function rotateIfDue(): Promise<boolean> {
    const key = await makeKey();
    return storage.write(async (records) => {
      await records.locks.hold(LOCK);
      const now = clock.now();
      await records.signingKeys.deleteRetired(now);
      const keys = await records.signingKeys.list();
      if (!isDue(keys, now)) return false;
      // The first one signs at once: nobody has seen the keys without it.
      const activeAt = keys.length === 0 ? now : now + PUBLICATION_MS;
      await records.signingKeys.retire(activeAt + SIGNED_LIFETIME_MS + GRACE_MS);
      await records.signingKeys.insert({ ...key, createdAt: now, activeAt, retiredAt: undefined });
      return true;
    });
  }

  /** The keys, of which one can sign. */
  async function list(): Promise<readonly SigningKeyRecord[]> {
    const keys = await storage.read.signingKeys.list();
    if (!isDue(keys, clock.now())) return keys;
    await rotateIfDue();
    return storage.read.signingKeys.list();
  }

  async function open({ id, sealedPrivateKey }: SigningKeyRecord): Promise<CryptoKey> {
    if (opened?.id === id) return opened.key;
    const jwk = JSON.parse(await keyring.open(sealedPrivateKey, signingKeyPurpose(id)));
    const key = (await importJWK(jwk, SIGNING_ALGORITHM)) as CryptoKey;
    opened = { id, key };
    return key;
  }

  return {
    /** What is published: keys that sign, that will sign, and that have signed what may still be good. The oldest first. */
    async listPublic(): Promise<readonly PublicKey[]> {
      const keys = await list();
      const now = clock.now();
      return keys.filter(({ retiredAt = Number.POSITIVE_INFINITY }) => retiredAt > now).map((key) => key.publicJwk);
    },

    /** Signs claims (RFC 7519) with the current key, which the header names. */
    async sign(claims: JWTPayload): Promise<string> {
      const key = currentOf(await list(), clock.now());
      return new SignJWT(claims)
        .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: "JWT", kid: key.id })
        .sign(await open(key));
    },

    /**
     * Makes the next key when it is time for it, and deletes those that have ended. Any process may call it at any time:
     * the keys are looked after whenever they are used, so this is for the times when they are not.
     * @returns whether it made one.
     */
    async rotate(): Promise<boolean> {
      const keys = await storage.read.signingKeys.list();
      const now = clock.now();
      const ended = keys.some(({ retiredAt = Number.POSITIVE_INFINITY }) => retiredAt <= now);
      return (isDue(keys, now) || ended) && rotateIfDue();
    },

    /**
     * Replaces every key by a new one that signs at once: for a key that somebody may have got hold of, and for one that
     * cannot be opened any more. What the old ones have signed is not good any more for whoever asks for the keys anew.
     */
    async replace(): Promise<PublicKey> {
      const key = await makeKey();
      await storage.write(async (records) => {
        await records.locks.hold(LOCK);
        const now = clock.now();
        await records.signingKeys.retire(now);
        await records.signingKeys.deleteRetired(Number.MAX_SAFE_INTEGER);
        await records.signingKeys.insert({ ...key, createdAt: now, activeAt: now, retiredAt: undefined });
      });
      return key.publicJwk;
    },
  };
}

export type SigningKeys = ReturnType<typeof createSigningKeys>;

/** What a sealed private key is bound to. */
function signingKeyPurpose(id: string): string {
  return `signing_key/${id}/private_key`;
}

/** The newest key that may sign; a process whose clock is behind that of the one which made the first key takes that. */
function currentOf(keys: readonly SigningKeyRecord[], now: number): SigningKeyRecord {
  const current = keys.findLast(({ activeAt }) => activeAt <= now) ?? keys[0];
  if (!current) throw new Error("there is no signing key, although one was just made");
  return current;
}
