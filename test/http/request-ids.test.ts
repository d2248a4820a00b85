import { describe, expect, it } from "vitest";
import { createRequestIds } from "../../src/http/request-ids.ts";

describe("request ids", () => {
  it("are UUIDs of version 7", () => {
    const next = createRequestIds();
    for (let i = 0; i < 1_000; i++) {
      expect(next()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("begin with the time", () => {
    expect(createRequestIds(() => 0x017f22e279b0)()).toMatch(/^017f22e2-79b0-7/);
    expect(createRequestIds(() => 1)()).toMatch(/^00000000-0001-7/);
  });

  it("differ within a millisecond, and use every bit that is free", () => {
    const next = createRequestIds(() => 1);
    const ids = Array.from({ length: 5_000 }, () => next());
    expect(new Set(ids).size).toBe(ids.length);
    for (const at of [...ids[0]!].keys()) {
      if (at > 14 && at !== 18 && at !== 23) {
        expect(new Set(ids.map((id) => id[at])).size, `position ${at}`).toBe(at === 19 ? 4 : 16);
      }
    }
  });
});
