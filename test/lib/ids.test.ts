import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalUuid, newId, newSecretId } from "../../src/lib/ids.ts";

describe("newId", () => {
  it("makes UUIDs of version 7 that only grow", () => {
    const ids = Array.from({ length: 20_000 }, newId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("counts the ids of a millisecond, and draws the rest", () => {
    const ids = Array.from({ length: 20_000 }, newId);
    expect(new Set(ids.map((id) => id.slice(0, 18))).size).toBe(ids.length);
    for (let at = 19; at < 36; at++) {
      if (at !== 23) expect(new Set(ids.map((id) => id[at])).size, `position ${at}`).toBe(at === 19 ? 4 : 16);
    }
  });

  it("begins with the time in milliseconds", () => {
    const before = Date.now();
    const time = Number.parseInt(newId().replaceAll("-", "").slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });
});

describe("newSecretId", () => {
  it("makes UUIDs of version 4, which tell nothing of each other", () => {
    const ids = Array.from({ length: 1000 }, newSecretId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.slice(0, 8))).size).toBeGreaterThan(990);
  });
});

describe("canonicalUuid", () => {
  it("folds the case of any version", () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(canonicalUuid(uuid.toUpperCase())).toBe(uuid);
        expect(canonicalUuid(uuid)).toBe(uuid);
      }),
    );
    expect(canonicalUuid("00000000-0000-0000-0000-000000000000")).toBe("00000000-0000-0000-0000-000000000000");
  });

  it.each([
    "",
    "acme",
    "{01890000-0000-7000-8000-000000000000}",
    "01890000-0000-7000-8000-00000000000g",
    "01890000000070008000000000000000",
    "01890000-0000-7000-8000-000000000000\n",
  ])("knows that %j is none", (text) => {
    expect(canonicalUuid(text)).toBeUndefined();
  });
});
