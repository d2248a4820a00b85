import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimiter, networkOf } from "../../src/lib/rate-limit.ts";

function limiter(limit: { burst: number; perSecond: number; keys?: number }) {
  const clock = { time: 1_000_000, now: () => clock.time };
  return { clock, ...createRateLimiter(clock, { keys: 100, ...limit }) };
}

describe("a rate limiter", () => {
  it("lets a burst pass and then says how long to wait", () => {
    const { take } = limiter({ burst: 3, perSecond: 0.5 });
    expect([take("a"), take("a"), take("a"), take("a"), take("a")]).toEqual([0, 0, 0, 2, 2]);
  });

  it("lets one pass for each that has come back, and no more than a burst", () => {
    const { take, clock } = limiter({ burst: 2, perSecond: 1 });
    take("a");
    take("a");
    clock.time += 1000;
    expect([take("a"), take("a")]).toEqual([0, 1]);
    clock.time += 3_600_000;
    expect([take("a"), take("a"), take("a")]).toEqual([0, 0, 1]);
  });

  it("refuses without making the wait longer", () => {
    const { take, clock } = limiter({ burst: 1, perSecond: 1 });
    take("a");
    for (let i = 0; i < 10; i++) expect(take("a")).toBe(1);
    clock.time += 1000;
    expect(take("a")).toBe(0);
  });

  it("counts every key by itself", () => {
    const { take } = limiter({ burst: 1, perSecond: 1 });
    expect([take("a"), take("b"), take("a"), take("b")]).toEqual([0, 0, 1, 1]);
  });

  it("takes nothing away when the clock is set back", () => {
    const { take, clock } = limiter({ burst: 2, perSecond: 1 });
    take("a");
    clock.time -= 60_000;
    expect([take("a"), take("a")]).toEqual([0, 1]);
  });

  it("forgets the key that called longest ago when there are too many", () => {
    const { take } = limiter({ burst: 1, perSecond: 1, keys: 2 });
    take("a");
    take("b");
    // Refused, but heard: "b" is the quiet one now.
    expect(take("a")).toBe(1);
    take("c");
    expect([take("a"), take("b")]).toEqual([1, 0]);
  });

  it("never lets more than burst and refill pass, whatever the pauses", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 1, maxLength: 200 }), (pauses) => {
        const { take, clock } = limiter({ burst: 5, perSecond: 2 });
        const start = clock.time;
        let passed = 0;
        for (const pause of pauses) {
          clock.time += pause;
          if (take("a") === 0) passed++;
        }
        expect(passed).toBeLessThanOrEqual(5 + ((clock.time - start) / 1000) * 2);
      }),
    );
  });
});

describe("networkOf", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
    ["::1", "0:0:0:0"],
    ["::", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["", ""],
  ])("of %j is %j", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
