import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { CompactEncrypt, compactDecrypt } from "jose";
import { describe, expect, it } from "vitest";
import { createKeyring } from "../../src/lib/keyring.ts";

const newKey = () => randomBytes(32).toString("base64");
/** The message of what the work throws. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

const PURPOSE = "sso_configuration/1/client_secret";

/** "the secret – 秘密" for {@link PURPOSE}, sealed through jose with a key of 32 times the letter k. */
const GOLDEN =
  "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiWGpHUGpQbkw0a21qIiwicHVyIjoic3NvX2NvbmZpZ3VyYXRpb24vMS9jbGllbnRfc2VjcmV0In0..D9V0TfzVmhafkn_0.60eupQP866S8xc4fzSVilfFHT8xO.2EtPXqEAZwhRvZBmL4Sq3A";

describe("a keyring", () => {
  it("seals the same text with another IV each time", async () => {
    const keyring = createKeyring([newKey()]);
    const sealed = await Promise.all(Array.from({ length: 2_000 }, () => keyring.seal("the secret", PURPOSE)));
    const ivs = sealed.map((value) => value.split(".")[2] as string);
    expect(new Set(ivs).size).toBe(ivs.length);
    for (let at = 0; at < 16; at++) expect(new Set(ivs.map((iv) => iv[at])).size, `position ${at}`).toBe(64);
  });

  it("opens what it sealed, whatever it is", async () => {
    const keyring = createKeyring([newKey()]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const sealed = await keyring.seal(text, PURPOSE);
        expect(await keyring.open(sealed, PURPOSE)).toBe(text);
        expect(keyring.isCurrent(sealed)).toBe(true);
      }),
    );
  });

  it("seals the same text differently each time, and shows nothing of it", async () => {
    const keyring = createKeyring([newKey()]);
    const sealed = await Promise.all(Array.from({ length: 100 }, () => keyring.seal("the secret", PURPOSE)));
    expect(new Set(sealed).size).toBe(100);
    for (const each of sealed) {
      expect(each).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(
        each
          .split(".")
          .map((part) => Buffer.from(part, "base64url").toString())
          .join(),
      ).not.toContain("the secret");
    }
  });

  it("opens nothing for another purpose", async () => {
    const keyring = createKeyring([newKey()]);
    const sealed = await keyring.seal("the secret", PURPOSE);
    await expect(keyring.open(sealed, "sso_configuration/2/client_secret")).rejects.toThrow(/not sealed for/);
  });

  it("opens nothing in which a character was changed", async () => {
    const keyring = createKeyring([newKey()]);
    const sealed = await keyring.seal("the secret of some length", PURPOSE);
    const bytes = (text: string) => Buffer.from(text, "base64url").toString("hex");
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom("A", "B", "."), async (at, character) => {
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        // The last character of a part may hold bits that nobody reads.
        const same =
          changed.split(".").length === 5 &&
          changed.split(".").map(bytes).join() === sealed.split(".").map(bytes).join();
        if (!same) await expect(keyring.open(changed, PURPOSE)).rejects.toThrow();
      }),
    );
  });

  it("seals in the format of RFC 7516, so that others open it, and opens what they have sealed for its purpose", async () => {
    const key = randomBytes(32);
    const keyring = createKeyring([key.toString("base64")]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), async (text, purpose) => {
        const { plaintext, protectedHeader } = await compactDecrypt(await keyring.seal(text, purpose), key);
        expect(Buffer.from(plaintext).toString()).toBe(text);
        expect(protectedHeader).toEqual({ alg: "dir", enc: "A256GCM", kid: expect.any(String), pur: purpose });
        const theirs = await new CompactEncrypt(Buffer.from(text)).setProtectedHeader(protectedHeader).encrypt(key);
        expect(await keyring.open(theirs, purpose)).toBe(text);
        expect(keyring.isCurrent(theirs)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("opens what earlier versions have sealed", async () => {
    const keyring = createKeyring([Buffer.alloc(32, "k").toString("base64")]);
    expect(await keyring.open(GOLDEN, PURPOSE)).toBe("the secret – 秘密");
  });

  it.each([{ alg: "A256GCMKW" }, { enc: "A128GCM" }, { zip: "DEF" }, { crit: ["b64"], b64: true }])(
    "opens nothing whose header says something else: %j",
    async (other) => {
      const keyring = createKeyring([newKey()]);
      const [header, ...rest] = (await keyring.seal("the secret", PURPOSE)).split(".");
      const members = JSON.parse(Buffer.from(header ?? "", "base64url").toString());
      const changed = Buffer.from(JSON.stringify({ ...members, ...other })).toString("base64url");
      const opening = keyring.open([changed, ...rest].join("."), PURPOSE);
      await expect(opening).rejects.toThrow("not what a keyring has sealed");
    },
  );

  it("opens no seal that was cut short", async () => {
    const keyring = createKeyring([newKey()]);
    const [header, key, iv, text, tag = ""] = (await keyring.seal("the secret", PURPOSE)).split(".");
    const short = Buffer.from(tag, "base64url").subarray(0, 4).toString("base64url");
    for (const end of [[short], [""], [], [tag, ""]]) {
      await expect(keyring.open([header, key, iv, text, ...end].join("."), PURPOSE)).rejects.toThrow();
    }
  });

  it("opens what an older key sealed, and seals with the first", async () => {
    const [older, current] = [newKey(), newKey()];
    const sealed = await createKeyring([older]).seal("the secret", PURPOSE);
    const rotated = createKeyring([current, older]);
    expect(await rotated.open(sealed, PURPOSE)).toBe("the secret");
    expect(rotated.isCurrent(sealed)).toBe(false);
    const resealed = await rotated.reseal(sealed);
    expect(rotated.isCurrent(resealed)).toBe(true);
    expect(rotated.isCurrent(await rotated.seal("the secret", PURPOSE))).toBe(true);
    expect(await createKeyring([current]).open(resealed, PURPOSE)).toBe("the secret");
    await expect(createKeyring([older]).open(resealed, PURPOSE)).rejects.toThrow(/add the key that sealed this value/);
    await expect(createKeyring([older]).reseal(resealed)).rejects.toThrow(/add the key that sealed this value/);
    await expect(rotated.open(resealed, `${PURPOSE} of another`)).rejects.toThrow("not sealed for");
  });

  it("takes keys in base64 and base64url", async () => {
    const key = randomBytes(32);
    const sealed = await createKeyring([key.toString("base64")]).seal("x", PURPOSE);
    expect(await createKeyring([key.toString("base64url")]).open(sealed, PURPOSE)).toBe("x");
  });

  it.each([
    [[], /at least one key of 32 bytes/],
    [[""], /key 1 of the keyring has 0 bytes/],
    [[randomBytes(16).toString("base64")], /key 1 of the keyring has 16 bytes/],
    [[newKey(), randomBytes(33).toString("base64")], /key 2 of the keyring has 33 bytes/],
  ])("is not made of keys that are too few, short or long", (keys, says) => {
    const message = refusal(() => createKeyring(keys));
    expect(message).toMatch(says);
    for (const key of keys.filter((each) => each !== "")) expect(message).not.toContain(key);
  });
});
