import { describe, expect, it } from "vitest";
import { later } from "../../src/lib/later.ts";

describe("what is made later", () => {
  it("is made once, by the first who asks", async () => {
    let times = 0;
    const number = later(async () => ++times);
    expect(number.made).toBeUndefined();
    expect(times).toBe(0);
    expect(await Promise.all([number.get(), number.get()])).toEqual([1, 1]);
    expect(number.made).toBe(1);
    expect(await number.get()).toBe(1);
  });

  it("is tried again after a failure", async () => {
    let times = 0;
    const number = later(async () => {
      if (++times === 1) throw new Error("not yet");
      return times;
    });
    await expect(number.get()).rejects.toThrow("not yet");
    expect(number.made).toBeUndefined();
    expect(await number.get()).toBe(2);
  });
});
