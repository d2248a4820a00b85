import { randomBytes } from "node:crypto";
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSecrets } from "../../src/domain/secrets.ts";
import { createSigningKeys, PUBLISHED_MAX_AGE, SIGNED_LIFETIME_MS } from "../../src/domain/signing-keys.ts";
import { createKeyring, type Keyring } from "../../src/lib/keyring.ts";
import { startTestServer, TestClock, type TestServer } from "../support/server.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";

const DAY = 86_400_000;
const KEY_DAYS = 30;
const newKey = () => randomBytes(32).toString("base64");

describe.each(ENGINES)("signing keys, on %s", (engine) => {
  let database: TestDatabase;
  let clock: TestClock;
  const [oldKey, otherKey] = [newKey(), newKey()];

  beforeEach(async () => {
    database = await createDatabase(engine);
    clock = new TestClock();
  });
  afterEach(() => database.drop());

  /** A process of the service. */
  async function open(keys: readonly string[] = [oldKey], skew = 0) {
    const storage = await database.open();
    const keyring: Keyring = createKeyring(keys);
    const skewed = { now: () => clock.now() + skew };
    const environment = { storage, keyring, clock: skewed, settings: { idTokenKeyDays: KEY_DAYS } };
    return { ...environment, signingKeys: createSigningKeys(environment) };
  }

  type Process = Awaited<ReturnType<typeof open>>;
  const kidsOf = async ({ signingKeys }: Process) => (await signingKeys.listPublic()).map(({ kid }) => kid);
  const signerOf = async ({ signingKeys }: Process) =>
    decodeProtectedHeader(await signingKeys.sign({ sub: "somebody" })).kid;

  it("makes the first one when it is needed, which signs at once and can be verified", async () => {
    const one = await open();
    expect(await one.storage.read.signingKeys.list()).toEqual([]);
    const token = await one.signingKeys.sign({ sub: "somebody" });
    const keys = await one.signingKeys.listPublic();
    expect(keys).toEqual([
      {
        kty: "EC",
        crv: "P-256",
        alg: "ES256",
        use: "sig",
        kid: expect.stringMatching(/^[\w-]{43}$/),
        x: expect.stringMatching(/^[\w-]{43}$/),
        y: expect.stringMatching(/^[\w-]{43}$/),
      },
    ]);
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet({ keys } as unknown as JSONWebKeySet),
    );
    expect(payload).toEqual({ sub: "somebody" });
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: keys[0]?.kid });
  });

  it("shows the first one to whoever asks before anything was signed", async () => {
    const one = await open();
    const [kid] = await kidsOf(one);
    expect(await signerOf(one)).toBe(kid);
  });

  it("is one key for all processes, however many begin at once", async () => {
    const processes = await Promise.all([open(), open(), open()]);
    const signers = await Promise.all(Array.from({ length: 12 }, (_, i) => signerOf(processes[i % 3] as Process)));
    expect(new Set(signers).size).toBe(1);
    expect(await kidsOf(processes[0])).toEqual([signers[0]]);
  });

  it("never stores a private key in the open", async () => {
    const one = await open();
    await one.signingKeys.sign({});
    const [stored] = await one.storage.read.signingKeys.list();
    const sealed = stored?.sealedPrivateKey ?? "";
    const jwk = JSON.parse(await one.keyring.open(sealed, `signing_key/${stored?.id}/private_key`));
    expect(jwk).toMatchObject({ kty: "EC", d: expect.any(String) });
    const rows = JSON.stringify(await database.execute("select * from signing_keys"));
    expect(rows).toContain(sealed);
    expect(rows).not.toContain(jwk.d);
    await expect(one.keyring.open(sealed, "another purpose")).rejects.toThrow();
  });

  it("is published before it signs, and for as long as what it has signed is good", async () => {
    const one = await open();
    const two = await open();
    const first = await signerOf(one);
    clock.advance(KEY_DAYS * DAY - 60_000);
    expect(await kidsOf(two)).toEqual([first]);

    clock.advance(60_000);
    const [, second] = await kidsOf(two);
    expect(await kidsOf(one)).toEqual([first, second]);
    const publishedAt = clock.now();
    expect(await signerOf(one)).toBe(first);
    clock.advance(PUBLISHED_MAX_AGE * 1000);
    expect(await signerOf(two)).toBe(first);

    while ((await signerOf(one)) === first) clock.advance(60_000);
    expect(clock.now() - publishedAt).toBeGreaterThanOrEqual(DAY);
    expect(await signerOf(two)).toBe(second);
    expect(await kidsOf(one)).toEqual([first, second]);
    clock.advance(SIGNED_LIFETIME_MS);
    expect(await kidsOf(two)).toEqual([first, second]);
    clock.advance(DAY);
    expect(await kidsOf(two)).toEqual([second]);
  });

  it("is rotated once by processes that all find it due", async () => {
    const processes = await Promise.all([open(), open(), open()]);
    await signerOf(processes[0]);
    for (let rotation = 1; rotation <= 3; rotation++) {
      clock.advance(KEY_DAYS * DAY);
      const made = await Promise.all(processes.map(({ signingKeys }) => signingKeys.rotate()));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await kidsOf(processes[0])).toHaveLength(2);
    }
  });

  it("is rotated and cleaned up although nobody signs or asks", async () => {
    const one = await open();
    const stored = async () => (await one.storage.read.signingKeys.list()).map(({ id }) => id);
    expect(await one.signingKeys.rotate()).toBe(true);
    const [first] = await stored();
    expect(await one.signingKeys.rotate()).toBe(false);
    clock.advance(KEY_DAYS * DAY);
    expect(await one.signingKeys.rotate()).toBe(true);
    expect(await stored()).toEqual([first, expect.any(String)]);
    clock.advance(2 * DAY);
    expect(await one.signingKeys.rotate()).toBe(false);
    expect(await stored()).toEqual([expect.not.stringMatching(first as string)]);
  });

  it("signs in a process whose clock is behind", async () => {
    const [ahead, behind] = [await open(), await open([oldKey], -60_000)];
    expect(await signerOf(behind)).toBe(await signerOf(ahead));
    clock.advance(KEY_DAYS * DAY);
    await ahead.signingKeys.rotate();
    clock.advance(DAY);
    const [first, second] = await kidsOf(ahead);
    expect(await signerOf(ahead)).toBe(second);
    expect(await signerOf(behind)).toBe(first);
  });

  it("is sealed anew with the keyring's current key, and goes on", async () => {
    const before = await open();
    const signer = await signerOf(before);
    const during = await open([otherKey, oldKey]);
    const secrets = createSecrets(during as never);
    expect(await secrets.reseal()).toEqual({ total: 1, resealed: 1 });
    expect(await secrets.reseal()).toEqual({ total: 1, resealed: 0 });
    const after = await open([otherKey]);
    expect(await signerOf(after)).toBe(signer);
    await expect(signerOf(await open())).rejects.toThrow("keyring");
  });

  it("is replaced at once when somebody else may have it, or nobody can open it", async () => {
    const lost = await open();
    const before = await signerOf(lost);
    clock.advance(KEY_DAYS * DAY);
    await lost.signingKeys.rotate();
    const one = await open([otherKey]);
    await expect(signerOf(one)).rejects.toThrow("keyring");
    const { kid } = await one.signingKeys.replace();
    const after = await signerOf(one);
    expect(after).toBe(kid);
    expect(after).not.toBe(before);
    expect(await kidsOf(one)).toEqual([after]);
  });
});

describe("the app", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer("sqlite", { env: { ID_TOKEN_KEY_DAYS: "2" } });
  });
  afterAll(() => server.close());

  it("rotates as often as ID_TOKEN_KEY_DAYS says", async () => {
    const { signingKeys } = server.app.domain;
    await signingKeys.sign({});
    server.clock.advance(2 * DAY - 60_000);
    expect(await signingKeys.listPublic()).toHaveLength(1);
    server.clock.advance(60_000);
    expect(await signingKeys.listPublic()).toHaveLength(2);
  });
});
